"""The critic of tokens: its parts against plain computations, and what it learns where the truth is known."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from infoviews.contracts import Ragged
from infoviews.information.critic import Fit
from infoviews.information.estimate import measure
from infoviews.information.measure import Params, judged_estimates
from infoviews.information.reading import Reading
from infoviews.information.tokens import FEATURES, TokenCritic, fit_tokens
from infoviews.information.words import RARE, SEEN, common_axes, counts, learn_vocabulary, padded

SYNONYMS, VALUES, FILLER = 4, 3, 30


def texts(n: int, rng: np.random.Generator, shared: bool = True) -> tuple[np.ndarray, np.ndarray]:
    """Two texts of one value, each by one of its synonyms, at a random place among four filler words."""
    value, sides = rng.integers(VALUES, size=n), []
    for _ in range(2):
        value = value if shared else rng.integers(VALUES, size=n)
        word = value * SYNONYMS + rng.integers(SYNONYMS, size=n)
        rows = np.column_stack([word, VALUES * SYNONYMS + rng.integers(FILLER, size=(n, 4))]) + 100
        sides.append(rng.permuted(rows, axis=1))
    return sides[0], sides[1]


@settings(max_examples=30, deadline=None)
@given(lengths=st.lists(st.integers(0, 6), min_size=1, max_size=8), seed=st.integers(0, 99))
def test_padding_keeps_every_token_in_its_place(lengths: list[int], seed: int) -> None:
    ids = np.random.default_rng(seed).integers(50, size=sum(lengths))
    rows = Ragged(ids, np.concatenate([[0], np.cumsum(lengths)]))
    made = padded(rows)
    assert made.shape == (len(lengths), max(1, *lengths))
    for row, length in enumerate(lengths):
        np.testing.assert_array_equal(made[row, :length], rows[row])
        assert (made[row, length:] == -1).all()


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 999))
def test_vocabulary_and_counts_are_those_of_a_slow_count(seed: int) -> None:
    rng = np.random.default_rng(seed)
    x = np.where(rng.random((12, 5)) < 0.2, -1, rng.integers(8, size=(12, 5)) * 7)
    known = learn_vocabulary(x)
    values = [v for v in sorted(set(x[x >= 0].tolist())) if (x == v).sum() >= SEEN]
    assert known.known.tolist() == values
    rows = known(x)
    slow = np.array([[(line == v).sum() for v in values] for line in x]).reshape(12, len(values))
    np.testing.assert_array_equal(counts(rows, len(values)).toarray()[:, 1:], slow)
    assert (known(np.array([[-1, 3, 10**9]])) == 0).all()


def test_axes_are_the_eigenvectors_of_the_dense_matrix() -> None:
    x, y = texts(500, np.random.default_rng(0))
    known = learn_vocabulary(x, y)
    words = len(known.known)
    found, means = common_axes(known(x), known(y), words, 3, seed=0)
    first, second = (counts(known(side), words).toarray() for side in (x, y))
    total = (first + second).sum(0)
    scale = 1 / np.sqrt((total + RARE) / 1000)
    center = total / 1000
    cross = scale[:, None] * ((first.T @ second + second.T @ first) / 1000 - np.outer(center, center)) * scale
    values, vectors = np.linalg.eigh(cross)
    best = vectors[:, np.argsort(-np.abs(values))[:3]] * scale[:, None]
    sums = np.concatenate([first, second]) @ found
    np.testing.assert_allclose(sums.mean(0), means, atol=1e-8)
    np.testing.assert_allclose(sums.std(0), 1, atol=1e-8)
    turned = best / np.linalg.norm(best, axis=0) * np.sign((best * found).sum(0))
    np.testing.assert_allclose(found / np.linalg.norm(found, axis=0), turned, atol=1e-6)


def test_scores_start_at_nothing_and_ignore_order_and_padding() -> None:
    torch.manual_seed(0)
    critic = TokenCritic(np.random.default_rng(0).standard_normal((9, 4)) * (np.arange(9) > 0)[:, None], np.zeros(4))
    x = torch.tensor([[1, 2, 3, 0], [4, 5, 0, 0]])
    assert (critic(x, x) == 0).all()
    torch.nn.init.normal_(critic.map.weight)
    torch.nn.init.normal_(critic.own_x.weight)
    scores = critic(x, x[:1])
    assert scores.shape == (2, 1) and scores.std() > 0
    torch.testing.assert_close(critic(x.flip(1), x[:1, [2, 0, 1, 3, 3]]), scores)


def test_synonyms_are_learned_and_nothing_is_found_where_nothing_is_shared() -> None:
    how, rng = Fit(steps=200), np.random.default_rng(0)
    for shared, truth in ((True, math.log(VALUES)), (False, 0.0)):
        x, y = texts(5000, rng, shared)
        fitted = fit_tokens(x[:3000], y[:3000], how, 8, seed=1)
        (found,) = measure(fitted, x[3000:], y[3000:], {"infonce": {}}, "tokens", 2000, bootstrap=40)
        assert found.estimate == pytest.approx(truth, abs=0.05)
        again = fit_tokens(x[:3000], y[:3000], how, 8, seed=1)
        torch.testing.assert_close(again.critic.state_dict(), fitted.critic.state_dict(), rtol=0, atol=0)


def test_too_few_rows_or_words_are_errors() -> None:
    x, y = texts(100, np.random.default_rng(0))
    with pytest.raises(ValueError, match="two equal numbers"):
        fit_tokens(x, y[:50], Fit(), 8, 0)
    with pytest.raises(ValueError, match="words are seen"):
        fit_tokens(np.ones((100, 3), int), np.ones((100, 3), int), Fit(), 8, 0)


def test_a_device_measures_what_the_cpu_does_on_features_and_on_tokens(pretended, monkeypatch) -> None:
    rng = np.random.default_rng(1)
    meaning = rng.normal(size=(600, 6))
    sides = [(meaning + 0.7 * rng.normal(size=meaning.shape)).astype(np.float32) for _ in range(2)]
    critic, heldout = ((sides[0][rows], sides[1][rows]) for rows in (slice(300), slice(300, 600)))
    readings = [Reading("features", critic, heldout), Reading(FEATURES, texts(300, rng), texts(300, rng), dimension=8)]
    names = ("infonce", "nwj", "smile", "jsdbound", "cca", "ksg")
    short = {"k": 300, "num_steps": 40, "batch_size": 64, "bootstrap": 20}
    params = Params({name: {} for name in names}, tokens={"dimension": 8}, **short)
    here = judged_estimates(readings, params, 1)
    with pretended.PretendedCard(monkeypatch):
        there = judged_estimates(readings, params, 1)
    assert [e.flag for e in there] == [e.flag for e in here]
    np.testing.assert_allclose([e.estimate for e in there], [e.estimate for e in here], atol=1e-3)
