"""Batches are a function of seed and step: every row once an epoch, like lengths together, no order left over."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from infoviews.training.batches import Batches


@given(rows=st.integers(8, 400), size=st.integers(1, 8), seed=st.integers(0, 2**31))
def test_every_epoch_shows_each_row_at_most_once_and_nearly_all(rows: int, size: int, seed: int) -> None:
    lengths = np.random.default_rng(seed).integers(1, 60, rows)
    batches = Batches(lengths, size, seed)
    epoch = np.concatenate([batches[step] for step in range(batches.per_epoch)])
    assert len(set(epoch.tolist())) == len(epoch) == rows // size * size


def test_a_step_is_the_same_whenever_it_is_asked_for() -> None:
    lengths = np.random.default_rng(0).integers(1, 60, 300)
    forward, backward = Batches(lengths, 16, seed=3), Batches(lengths, 16, seed=3)
    steps = range(50)
    for step, rows in zip(reversed(steps), [forward[s] for s in steps][::-1], strict=True):
        assert np.array_equal(backward[step], rows)


def test_bucketing_saves_padding() -> None:
    lengths = np.random.default_rng(1).integers(3, 64, 6400)
    batches = Batches(lengths, 64, seed=0)
    padded = sum(64 * lengths[batches[step]].max() for step in range(batches.per_epoch))
    assert padded < 1.1 * lengths.sum()


def test_too_few_rows_say_how_many_there_are() -> None:
    with pytest.raises(ValueError, match="a batch of 32 needs as many pairs; there are 5"):
        Batches(np.ones(5, int), 32, seed=0)
