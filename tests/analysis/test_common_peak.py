"""One best place for all curves, or one for each: known truths, closed forms, and the rate of false alarms."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from infoviews.analysis.statistics.common_peak import GRID, different_places, loss, moved
from infoviews.analysis.statistics.spline import smooth, smooths

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
    assert apart == pytest.approx(1 / 40) and together > 0.05 and place == pytest.approx(2.0, abs=0.2)


@pytest.mark.parametrize("place", [1.8, 5.0])
def test_one_place_for_all_is_rejected_in_at_most_5_percent_of_studies(place):
    rng, rejected, studies = np.random.default_rng(1), 0, 60
    for _ in range(studies):
        x = np.sort(rng.uniform(0, 5, 10))
        rejected += different_places(x, tents(x, np.full(3, place), 0.5, rng), rng, draws=39)[0] <= 0.05
    assert rejected <= stats.binom.ppf(0.999, studies, 0.05)


def test_what_is_lost_is_the_closed_form_of_two_parabolas():
    """Of -(x - a)² and -(x - b)², of scatter 1 and 1, the best common place is halfway: each loses (a - b)² / 4."""
    curves = -((GRID - np.array([[0.2], [0.6]])) ** 2)
    lost, at = loss(np.stack([curves, curves[[0, 0]]]), np.ones(2))
    assert lost == pytest.approx([2 * 0.2**2, 0.0]) and GRID[at] == pytest.approx([0.4, 0.2])
    assert loss(curves[None], np.array([1e6, 1.0]))[0] == pytest.approx(0.16 / 1e6, rel=1e-3)


def test_a_moved_curve_keeps_its_height_and_ends_and_has_its_top_at_the_place():
    curve = 3 - 5 * (GRID - 0.3) ** 2
    there = moved(GRID, curve, 0.8)
    assert GRID[there.argmax()] == pytest.approx(0.8) and there.max() == pytest.approx(3.0)
    assert there[[0, -1]] == pytest.approx(curve[[0, -1]]) and moved(GRID, curve, 0.3) == pytest.approx(curve)


def test_many_curves_are_smoothed_as_one_is():
    rng, x = np.random.default_rng(2), np.array([0.0, 0.1, 0.1, 0.4, 0.6, 0.9, 1.0])
    y = rng.standard_normal((3, len(x)))
    for many, one in zip(smooths(x, y, np.unique(x)), (smooth(x, row) for row in y), strict=True):
        assert many == pytest.approx(one.fitted)
    left = [
        np.abs(np.interp(x, np.unique(x), c) - r).mean()
        for c, r in zip(smooths(x, y, np.unique(x), rougher=6), y, strict=True)
    ]
    assert sum(left) <= sum(np.abs(np.interp(x, np.unique(x), smooth(x, r).fitted) - r).mean() for r in y)


def test_too_little_is_refused():
    with pytest.raises(ValueError, match="needs 6 settings, 5 of them distinct, and 2 tasks, given 5, 2"):
        different_places(np.arange(5.0), np.zeros((2, 5)), np.random.default_rng(0))
