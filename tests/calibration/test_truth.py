"""Formulas of exact information against independent computations and published values."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import ndtr
from scipy.stats import multivariate_t, poisson
from scipy.stats import t as student_t

from infoviews.calibration import truth
from infoviews.calibration.draws import spiral, swiss_roll
from infoviews.calibration.exact import exact_critic, log_ratio
from infoviews.calibration.tasks import tasks

PUBLISHED = {
    "normal-1": 0.413, "swiss-roll": 0.413, "additive-0.1": 1.709, "additive-0.75": 0.333, "student-1-1-df1": 0.224,
    "dense-2": 0.294, "dense-3": 0.413, "dense-5": 0.593, "dense-25": 1.292, "dense-50": 1.624,
    "2-pair-2": 1.022, "2-pair-25": 1.022, "spiral-cdf-2-pair-5": 1.022,
    "student-2-2-df1": 0.432, "student-2-2-df2": 0.193, "student-3-3-df2": 0.291, "student-3-3-df3": 0.179,
    "student-5-5-df2": 0.448, "student-5-5-df3": 0.299, "asinh-student-5-5-df2": 0.448,
}  # fmt: skip
"""Information of the benchmark's tasks, nats, to three decimals."""


@pytest.mark.parametrize("name", PUBLISHED)
def test_tasks_have_the_published_information(name: str) -> None:
    assert tasks()[name].information == pytest.approx(PUBLISHED[name], abs=6e-4)


def test_there_are_the_forty_tasks_of_the_benchmark_and_more() -> None:
    groups = [task.group for task in tasks().values()]
    assert sum(group not in ("beyond", "null", "consistency") for group in groups) == 40 and "null" in groups


@pytest.mark.parametrize("name", list(tasks()))
def test_draws_are_finite_paired_seeded_and_not_constant(name: str) -> None:
    x, y = tasks()[name].draw(200, np.random.default_rng(1))
    again, _ = tasks()[name].draw(200, np.random.default_rng(1))
    assert len(x) == len(y) == 200 and x.ndim == y.ndim == 2
    assert np.isfinite(x).all() and np.isfinite(y).all() and x.std() > 0 and y.std() > 0
    np.testing.assert_array_equal(x, again)


@pytest.mark.parametrize("name", ["dense-3", "2-pair-5", "gaussian-5-2"])
def test_gaussian_information_by_averaging_the_log_ratio(name: str) -> None:
    x, y = tasks()[name].draw(200_000, np.random.default_rng(0))
    both = np.concatenate([x, y], axis=1)
    covariances = [np.cov(part, rowvar=False) for part in (x, y, both)]
    local = [
        -0.5 * np.einsum("ni,ij,nj->n", p, np.linalg.inv(c), p) for p, c in zip((x, y, both), covariances, strict=True)
    ]
    logdet = [np.linalg.slogdet(c)[1] for c in covariances]
    value = (local[2] - local[0] - local[1]).mean() + (logdet[0] + logdet[1] - logdet[2]) / 2
    assert value == pytest.approx(tasks()[name].information, abs=0.01)


@pytest.mark.parametrize(("dx", "dy", "df"), [(2, 2, 1), (3, 3, 2), (1, 1, 1)])
def test_student_information_by_averaging_the_log_ratio(dx: int, dy: int, df: int) -> None:
    name = f"student-{dx}-{dy}-df{df}"
    x, y = tasks()[name].draw(400_000, np.random.default_rng(0))
    joint = multivariate_t(shape=np.eye(dx + dy), df=df).logpdf(np.concatenate([x, y], axis=1))
    sides = [
        student_t(df).logpdf(s[:, 0]) if s.shape[1] == 1 else multivariate_t(shape=np.eye(s.shape[1]), df=df).logpdf(s)
        for s in (x, y)
    ]
    assert (joint - sides[0] - sides[1]).mean() == pytest.approx(truth.student(dx, dy, df), abs=0.01)


@pytest.mark.parametrize("noise", [0.1, 0.3, 0.5, 0.75])
def test_additive_information_by_quadrature(noise: float) -> None:
    def density(y: float) -> float:
        return max(0.0, min(1, y + noise) - max(0, y - noise)) / (2 * noise)

    corners = sorted({-noise, noise, 1 - noise, 1 + noise})
    entropy = sum(
        quad(lambda y: -density(y) * math.log(max(density(y), 1e-300)), a, b)[0]
        for a, b in zip(corners, corners[1:], strict=False)
    )
    assert entropy - math.log(2 * noise) == pytest.approx(truth.additive_uniform(noise), abs=1e-6)


def test_gao_mixture_by_adding_up_its_densities() -> None:
    levels = 5
    heights = [0.5 / levels] + [1 / levels] * (levels - 1) + [0.5 / levels]  # density of y on (k, k + 1)
    entropy = -sum(h * math.log(h) for h in heights)
    assert entropy - math.log(2) == pytest.approx(truth.gao_mixture(levels))


@pytest.mark.parametrize(("symbols", "first", "second"), [(2, 0.1, 0.1), (4, 0.1, 0.0), (20, 0.1, 0.3)])
def test_two_channels_by_enumeration(symbols: int, first: float, second: float) -> None:
    def channel(error: float) -> np.ndarray:
        return np.full((symbols, symbols), error / (symbols - 1)) + np.eye(symbols) * (
            1 - error - error / (symbols - 1)
        )

    joint = channel(first).T @ channel(second) / symbols
    value = (joint * np.log(joint * symbols**2)).sum()
    assert value == pytest.approx(truth.two_channels(symbols, first, second))
    assert truth.symmetric_channel(20, 0.1) == pytest.approx(2.376, abs=1e-3)


def test_zero_inflated_poisson_by_a_fine_sum_and_below_the_formula_in_use() -> None:
    """(1 - p) 0.3012, which is in wide use, takes it as known which zeros are inflated; y alone does not tell."""
    x, zero = np.linspace(1e-6, 50, 50_001), 0.15
    total = 0.0
    for count in range(80):
        given = (1 - zero) * poisson.pmf(count, x) + zero * (count == 0)
        overall = (1 - zero) * 0.5 ** (count + 1) + zero * (count == 0)
        total += np.trapezoid(given * np.log(np.maximum(given, 1e-300) / overall) * np.exp(-x), x)
    assert truth.zero_inflated_poisson(zero) == pytest.approx(total, abs=1e-3)
    assert truth.zero_inflated_poisson(0.0) == pytest.approx(0.3012, abs=1e-3)
    assert truth.zero_inflated_poisson(zero) < (1 - zero) * 0.3012


@pytest.mark.parametrize(("rho", "parts"), [(0.75, 4), (0.3, 2), (0.9, 3)])
def test_quantised_gaussian_by_counting(rho: float, parts: int) -> None:
    x, noise = np.random.default_rng(0).standard_normal((2, 1_000_000))
    part = np.floor(parts * ndtr(rho * x + math.sqrt(1 - rho**2) * noise)).astype(int)
    bins = np.floor(200 * ndtr(x)).astype(int)
    joint = np.histogram2d(bins, part, [np.arange(201), np.arange(parts + 1)])[0] / len(x)
    value = np.nansum(joint * np.log(np.maximum(joint, 1e-300) / (joint.sum(1, keepdims=True) * joint.sum(0))))
    assert truth.gaussian_quantised(rho, parts) == pytest.approx(value, abs=2e-3)
    assert truth.gaussian_quantised(rho, 4000) == pytest.approx(-0.5 * math.log(1 - rho**2), abs=2e-3)


def test_changes_of_one_task_shrink_stay_and_double() -> None:
    known = tasks()
    whole = known["swiss-roll"].information
    assert 0.5 * whole < known["swiss-roll-quarters"].information < whole
    assert known["swiss-roll-beside"].information == whole and known["swiss-roll-twice"].information == 2 * whole


def test_spiral_turns_without_changing_lengths_and_can_be_undone() -> None:
    x = np.random.default_rng(0).standard_normal((50, 4))
    turned = spiral(x, 1)
    np.testing.assert_allclose((turned**2).sum(1), (x**2).sum(1))
    angle = -(x**2).sum(1) / 4
    back = np.cos(angle) * turned[:, 1] - np.sin(angle) * turned[:, 2]
    np.testing.assert_allclose(back, x[:, 1], atol=1e-12)


def test_swiss_roll_is_a_curve_without_crossings() -> None:
    u = np.linspace(0, 1, 400)[:, None]
    radius = np.linalg.norm(swiss_roll(u), axis=1)
    assert (np.diff(radius) > 0).all()


def test_exact_critic_has_the_bias_that_theory_gives() -> None:
    found = exact_critic(batches=20).set_index("estimator")
    assert found.loc["infonce", "5-d, 2 nats"] == pytest.approx(1.93, abs=0.1)
    assert found.loc["infonce", "20-d, 6 nats"] == pytest.approx(4.22, abs=0.1)
    assert found.loc["infonce", "20-d, 10 nats"] < math.log(128)
    for name in ("dv", "nwj", "smile", "mine", "tuba", "nce"):
        assert found.loc[name, "5-d, 2 nats"] == pytest.approx(2.0, abs=0.15)


def test_log_ratio_averages_to_the_information() -> None:
    ratio = log_ratio(3000, 5, 2.0, np.random.default_rng(0))
    assert ratio.diagonal().mean().item() == pytest.approx(2.0, abs=0.15)
    assert ratio.exp().mean().item() == pytest.approx(1.0, abs=0.1)
