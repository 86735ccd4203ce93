"""Evaluation protocols: how a classifier is chosen and scored on frozen embeddings."""
