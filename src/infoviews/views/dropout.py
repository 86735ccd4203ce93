"""Twice the same text, told apart only by the encoder's dropout: SimCSE (Gao, Yao and Chen, EMNLP 2021)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from infoviews.contracts import Corpus, Pairs

DIAL = "rate"
CITATION = "Gao, Yao and Chen (2021), SimCSE: Simple Contrastive Learning of Sentence Embeddings, EMNLP"
SWEEP = (0.0, 0.1, 0.3, 0.5)
REFUSED = 1.0


@dataclass(frozen=True)
class Params:
    """``rate``: dropout of the encoder while it trains on these pairs, at least 0 and below 1."""

    rate: float

    def __post_init__(self) -> None:
        if not 0 <= self.rate < 1:
            raise ValueError(f"dropout: rate is {self.rate}; it must be at least 0 and below 1")


def draw(corpus: Corpus, anchors: np.ndarray, rng: np.random.Generator, params: Params) -> Pairs:
    """The anchor sentence as both views; the dial acts in the encoder, through ``facts``."""
    sentences = corpus.sentences.take(anchors)
    return Pairs((sentences, sentences), anchors)


def facts(corpus: Corpus, params: Params) -> dict[str, Any]:
    """The dropout rate that pretraining must use."""
    return {"dropout": params.rate}
