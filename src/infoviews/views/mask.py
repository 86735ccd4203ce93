"""Two copies of a sentence, each with tokens hidden behind [MASK] at random (Devlin and others, 2019, as a view)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from infoviews.contracts import Corpus, Pairs, Ragged
from infoviews.views.materials import word_pieces

DIAL = "rate"
CITATION = "Devlin, Chang, Lee and Toutanova (2019), BERT, NAACL: its token masking, used here to make views"
SWEEP = (0.0, 0.2, 0.4, 0.6, 0.8)
REFUSED = 1.0


@dataclass(frozen=True)
class Params:
    """``rate``: chance that a token is masked in a view, at least 0 and below 1."""

    rate: float

    def __post_init__(self) -> None:
        if not 0 <= self.rate < 1:
            raise ValueError(f"mask: rate is {self.rate}; it must be at least 0 and below 1")


def draw(corpus: Corpus, anchors: np.ndarray, rng: np.random.Generator, params: Params) -> Pairs:
    """The anchor sentence twice, tokens masked independently."""
    rows = corpus.sentences.take(anchors)
    mask = word_pieces.tokenizer(corpus.folder).mask_token_id
    first, second = (
        Ragged(np.where(rng.random(len(rows.ids)) < params.rate, mask, rows.ids).astype(rows.ids.dtype), rows.offsets)
        for _ in range(2)
    )
    return Pairs((first, second), anchors)
