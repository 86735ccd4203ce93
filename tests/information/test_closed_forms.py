"""Preparation, Gaussian information and nearest neighbours against truths in closed form."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import multivariate_normal

from infoviews.information.gaussian import GaussianCritic, gaussian_information
from infoviews.information.nearest import ksg, principal_components
from infoviews.information.preparation import prepare


def correlated(n: int, rho: float, d: int = 1, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    x, noise = np.random.default_rng(seed).standard_normal((2, n, d))
    return x, rho * x + math.sqrt(1 - rho**2) * noise


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 1000), power=st.sampled_from([1, 3, 5]))
def test_ranks_undo_any_rising_map(seed: int, power: int) -> None:
    x = np.random.default_rng(seed).standard_normal((300, 2))
    np.testing.assert_allclose(prepare(x**power)(x**power), prepare(x)(x), atol=1e-4)


def test_prepared_rows_are_white_and_unseen_extremes_stay_finite() -> None:
    x = np.random.default_rng(0).standard_cauchy((4000, 3))
    x[:, 2] += x[:, 0]
    prepared = prepare(x)(x)
    np.testing.assert_allclose(np.cov(prepared, rowvar=False), np.eye(3), atol=0.02)
    assert np.abs(prepare(x)(np.full((1, 3), 1e30))).max() < 10


def test_constant_columns_become_zero() -> None:
    x = np.concatenate([np.ones((50, 1)), np.random.default_rng(0).standard_normal((50, 1))], axis=1)
    prepared = prepare(x)(x)
    assert np.isfinite(prepared).all() and np.abs(prepared[:, 0]).max() < 1e-6


@pytest.mark.parametrize(
    ("rows", "transform"), [(np.ones((1, 2)), "ranks"), (np.full((9, 2), np.nan), "ranks"), (np.ones((9, 2)), "cube")]
)
def test_features_that_cannot_be_prepared_are_errors(rows: np.ndarray, transform: str) -> None:
    with pytest.raises(ValueError, match="transform|features"):
        prepare(rows, transform)


@pytest.mark.parametrize("d", [1, 10, 40])
def test_gaussian_information_has_no_bias_where_the_plain_formula_has(d: int) -> None:
    truth = -0.5 * d * math.log(1 - 0.3**2)
    values = [gaussian_information(*correlated(300, 0.3, d, seed)) for seed in range(30)]
    error = np.std(values) / math.sqrt(30)
    assert abs(np.mean(values) - truth) < 3 * error + 1e-3


def test_gaussian_information_counts_dependent_columns_once() -> None:
    x, y = correlated(500, 0.6, 2)
    doubled = np.concatenate([x, x[:, :1] + x[:, 1:], np.ones((500, 1))], axis=1)
    assert gaussian_information(doubled, y) == pytest.approx(gaussian_information(x, y), abs=1e-9)
    with pytest.raises(ValueError, match="too few"):
        gaussian_information(x[:4], y[:4])


def test_gaussian_critic_is_the_log_ratio_of_the_fitted_gaussian() -> None:
    x, y = correlated(200_000, 0.8, 2)
    x, y = x - x.mean(0), y - y.mean(0)
    critic = GaussianCritic(x, y)
    joint = multivariate_normal(cov=np.block([[np.eye(2), 0.8 * np.eye(2)], [0.8 * np.eye(2), np.eye(2)]]))
    own = multivariate_normal(cov=np.eye(2))
    scores = critic(torch.tensor(x[:3], dtype=torch.float32), torch.tensor(y[:4], dtype=torch.float32))
    for i in range(3):
        for j in range(4):
            truth = joint.logpdf(np.concatenate([x[i], y[j]])) - own.logpdf(x[i]) - own.logpdf(y[j])
            assert scores[i, j].item() == pytest.approx(truth, abs=0.05 + 0.02 * abs(truth))


def test_gaussian_critic_of_independent_sides_claims_hardly_anything() -> None:
    x, y = np.random.default_rng(0).standard_normal((2, 1000, 60))
    x, y = x - x.mean(0), y - y.mean(0)
    scores = GaussianCritic(x, y)(torch.tensor(x, dtype=torch.float32), torch.tensor(y, dtype=torch.float32))
    assert scores.std() < 0.2


@pytest.mark.parametrize("rho", [0.0, 0.6, 0.9])
def test_nearest_neighbours_on_a_gaussian(rho: float) -> None:
    truth = -0.5 * math.log(1 - rho**2)
    assert ksg(*correlated(3000, rho)).mean() == pytest.approx(truth, abs=0.05)


def test_nearest_neighbours_with_ties_read_a_noisy_channel() -> None:
    rng = np.random.default_rng(0)
    x = rng.integers(4, size=(4000, 1)).astype(float)
    y = np.where(rng.uniform(size=(4000, 1)) < 0.1, (x + rng.integers(1, 4, size=(4000, 1))) % 4, x)
    truth = math.log(4) + 0.9 * math.log(0.9) + 0.1 * math.log(0.1 / 3)
    assert ksg(x, y).mean() == pytest.approx(truth, abs=0.05)
    with pytest.raises(ValueError, match="neighbours"):
        ksg(x, y, 0)


def test_principal_components_keep_the_widest_directions() -> None:
    rows = np.random.default_rng(0).standard_normal((500, 4)) * [1.0, 9.0, 0.1, 5.0]
    axes = principal_components(rows, 2)
    np.testing.assert_allclose(np.abs(axes).argmax(0), [1, 3])
    np.testing.assert_allclose(axes.T @ axes, np.eye(2), atol=1e-9)
