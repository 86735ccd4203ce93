"""Exact information and Bayes accuracy against simulation: 10^6 draws a setting, within Monte-Carlo error."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infoviews.language.channel import composed, transmit
from infoviews.language.factors import CARDINALITIES, FACTORS, NAMES
from infoviews.views.language import Params, bayes_accuracy, draw_values, facts, label_information

DRAWS = 1_000_000
TASKS = tuple(factor.name for factor in FACTORS if factor.task)
NUISANCE = tuple(factor.name for factor in FACTORS if not factor.task)
SETTINGS = [
    *({"shared": TASKS[:count]} for count in range(len(TASKS) + 1)),
    *({"shared": TASKS + NUISANCE[:count]} for count in range(1, 5)),
    {"shared": ["topic"], "matching": TASKS[:4]},
    {"shared": ["topic", "entity"], "matching": TASKS},
    {"shared": TASKS, "noise": 0.2},
]


def plug_in(first: np.ndarray, second: np.ndarray, values: int) -> tuple[float, float]:
    """Information of two discrete columns in nats, Miller-Madow corrected, and its standard error."""
    table = np.bincount(first * values + second, minlength=values**2).reshape(values, values) / len(first)
    outside = table.sum(0) * table.sum(1, keepdims=True)
    seen = table > 0
    density = np.log(table[seen] / outside[seen])
    mean = float(table[seen] @ density)
    error = np.sqrt(max(float(table[seen] @ (density - mean) ** 2), 0) / len(first))
    cells = seen.sum() - (table.sum(0) > 0).sum() - (table.sum(1) > 0).sum() + 1
    bias = cells / (2 * len(first))
    # Where nothing is shared the plug-in value is chi-square with `cells` degrees of freedom over 2 n.
    return mean - bias, float(error + np.sqrt(2 * max(cells, 1)) / (2 * len(first)))


def simulated(params: Params, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    latent = rng.integers(CARDINALITIES, size=(DRAWS, len(FACTORS)))
    return latent, *draw_values(latent, params, rng)


@pytest.mark.parametrize("given_params", SETTINGS, ids=lambda p: "+".join(p["shared"]) + str(p.get("noise", "")))
def test_information_of_written_factors_is_the_formula(given_params):
    params = Params(**given_params)
    exact = facts(None, params)["exact"]
    _, first, second = simulated(params, seed=11)
    measured, variance = 0.0, 0.0
    for column, factor in enumerate(FACTORS):
        nats, error = plug_in(first[:, column], second[:, column], factor.values)
        assert abs(nats - exact["factors"][factor.name]) <= 4 * error, factor.name  # 4: ten factors a setting
        measured, variance = measured + nats, variance + error**2
    assert abs(measured - exact["information"]) <= 3 * np.sqrt(variance)


def test_factors_are_independent_of_each_other_across_views():
    """Nothing beyond the sum: a factor of one view tells nothing about another factor of the other view."""
    _, first, second = simulated(Params(TASKS + NUISANCE), seed=5)
    for a in range(len(FACTORS)):
        b = (a + 1) % len(FACTORS)
        size = max(FACTORS[a].values, FACTORS[b].values)
        nats, error = plug_in(first[:, a], second[:, b], size)
        assert abs(nats) <= 4 * error


def test_iso_information_pairs_share_the_same_nats():
    for matching in (TASKS[:4], TASKS):
        one = facts(None, Params(matching))["exact"]["information"]
        other = facts(None, Params(("topic", "entity"), matching=matching))["exact"]
        assert other["information"] == pytest.approx(one, abs=1e-12) and other["task_information"] == 0


@pytest.mark.parametrize("factor", [factor for factor in FACTORS if factor.task], ids=lambda factor: factor.name)
def test_bayes_accuracy_and_label_information_by_simulation(factor):
    rng = np.random.default_rng(3)
    truth = rng.integers(factor.values, size=DRAWS)
    if factor.task == "mrpc":
        label = rng.integers(2, size=DRAWS)
        other = np.where(label == 1, truth, (truth + rng.integers(1, factor.values, size=DRAWS)) % factor.values)
        first, second = (transmit(v, factor.values, factor.noise, rng) for v in (truth, other))
        seen, label_values = (first == second).astype(int), label
    else:
        seen, label_values = transmit(truth, factor.values, factor.noise, rng), truth
    accuracy = float((seen == label_values).mean())
    exact = bayes_accuracy(factor)
    assert abs(accuracy - exact) <= 3 * np.sqrt(exact * (1 - exact) / DRAWS)
    nats, error = plug_in(label_values, seen, factor.values)
    assert abs(nats - label_information(factor)) <= 3 * error


@settings(deadline=None, max_examples=20)
@given(
    st.lists(st.tuples(st.integers(2, 12), st.floats(0, 0.4), st.booleans()), min_size=1, max_size=5),
    st.integers(0, 10**6),
)
def test_random_factor_tables(table, seed):
    """Any table of cardinalities, errors and sharing: channel formula and accuracy hold for two noisy copies."""
    from infoviews.language.channel import shared_information

    rng = np.random.default_rng(seed)
    for values, noise, shared in table:
        truth = rng.integers(values, size=100_000)
        first = transmit(truth, values, noise, rng)
        second = transmit(truth, values, noise, rng) if shared else rng.integers(values, size=len(truth))
        nats, error = plug_in(first, second, values)
        exact = shared_information(values, noise, noise) if shared else 0.0
        assert abs(nats - exact) <= 6 * error + 1e-12  # up to a hundred looks at random tables
        agreed = 1 - composed(noise, noise, values) if shared else 1 / values
        assert abs((first == second).mean() - agreed) <= 6 * np.sqrt(max(agreed * (1 - agreed), 1e-9) / len(truth))


def test_settings_use_the_same_random_numbers():
    latent = np.random.default_rng(0).integers(CARDINALITIES, size=(100, len(FACTORS)))
    one = draw_values(latent, Params(("film",)), np.random.default_rng(1))
    two = draw_values(latent, Params(("film", "topic")), np.random.default_rng(1))
    same = [name for name in NAMES if name != "topic"]
    columns = [NAMES.index(name) for name in same]
    assert (one[0] == two[0]).all() and (one[1][:, columns] == two[1][:, columns]).all()


@pytest.mark.parametrize(
    "bad",
    [
        {"shared": ["mood"]},
        {"shared": ["film"], "noise": 0.6},
        {"shared": ["film"], "noise": 0.1, "matching": ["film"]},
        {"shared": ["film"], "matching": ["topic"]},
        {"shared": [], "mentions": 5},
    ],
)
def test_out_of_range(bad):
    with pytest.raises(ValueError):
        Params(**bad)
