"""Where the curve peaks and how high: between two arms, and of a parabola as a second opinion; the smooth curve."""

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


def parabola_peak(x: np.ndarray, y: np.ndarray, example_se: float, draws: int, rng: np.random.Generator) -> Peak:
    """Vertex of a parabola, with a cluster bootstrap over settings.

    Only settings are drawn: their seeds' scatter comes with them, and drawing seeds as well would count it twice
    (Davison & Hinkley 1997, 3.8).
    """
    chosen = rng.integers(0, len(x), (draws, len(x)))
    chosen = chosen[[len(np.unique(row)) >= 4 for row in x[chosen]]]
    locations, heights, inside = vertices(x[chosen], y[chosen])
    locations = np.clip(locations, x.min(), x.max())
    return summary(locations, heights + example_se * rng.standard_normal(len(heights)), float(inside.mean()))


def vertices(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Highest point of the least-squares parabola of each row, within the range of its x.

    Args:
        x, y: (draws, n).

    Returns:
        Location and height, each (draws,), and whether the parabola is concave with its vertex inside.
    """
    low, high = x.min(axis=1, keepdims=True), x.max(axis=1, keepdims=True)
    centre, scale = (low + high) / 2, np.where(high > low, (high - low) / 2, 1)
    t = (x - centre) / scale
    design = np.stack([np.ones_like(t), t, t**2], axis=2)  # (draws, n, 3)
    gram = np.einsum("bni,bnj->bij", design, design) + 1e-9 * np.eye(3)
    a, b, c = np.linalg.solve(gram, np.einsum("bni,bn->bi", design, y)[..., None])[..., 0].T
    concave = c < 0
    vertex = np.where(concave, -b / np.where(concave, 2 * c, 1), np.sign(b))
    inside = concave & (np.abs(vertex) < 1)
    vertex = np.clip(vertex, -1, 1)
    return centre[:, 0] + scale[:, 0] * vertex, a + b * vertex + c * vertex**2, inside


def summary(locations: np.ndarray, heights: np.ndarray, inside: float) -> Peak:
    """Medians and 95 % intervals of draws."""
    parts = (0.5, 0.025, 0.975)
    location, left, right = (float(v) for v in np.quantile(locations, parts))
    height, low, high = (float(v) for v in np.quantile(heights, parts))
    return Peak(location, left, right, height, low, high, inside)
