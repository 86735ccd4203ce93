"""Joined texts share exactly what their classes share, and a classifier's reading of them never more."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from infoviews.calibration import joined
from infoviews.calibration.labelled import Texts
from infoviews.contracts import ragged
from infoviews.language.joined import channel, draw


def texts(classes: int, each: int = 40) -> Texts:
    """Texts of one word of their class and one of their own, 2 a document."""
    labels = np.repeat(np.arange(classes), each)
    rows = ragged([[int(label), classes + index] for index, label in enumerate(labels)], np.int32)
    return Texts(rows, np.eye(classes, dtype=np.float32)[labels], labels, np.arange(len(labels)) // 2)


@given(symbols=st.integers(2, 8), information=st.just(0.0) | st.floats(1e-6, 10))
def test_a_channel_carries_what_was_asked_in_the_fewest_places(symbols: int, information: float) -> None:
    made = channel(symbols, information)
    assert made.information == pytest.approx(information, abs=1e-6)
    assert (made.places - 1) * math.log(symbols) <= information or made.places == 1
    assert 0 <= made.error <= (symbols - 1) / symbols


def test_information_below_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="must be 0 or more"):
        channel(2, -0.1)


@given(
    symbols=st.integers(2, 5),
    information=st.floats(0.1, 4),
    seed=st.integers(0, 99),
)
def test_reading_the_classes_loses_information_unless_it_is_without_error(
    symbols: int, information: float, seed: int
) -> None:
    made = channel(symbols, information)
    assert made.readable(np.eye(symbols)) == pytest.approx(information, abs=1e-6)
    noisy = np.random.default_rng(seed).dirichlet(np.ones(symbols), size=symbols)
    assert -1e-9 <= made.readable(noisy) <= information + 1e-9
    assert made.readable(np.full((symbols, symbols), 1 / symbols)) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(("symbols", "information"), [(2, 0.5), (2, 2.0), (3, 1.0)])
def test_the_drawn_texts_share_the_information_of_the_channel(symbols: int, information: float) -> None:
    own, made = texts(symbols), channel(symbols, information)
    x, y = draw(made, own.labels, np.arange(len(own.labels)), 40_000, np.random.default_rng(0))
    assert x.shape == y.shape == (40_000, made.places)
    total = 0.0
    for place in range(made.places):  # the plug-in estimate of so few cells has a bias below 1e-4
        table = np.zeros((symbols, symbols))
        np.add.at(table, (own.labels[x[:, place]], own.labels[y[:, place]]), 1 / len(x))
        total += float((table * np.log(table / np.outer(table.sum(1), table.sum(0)))).sum())
    assert total == pytest.approx(information, abs=0.03)


def test_a_class_without_texts_is_named() -> None:
    own = texts(3)
    with pytest.raises(ValueError, match="no text of class 2 among 80"):
        draw(channel(3, 1.0), own.labels, np.arange(80), 10, np.random.default_rng(0))


def test_documents_are_parted_and_both_parts_have_every_class() -> None:
    own = texts(3)
    for seed in range(3):
        critic, heldout = own.halves(seed)
        assert not set(own.documents[critic]) & set(own.documents[heldout])
        assert sorted([*critic, *heldout]) == list(range(len(own.labels)))
        assert np.bincount(own.labels[critic]).tolist() == [24, 24, 24]
    assert not np.array_equal(own.halves(0)[0], own.halves(1)[0])


def test_tokens_tell_the_place_and_features_stand_place_by_place() -> None:
    own = texts(2)
    side = np.array([[0, 45], [45, 0]])
    ids, features = joined.joined_tokens(own, side), joined.joined_features(own, side)
    assert ids.shape == (2, 4) and features.shape == (2, 4)
    assert not set(ids[0]) & set(ids[1])  # the same two texts in another order are other words
    assert features.tolist() == [[1, 0, 0, 1], [0, 1, 1, 0]]


def test_a_class_that_is_a_word_is_read_without_error() -> None:
    for tokens in (False, True):
        assert np.array_equal(joined.confusion(texts(3), 0, tokens), np.eye(3))
