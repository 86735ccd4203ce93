"""Two lines, smoother, peak and verdict against closed forms, slow versions and planted curves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.interpolate import make_smoothing_spline

from infoviews.analysis.answers.verdict import holm, verdict
from infoviews.analysis.record import Verdict
from infoviews.analysis.statistics.peak import find_peak
from infoviews.analysis.statistics.polynomials import describe
from infoviews.analysis.statistics.power import power
from infoviews.analysis.statistics.spline import posterior, roughness, smooth
from infoviews.analysis.statistics.two_lines import interrupted, two_lines

GRID = np.linspace(0, 5, 12)
ONE = np.zeros(12)


def noise(seed: int, scale: float = 0.2, n: int = 12) -> np.ndarray:
    return scale * np.random.default_rng(seed).standard_normal(n)


def test_smoother_with_given_penalty_is_scipys_smoothing_spline():
    x = np.sort(np.random.default_rng(0).uniform(0, 1, 9))
    y = np.sin(5 * x)
    mine = np.linalg.solve(np.eye(9) + 0.01 * roughness(x), y)
    assert mine == pytest.approx(make_smoothing_spline(x, y, lam=0.01)(x), abs=1e-8)


def test_smoother_leaves_a_straight_line_alone():
    assert smooth(GRID, 3 + 2 * GRID).fitted == pytest.approx(3 + 2 * GRID)


def test_interrupted_lines_are_two_regressions():
    y = np.where(GRID < 2.6, GRID, 5.2 - GRID) + noise(1)
    lines = interrupted(GRID, y, 2.6)
    left, right = GRID < 2.6, GRID > 2.6
    assert lines.slope_low == pytest.approx(stats.linregress(GRID[left], y[left]).slope)
    assert lines.slope_high == pytest.approx(stats.linregress(GRID[right], y[right]).slope)
    rest = sum(((y[s] - np.polyval(np.polyfit(GRID[s], y[s], 1), GRID[s])) ** 2).sum() for s in (left, right))
    t = lines.slope_low * np.sqrt(((GRID[left] - GRID[left].mean()) ** 2).sum()) / np.sqrt(rest / 8)
    assert lines.p_low == pytest.approx(2 * stats.t.sf(t, 8))


def test_peak_found_and_monotone_not():
    assert two_lines(GRID, -((GRID - 2.5) ** 2) + noise(2)).p < 0.01
    assert two_lines(GRID, GRID + noise(2)).p == 1.0
    assert two_lines(GRID, (GRID - 2.5) ** 2 + noise(2)).p == 1.0


@given(st.integers(0, 999), st.floats(0.1, 100), st.floats(-50, 50))
def test_verdict_is_blind_to_the_units(seed, scale, shift):
    y = -((GRID - 2) ** 2) + noise(seed, 1.0)
    first, second = two_lines(GRID, y), two_lines(scale * GRID + shift, scale * y + shift)
    assert second.p == pytest.approx(first.p, rel=1e-5, abs=1e-9)


def test_too_few_points_say_so():
    with pytest.raises(ValueError, match="given 5 with 5"):
        two_lines(GRID[:5], GRID[:5])


def test_ties_and_constant_transfer_do_not_break():
    assert two_lines(np.repeat(GRID[:6], 2), noise(3)).p <= 1
    assert two_lines(GRID, np.full(12, 70.0)).p == 1.0


def test_interval_holds_the_planted_peak():
    found, _ = find_peak(GRID, 70 - (GRID - 2) ** 2 + noise(3), 0.1, 500, np.random.default_rng(0))
    assert found.location_low < 2 < found.location_high and found.height_low < 70 < found.height_high
    assert found.inside > 0.99


def test_posterior_narrows_to_the_curve_and_is_straight_for_a_line():
    grid, curves = posterior(GRID, np.sin(GRID) + noise(0, 1e-4), 200, np.random.default_rng(0))
    assert np.abs(curves.mean(axis=0) - np.sin(grid)).max() < 0.05
    grid, curves = posterior(GRID, 3 * GRID + noise(0, 1e-3), 200, np.random.default_rng(0))
    assert np.abs(curves - 3 * grid).max() < 0.05


def test_polynomials_by_slow_leave_one_out():
    y = 70 - (GRID - 2) ** 2 + noise(4)
    errors = []
    for i in range(12):
        rest = np.arange(12) != i
        errors.append(y[i] - np.polyval(np.polyfit(GRID[rest], y[rest], 2), GRID[i]))
    found = describe(GRID, y)
    assert found["quadratic"]["loo_rmse"] == pytest.approx(np.sqrt(np.mean(np.square(errors))))
    assert found["quadratic"]["aicc"] < found["linear"]["aicc"]
    assert describe(GRID, GRID)["isotonic"] == {"direction": "rising", "rmse": pytest.approx(0)}


def test_holm_by_hand():
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([]) == []


def test_power_grows_as_noise_falls_and_names_a_detectable_effect():
    quiet, loud = power(GRID, 0.05, ONE, 60, 0), power(GRID, 1.0, ONE, 60, 0)
    assert quiet["at_one_point"] >= 0.95 > loud["at_one_point"]
    assert quiet["detectable"] < 1 < loud["detectable"]
    assert loud["detectable"] == pytest.approx(20 * quiet["detectable"])


def test_verdicts():
    assert [verdict(0.01, 0.1), verdict(0.5, 0.9), verdict(0.5, 0.3)] == [Verdict.PEAK, Verdict.NONE, Verdict.OPEN]
