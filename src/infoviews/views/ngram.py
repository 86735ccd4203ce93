"""A group of neighbouring words against the sentence without it: InfoWord (Kong and others, ICLR 2020)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from infoviews.contracts import Corpus, Pairs, Ragged
from infoviews.views.materials import word_pieces

DIAL = "words"
CITATION = "Kong, de Masson d'Autume, Ling, Yu, Dai and Yogatama (2020), A Mutual Information Maximization Perspective"
SWEEP = (1, 2, 3, 5)
REFUSED = 0


@dataclass(frozen=True)
class Params:
    """``words``: length of the group, at least 1; sentences that are no longer are skipped."""

    words: int

    def __post_init__(self) -> None:
        if self.words < 1:
            raise ValueError(f"ngram: words is {self.words}; it must be at least 1")


def draw(corpus: Corpus, anchors: np.ndarray, rng: np.random.Generator, params: Params) -> Pairs:
    """A random group of words of each anchor sentence, and the sentence with the group masked."""
    rows = corpus.sentences.take(anchors)
    words = word_pieces.words_of(corpus, rows)
    counts = word_pieces.counts(words)
    start = np.floor(rng.random(len(rows)) * np.maximum(counts - params.words + 1, 1)).astype(np.int64)
    begin = np.repeat(start, rows.lengths)
    inside = (words.ids >= begin) & (words.ids < begin + params.words)
    mask = word_pieces.tokenizer(corpus.folder).mask_token_id
    rest = Ragged(np.where(inside, mask, rows.ids).astype(rows.ids.dtype), rows.offsets)
    long_enough = np.flatnonzero(counts > params.words)
    return Pairs((word_pieces.keep(rows, inside).take(long_enough), rest.take(long_enough)), anchors[long_enough])
