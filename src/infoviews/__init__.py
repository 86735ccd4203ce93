"""How much information should two views of a text share? A study of contrastive sentence embeddings."""
