"""Power of the two-lines test by simulation, for the grid of settings that was run and the noise that was measured."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from infoviews.analysis.record import ALPHA
from infoviews.analysis.statistics.two_lines import two_lines

EFFECTS = (1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0)
"""Height of the planted peak over the lower end of the curve, in standard deviations of a setting's mean."""


def power(x: np.ndarray, noise: float, families: np.ndarray, draws: int, seed: int) -> dict[str, Any]:
    """Chance to find an inverted U of one point, and the height that is found with a chance of 80 %.

    The planted curve is a parabola with its peak in the middle of the measured range.

    Args:
        x: information of the settings (n,), nats.
        noise: standard deviation of a setting's mean around the curve, percent.
        families: name of each setting's family (n,).
        draws: simulated data sets per height.
        seed: seed of the simulation.

    Returns:
        ``noise``, ``at_one_point`` (share) and ``detectable`` (percent; null if beyond the largest simulated).
    """
    if noise <= 0:
        return {"noise": float(noise), "at_one_point": 1.0, "detectable": 0.0}
    rates = np.array(rates_by_effect(tuple(map(float, x)), tuple(map(str, families)), draws, seed))
    at_one = float(np.interp(1 / noise, (0.0, *EFFECTS), (0.0, *rates)))
    reached = np.flatnonzero(rates >= 0.8)
    detectable = None
    if len(reached):
        first = int(reached[0])
        grid, heights = (0.0, *rates), (0.0, *EFFECTS)
        detectable = noise * float(np.interp(0.8, grid[first : first + 2], heights[first : first + 2]))
    return {"noise": float(noise), "at_one_point": at_one, "detectable": detectable}


@lru_cache(maxsize=256)
def rates_by_effect(x: tuple[float, ...], families: tuple[str, ...], draws: int, seed: int) -> tuple[float, ...]:
    """Share of data sets in which the test finds the planted peak, per height in ``EFFECTS``."""
    points, of = np.array(x), np.array(families)
    curve = 1 - (2 * (points - points.min()) / (points.max() - points.min()) - 1) ** 2
    noise = np.random.default_rng([seed, len(x)]).standard_normal((draws, len(x)))
    return tuple(
        float(np.mean([two_lines(points, effect * curve + drawn, of).p < ALPHA for drawn in noise]))
        for effect in EFFECTS
    )
