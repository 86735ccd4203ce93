"""The one training loop, used by base encoders and by contrastive pretraining."""
