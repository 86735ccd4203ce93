"""The peak between two arms against a slow optimiser, exact curves and simulated coverage."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import nnls

from infoviews.analysis.statistics.arms import POWERS, fits, intervals, peak_intervals
from infoviews.analysis.statistics.peak import find_peak

GRID = np.linspace(0, 1, 12)


def test_fits_are_least_squares_with_falling_arms():
    y = np.stack([np.cos(3 * GRID), np.sin(5 * GRID)], axis=1)
    y += 0.1 * np.random.default_rng(0).standard_normal((12, 2))
    found = fits(GRID, y, np.array([0.0, 0.35, 1.0]))
    for row, place in enumerate((0.0, 0.35, 1.0)):
        for column, (left, right) in enumerate(POWERS):
            away = GRID - place
            arms = [-np.where(away < 0, np.abs(away) ** left, 0), -np.where(away > 0, np.abs(away) ** right, 0)]
            # The height is free in sign: as the difference of two parts that are not.
            design = np.stack([np.ones(12), -np.ones(12), *arms], axis=1)
            for one in (0, 1):
                _, rest = nnls(design, y[:, one])
                assert found.squares[row, column, one] == pytest.approx(rest**2, abs=1e-6)


@pytest.mark.parametrize("place", [0.3, 0.5, 0.8])
def test_an_exact_peak_is_found_where_it_is(place):
    x = 2 + 3 * GRID
    y = 70 - np.where(place > GRID, 4.0, 9.0) * np.abs(GRID - place) ** 2
    (at, low, high), (height, bottom, top), inside = peak_intervals(x, y)
    assert at == pytest.approx(2 + 3 * place, abs=0.03)
    # No narrower than the gap between the settings on either side, within which the curve is unseen.
    assert low == pytest.approx(x[x <= at].max(), abs=0.03) and high == pytest.approx(x[x >= at].min(), abs=0.03)
    assert height == pytest.approx(70, abs=0.05) and bottom <= height <= top and inside


@pytest.mark.parametrize(("slope", "end"), [(1.0, 5.0), (-1.0, 2.0)])
def test_a_monotone_curve_peaks_at_an_end(slope, end):
    x = 2 + 3 * GRID
    (at, *_), _, inside = peak_intervals(x, 70 + slope * x)
    assert at == end and not inside


def test_intervals_follow_the_units():
    y = 70 - 5 * (GRID - 0.4) ** 2 + 0.2 * np.random.default_rng(1).standard_normal(12)
    place, height, _ = peak_intervals(GRID, y)
    moved, taller, _ = peak_intervals(1 + 4 * GRID, 10 + 2 * y)
    assert moved == pytest.approx(1 + 4 * place) and taller == pytest.approx(10 + 2 * height, abs=1e-4)


@pytest.mark.parametrize("at", [0.3, 0.6])
def test_intervals_hold_the_planted_peak_about_as_often_as_they_say(at):
    truth = np.where(at > GRID, 1 - ((GRID - at) / at) ** 2, 1 - ((GRID - at) / (1 - at)) ** 2)
    rng = np.random.default_rng(2)
    place, height = intervals(GRID, 70 + truth + 0.2 * rng.standard_normal((120, 12)))
    # Four standard errors (0.02) below 0.95.
    assert held(place, at) >= 0.87 and held(height, 71) >= 0.87
    assert (place[:, 2] - place[:, 1]).mean() < 0.75


@pytest.mark.parametrize("noise", [0.02, 0.1])
@pytest.mark.parametrize("mirrored", [False, True])
def test_an_arm_that_falls_steeply_first_does_not_hide_the_place(noise, mirrored):
    # Decay after a parabola's rise, over settings as unevenly spread as those of a real study.
    x = np.array([0, 0.05, 0.08, 0.17, 0.28, 0.52, 0.76, 1])
    truth = np.where(x < 0.25, 1 - (4 * x - 1) ** 2, np.exp(-(x - 0.25) / 0.3))
    at = 0.75 if mirrored else 0.25
    x, truth = (1 - x[::-1], truth[::-1]) if mirrored else (x, truth)
    place, height = intervals(x, 70 + truth + noise * np.random.default_rng(3).standard_normal((120, 8)))
    assert held(place, at) >= 0.87 and held(height, 71) >= 0.87


def held(interval: np.ndarray, truth: float) -> float:
    return float(np.mean((interval[:, 1] <= truth) & (truth <= interval[:, 2])))


def test_many_data_sets_at_once_are_each_alone():
    ys = 70 - 5 * (GRID - 0.4) ** 2 + 0.3 * np.random.default_rng(4).standard_normal((5, 12))
    together = intervals(GRID, ys)
    for one, y in enumerate(ys):
        for alone, all_of_them in zip(peak_intervals(GRID, y)[:2], together, strict=True):
            assert alone == pytest.approx(all_of_them[one], abs=1e-9)


def test_the_order_of_the_settings_does_not_matter():
    y = 70 - 5 * (GRID - 0.4) ** 2 + 0.2 * np.random.default_rng(1).standard_normal(12)
    mixed = np.random.default_rng(5).permutation(12)
    for sorted_, shuffled in zip(peak_intervals(GRID, y), peak_intervals(GRID[mixed], y[mixed]), strict=True):
        assert sorted_ == pytest.approx(shuffled, abs=1e-6)


def test_luck_of_the_test_set_widens_the_height_alone():
    y = 70 - 5 * (GRID - 0.4) ** 2 + 0.2 * np.random.default_rng(1).standard_normal(12)
    sure, _ = find_peak(GRID, y, 0.0, 50, np.random.default_rng(0))
    unsure, _ = find_peak(GRID, y, 2.0, 50, np.random.default_rng(0))
    assert (sure.location_low, sure.location_high) == (unsure.location_low, unsure.location_high)
    assert unsure.height_high - unsure.height == pytest.approx(np.hypot(sure.height_high - sure.height, 1.959964 * 2))


def test_too_few_settings_say_so():
    with pytest.raises(ValueError, match="given 5"):
        peak_intervals(GRID[:5], GRID[:5])
