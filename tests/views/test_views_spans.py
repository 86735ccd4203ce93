"""Spans lie where the dial says: checked against positions in the document, with every token distinct."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infoviews.contracts import Corpus, Ragged
from infoviews.views.spans import STRATEGIES, Params, draw


def numbered(documents: int = 8, sentences: int = 12, tokens: int = 10) -> Corpus:
    """A corpus whose token ids are their own positions."""
    total = documents * sentences
    rows = Ragged(np.arange(total * tokens), np.arange(0, total * tokens + 1, tokens))
    return Corpus(rows, np.arange(0, total + 1, sentences), np.zeros(documents, np.uint8), Path("."))


def ends(rows: Ragged) -> tuple[np.ndarray, np.ndarray]:
    return rows.ids[rows.offsets[:-1]], rows.ids[rows.offsets[1:] - 1] + 1


@settings(deadline=None)
@given(distance=st.integers(-32, 60), seed=st.integers(0, 99))
def test_distance_is_kept_inside_one_document(distance, seed):
    corpus = numbered()
    anchors = np.arange(len(corpus.sentences))
    pairs = draw(corpus, anchors, np.random.default_rng(seed), Params(distance))
    (a, b), (c, d) = ends(pairs.views[0]), ends(pairs.views[1])
    gap = np.where(c >= b, c - b, np.where(a >= d, a - d, -(np.minimum(b, d) - np.maximum(a, c))))
    assert (gap == np.maximum(distance, -np.minimum(b - a, d - c))).all()
    assert (a // 120 == (b - 1) // 120).all() and (a // 120 == c // 120).all() and (c // 120 == (d - 1) // 120).all()


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_strategies_mean_what_they_say(strategy):
    corpus = numbered()
    pairs = draw(corpus, np.arange(96), np.random.default_rng(0), Params(strategy))
    (a, b), (c, d) = ends(pairs.views[0]), ends(pairs.views[1])
    shared = np.minimum(b, d) - np.maximum(a, c)
    assert len(a) > 20
    if strategy == "subsuming":
        assert ((a <= c) & (d <= b)).all()
    elif strategy == "overlapping":
        assert (shared >= 1).all()
    else:
        assert (shared >= -32).all() and (shared > 0).any() and (shared < 0).any()


def test_fixed_lengths_fully_overlapping_are_identical():
    pairs = draw(numbered(), np.arange(96), np.random.default_rng(0), Params(-16, shortest=16, longest=16))
    assert (pairs.views[0].ids == pairs.views[1].ids).all() and len(pairs.anchors) > 80


@pytest.mark.parametrize("bad", [{"distance": -33}, {"distance": "near"}, {"distance": 1, "shortest": 9, "longest": 8}])
def test_out_of_range(bad):
    with pytest.raises(ValueError, match="spans"):
        Params(**bad)
