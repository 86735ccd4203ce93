"""How much information two views share, measured on documents that neither the encoder nor the critic has seen."""
