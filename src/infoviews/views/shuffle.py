"""A sentence and the same one with its words shuffled locally (Lample and others, ICLR 2018: their noise model)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from infoviews.contracts import Corpus, Pairs, Ragged
from infoviews.views.materials import word_pieces

DIAL = "window"
CITATION = "Lample, Conneau, Denoyer and Ranzato (2018), Unsupervised MT Using Monolingual Corpora Only, ICLR, eq. 4"
SWEEP = (1, 3, 6, 20)
REFUSED = 0


@dataclass(frozen=True)
class Params:
    """``window``: a word moves fewer places than this; 1 leaves every word where it is."""

    window: int

    def __post_init__(self) -> None:
        if self.window < 1:
            raise ValueError(f"shuffle: window is {self.window}; it must be at least 1")


def draw(corpus: Corpus, anchors: np.ndarray, rng: np.random.Generator, params: Params) -> Pairs:
    """The anchor sentence, and the same words sorted by place plus a uniform number below ``window``."""
    rows = corpus.sentences.take(anchors)
    words = word_pieces.words_of(corpus, rows)
    counts = word_pieces.counts(words)
    place = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    key = word_pieces.per_token(place + rng.random(len(place)) * params.window, words)
    row = np.repeat(np.arange(len(rows)), rows.lengths)
    order = np.lexsort((np.arange(len(row)), key, row))  # pieces of a word stay in order: they share its key
    return Pairs((rows, Ragged(rows.ids[order], rows.offsets)), anchors)
