"""A sentence and a sentence of another document drawn at random: the control that shares no information."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from infoviews.contracts import Corpus, Pairs

DIAL = ""
CITATION = "Control: independent views, I(v1; v2) = 0"
SWEEP = ()
REFUSED = None


@dataclass(frozen=True)
class Params:
    """No dial: there is only one way to share nothing."""


def draw(corpus: Corpus, anchors: np.ndarray, rng: np.random.Generator, params: Params) -> Pairs:
    """Pair each anchor with a sentence drawn evenly from its split; the anchor's own document is skipped."""
    split = corpus.split[corpus.document_of(anchors)]
    other = np.empty_like(anchors)
    for part in np.unique(split):
        here = np.flatnonzero(split == part)
        other[here] = _sentences_of_split(corpus, int(part), len(here), rng)
    apart = corpus.document_of(other) != corpus.document_of(anchors)
    kept = anchors[apart]
    return Pairs((corpus.sentences.take(kept), corpus.sentences.take(other[apart])), kept)


def _sentences_of_split(corpus: Corpus, split: int, count: int, rng: np.random.Generator) -> np.ndarray:
    """Indices of sentences drawn evenly, with replacement, from the documents of a split."""
    documents = np.flatnonzero(corpus.split == split)
    ends = np.cumsum(np.diff(corpus.documents)[documents])
    drawn = rng.integers(ends[-1], size=count)
    at = np.searchsorted(ends, drawn, side="right")
    return corpus.documents[documents[at] + 1] - (ends[at] - drawn)
