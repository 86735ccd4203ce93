"""Encoders that know nothing of language beyond word identity: what any trained encoder must beat."""

from __future__ import annotations

import zlib

import numpy as np
import torch

from infoviews.contracts import Encode
from infoviews.encoders.encoder import Encoder
from infoviews.encoders.static import StaticEncoder

DIMENSION = 2048
"""Columns of the hashed bag of words."""


def bag_of_words(texts: list[str]) -> np.ndarray:
    """Counts of lower-cased words hashed to columns (Weinberger et al., 2009), float32 (n, DIMENSION)."""
    counts = np.zeros((len(texts), DIMENSION), dtype=np.float32)
    for row, text in enumerate(texts):
        for word in text.lower().split():
            counts[row, zlib.crc32(word.encode()) % DIMENSION] += 1
    return counts


def random_projection(dimension: int = 384, seed: int = 0) -> Encode:
    """Mean of random word vectors, one per distinct word, (n, dimension): BOREP's untrained floor with random words.

    A word's vector is drawn from a seed made of the word, so it is the same in every run.
    """
    known: dict[str, np.ndarray] = {}

    def vector(word: str) -> np.ndarray:
        if word not in known:
            rng = np.random.default_rng([seed, *word.encode()])
            known[word] = rng.normal(size=dimension).astype(np.float32)
        return known[word]

    def encode(texts: list[str]) -> np.ndarray:
        out = np.zeros((len(texts), dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            words = text.lower().split()
            if words:
                out[row] = np.mean([vector(word) for word in words], 0)
        return out

    return encode


def reinitialised(encoder: Encoder | StaticEncoder, seed: int = 0) -> Encoder:
    """The same transformer with fresh random weights: same shape, tokenizer and pooling, nothing learnt.

    Raises:
        ValueError: the encoder has no transformer.
    """
    if not isinstance(encoder, Encoder):
        raise ValueError(f"a random transformer takes its shape from one; given a {type(encoder).__name__}")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        for module in encoder.backbone.modules():
            if isinstance(module, torch.nn.LayerNorm):
                module.reset_parameters()
            elif isinstance(module, (torch.nn.Linear, torch.nn.Embedding)):
                torch.nn.init.normal_(module.weight, std=0.02)
                if isinstance(module, torch.nn.Linear) and module.bias is not None:
                    torch.nn.init.zeros_(module.bias)
    return encoder
