"""Two windows of one sentence: random cropping carried over from images (Wu and others, 2020, CLEAR: span deletion)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from infoviews.contracts import Corpus, Pairs, Ragged
from infoviews.views.materials import word_pieces

DIAL = "kept"
CITATION = "Wu, Wang, Gu, Khabsa, Sun and Ma (2020), CLEAR: Contrastive Learning for Sentence Representation"
SWEEP = (1.0, 0.8, 0.6, 0.4, 0.2)
REFUSED = 0.0


@dataclass(frozen=True)
class Params:
    """``kept``: share of a sentence's words that each window holds, above 0 and at most 1."""

    kept: float

    def __post_init__(self) -> None:
        if not 0 < self.kept <= 1:
            raise ValueError(f"crop: kept is {self.kept}; it must be above 0 and at most 1")


def draw(corpus: Corpus, anchors: np.ndarray, rng: np.random.Generator, params: Params) -> Pairs:
    """Two windows of each anchor sentence, placed independently."""
    rows = corpus.sentences.take(anchors)
    words = word_pieces.words_of(corpus, rows)
    first, second = rng.random((2, len(rows)))
    return Pairs((_window(rows, words, params.kept, first), _window(rows, words, params.kept, second)), anchors)


def _window(rows: Ragged, words: Ragged, kept: float, place: np.ndarray) -> Ragged:
    """The window at ``place`` (0: leftmost, 1: rightmost) of every row."""
    counts = word_pieces.counts(words)
    length = np.maximum(np.round(kept * counts), 1).astype(np.int64)
    start = np.repeat(np.floor(place * (counts - length + 1)).astype(np.int64), rows.lengths)
    inside = (words.ids >= start) & (words.ids < start + np.repeat(length, rows.lengths))
    return word_pieces.keep(rows, inside)
