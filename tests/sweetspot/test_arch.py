"""The peak between two arms against a slow optimiser, exact curves and simulated coverage."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import nnls

from infoviews.sweetspot.arch import POWERS, fits, peak_intervals
from infoviews.sweetspot.peak import find_peak

GRID = np.linspace(0, 1, 12)


def test_fits_are_least_squares_with_falling_arms():
    y = np.cos(3 * GRID) + 0.1 * np.random.default_rng(0).standard_normal(12)
    found = fits(GRID, y, np.array([0.0, 0.35, 1.0]))
    for row, place in enumerate((0.0, 0.35, 1.0)):
        for column, (left, right) in enumerate(POWERS):
            away = GRID - place
            arms = [-np.where(away < 0, np.abs(away) ** left, 0), -np.where(away > 0, np.abs(away) ** right, 0)]
            # The height is free in sign: as the difference of two parts that are not.
            _, rest = nnls(np.stack([np.ones(12), -np.ones(12), *arms], axis=1), y)
            assert found.squares[row, column] == pytest.approx(rest**2, abs=1e-6)


@pytest.mark.parametrize("place", [0.3, 0.5, 0.8])
def test_an_exact_peak_is_found_where_it_is(place):
    x = 2 + 3 * GRID
    y = 70 - np.where(place > GRID, 4.0, 9.0) * np.abs(GRID - place) ** 2
    (at, low, high), (height, bottom, top), inside = peak_intervals(x, y)
    assert at == pytest.approx(2 + 3 * place, abs=0.03) and low <= at <= high and high - low < 0.2
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
    found = [peak_intervals(GRID, 70 + truth + 0.2 * rng.standard_normal(12))[:2] for _ in range(120)]
    place = np.mean([p[1] <= at <= p[2] for p, _ in found])
    height = np.mean([h[1] <= 71 <= h[2] for _, h in found])
    # Four standard errors (0.02) around 0.95.
    assert place >= 0.87 and height >= 0.87
    assert np.mean([p[2] - p[1] for p, _ in found]) < 0.75


def test_luck_of_the_test_set_widens_the_height_alone():
    y = 70 - 5 * (GRID - 0.4) ** 2 + 0.2 * np.random.default_rng(1).standard_normal(12)
    sure, _ = find_peak(GRID, y, 0.0, 50, np.random.default_rng(0))
    unsure, _ = find_peak(GRID, y, 2.0, 50, np.random.default_rng(0))
    assert (sure.location_low, sure.location_high) == (unsure.location_low, unsure.location_high)
    assert unsure.height_high - unsure.height == pytest.approx(np.hypot(sure.height_high - sure.height, 1.959964 * 2))


def test_too_few_settings_say_so():
    with pytest.raises(ValueError, match="given 5"):
        peak_intervals(GRID[:5], GRID[:5])
