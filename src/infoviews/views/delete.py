"""Two copies of a sentence, each with words left out at random (Wu and others, 2020, CLEAR)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from infoviews.contracts import Corpus, Pairs, Ragged
from infoviews.views.materials import word_pieces

DIAL = "rate"
CITATION = "Wu, Wang, Gu, Khabsa, Sun and Ma (2020), CLEAR: Contrastive Learning for Sentence Representation"
SWEEP = (0.0, 0.2, 0.4, 0.6, 0.8)
REFUSED = 1.0


@dataclass(frozen=True)
class Params:
    """``rate``: chance that a word is left out of a view, at least 0 and below 1."""

    rate: float

    def __post_init__(self) -> None:
        if not 0 <= self.rate < 1:
            raise ValueError(f"delete: rate is {self.rate}; it must be at least 0 and below 1")


def draw(corpus: Corpus, anchors: np.ndarray, rng: np.random.Generator, params: Params) -> Pairs:
    """The anchor sentence twice, words deleted independently."""
    rows = corpus.sentences.take(anchors)
    words = word_pieces.words_of(corpus, rows)
    return Pairs(tuple(_without(rows, words, params.rate, rng) for _ in range(2)), anchors)


def _without(rows: Ragged, words: Ragged, rate: float, rng: np.random.Generator) -> Ragged:
    counts = word_pieces.counts(words)
    chance = rng.random(counts.sum())
    ends = np.cumsum(counts)
    kept = chance >= rate
    spared = (ends - counts + np.floor(rng.random(len(counts)) * counts)).astype(np.int64)
    kept[spared[counts > 0]] = True  # one word of every row stays, or the view would be empty
    return word_pieces.keep(rows, word_pieces.per_token(kept, words))
