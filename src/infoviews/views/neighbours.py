"""A sentence and the one some places after it: Quick-Thoughts, and CPC over sentences."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from infoviews.contracts import Corpus, Pairs

DIAL = "step"
CITATION = "Logeswaran and Lee (2018), Quick-Thoughts, ICLR; van den Oord, Li and Vinyals (2018), CPC, arXiv:1807.03748"
SWEEP = (1, 4, 12)
REFUSED = 0


@dataclass(frozen=True)
class Params:
    """``step``: how many sentences later the second view is, at least 1."""

    step: int

    def __post_init__(self) -> None:
        if self.step < 1:
            raise ValueError(f"neighbours: step is {self.step}; it must be at least 1")


def draw(corpus: Corpus, anchors: np.ndarray, rng: np.random.Generator, params: Params) -> Pairs:
    """The anchor sentence and its ``step``-th next; anchors too near the end of their document are skipped."""
    kept = anchors[anchors + params.step < corpus.documents[corpus.document_of(anchors) + 1]]
    return Pairs((corpus.sentences.take(kept), corpus.sentences.take(kept + params.step)), kept)
