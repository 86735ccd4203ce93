"""Where the curve peaks and how high, between two arms; the smooth curve."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from infoviews.analysis.record import Z95, Peak
from infoviews.analysis.statistics.arms import peak_intervals
from infoviews.analysis.statistics.spline import posterior, smooth


@dataclass(frozen=True)
class Band:
    """The smooth curve on a grid: mean and 95 % band at each point."""

    information: np.ndarray
    transfer: np.ndarray
    low: np.ndarray
    high: np.ndarray


def find_peak(
    x: np.ndarray,
    y: np.ndarray,
    example_se: float,
    draws: int,
    rng: np.random.Generator,
    beyond: np.ndarray | None = None,
) -> tuple[Peak, Band]:
    """The peak between two arms, and the smooth curves that the settings allow.

    The settings' scatter around the curve carries the luck of seeds, of the settings themselves and of measuring
    their information. All settings are scored on the same test examples, whose luck moves the whole curve: it widens
    the interval of the height and leaves the location's alone.

    Args:
        x: information of the settings (n,), nats; y: mean transfer (n,), percent.
        example_se: standard error of transfer from the finite test sets, percent.
        draws: number of smooth curves drawn.
        rng: source of randomness.
        beyond: mean transfer (m,), percent, of settings that lie beyond x at places unknown: their level competes
            with the curve for the highest point.
    """
    (location, left, right), (height, low, high), _ = peak_intervals(x, y)
    low = height - np.hypot(height - low, Z95 * example_se)
    high = min(height + np.hypot(high - height, Z95 * example_se), 100.0)
    grid, curves = posterior(x, y, draws, rng)
    at = curves.argmax(axis=1)
    within = (at > 0) & (at < len(grid) - 1)
    if beyond is not None and len(beyond):
        level = beyond.mean() + smooth(x, y).sigma / np.sqrt(len(beyond)) * rng.standard_normal(draws)
        within &= curves.max(axis=1) > level
    inside = float(np.mean(within))
    coarse = slice(None, None, 2)
    band = np.quantile(curves[:, coarse], [0.025, 0.975], axis=0)
    found = Peak(float(location), float(left), float(right), float(height), float(low), float(high), inside)
    return found, Band(grid[coarse], curves[:, coarse].mean(axis=0), *band)
