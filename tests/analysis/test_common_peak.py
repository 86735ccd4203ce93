"""One best place for all curves, or one for each: known truths, a slow reference, and the rate of false alarms."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from infoviews.analysis.statistics.arms import PLACES, fits
from infoviews.analysis.statistics.common_peak import best_at, different_places, profiles, ratio

SCALES = np.array([1.0, 2.0, 0.5])


def tents(x: np.ndarray, places: np.ndarray, noise: float, rng: np.random.Generator) -> np.ndarray:
    """Curves that fall to both sides, at different rates (tasks, n), with errors that tasks share in part."""
    shared = rng.standard_normal((1, len(x)))
    own = rng.standard_normal((len(places), len(x)))
    return 70 - 2 * SCALES[:, None] * np.abs(x - places[:, None]) + noise * (0.7 * shared + 0.7 * own)


def test_places_far_apart_are_told_apart_and_one_place_is_found():
    x, rng = np.linspace(0, 5, 14), np.random.default_rng(0)
    apart, _ = different_places(x, tents(x, np.array([0.5, 2.5, 4.5]), 0.3, rng), rng, draws=39)
    together, place = different_places(x, tents(x, np.array([2.0, 2.0, 2.0]), 0.1, rng), rng, draws=39)
    assert apart == pytest.approx(1 / 40) and together > 0.05 and place == pytest.approx(2.0, abs=0.15)


def test_one_place_for_all_is_rejected_in_at_most_5_percent_of_studies():
    rng, rejected, studies = np.random.default_rng(1), 0, 24
    for _ in range(studies):
        x = np.sort(rng.uniform(0, 5, 10))
        rejected += different_places(x, tents(x, np.full(3, 1.8), 0.5, rng), rng, draws=39)[0] <= 0.05
    assert rejected <= stats.binom.ppf(0.999, studies, 0.05)


def test_the_curve_at_a_place_is_the_best_that_the_arms_allow_there():
    rng, u = np.random.default_rng(2), np.linspace(0, 1, 9)
    for place in (0.0, 0.3, 1.0):
        y = rng.standard_normal(9)
        expected = fits(u, y[:, None], np.array([place])).squares.min()
        assert ((y - best_at(u, y, place)) ** 2).sum() == pytest.approx(expected, rel=1e-6)


def test_the_ratio_is_that_of_the_profiles():
    u, rng = np.linspace(0, 1, 8), np.random.default_rng(3)
    y = rng.standard_normal((2, 3, 8))
    found, at = ratio(profiles(u, y))
    for index, curves in enumerate(y):
        squares = np.log(fits(u, curves.T, np.linspace(0, 1, PLACES)).squares.min(axis=1))
        assert found[index] == pytest.approx(squares.sum(axis=1).min() - squares.min(axis=0).sum())
        assert at[index] == squares.sum(axis=1).argmin()


def test_too_little_is_refused():
    with pytest.raises(ValueError, match="needs 6 settings that differ in information and 2 tasks, given 5, 2"):
        different_places(np.arange(5.0), np.zeros((2, 5)), np.random.default_rng(0))
