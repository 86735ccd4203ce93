"""The bag of words under a fixed random map (Johnson & Lindenstrauss 1984): no training, no order, no context."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from infoviews.bases._materials import Materials
from infoviews.encoders.static import StaticEncoder

CITATION = "Wieting & Kiela 2019, No training required: exploring random encoders, arXiv:1901.10444"


@dataclass(frozen=True)
class Params:
    """``dimension`` of the map; at or above the size of the vocabulary nothing of the bag of words is lost."""

    dimension: int = 512

    def __post_init__(self) -> None:
        if self.dimension < 1:
            raise ValueError(f"dimension must be at least 1; given {self.dimension}")


def static(params: Params) -> bool:
    """Whether it holds word vectors alone, with nothing to pretrain."""
    return True


def build(params: Params, materials: Materials) -> tuple[StaticEncoder, dict[str, Any]]:
    """Static Gaussian vectors, one a token, averaged over a sentence."""
    tokenizer = materials.tokenizer()
    vectors = np.random.default_rng(materials.seed).normal(size=(len(tokenizer), params.dimension))
    return StaticEncoder((vectors / np.sqrt(params.dimension)).astype(np.float32), tokenizer), {}
