"""Where the curve peaks and how high: vertex of a parabola, interval by cluster bootstrap of settings and seeds."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Peak:
    """Location (nats) and height (percent) with 95 % intervals; share of bootstrap draws with a peak inside."""

    location: float
    location_low: float
    location_high: float
    height: float
    height_low: float
    height_high: float
    inside: float

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def vertices(x: np.ndarray, y: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Highest point of the parabola fitted to each draw, within the range of its x.

    Args:
        x, y, weights: (draws, n).

    Returns:
        Location and height, each (draws,), and whether the parabola is concave with its vertex inside.
    """
    low = np.where(weights > 0, x, np.inf).min(axis=1, keepdims=True)
    high = np.where(weights > 0, x, -np.inf).max(axis=1, keepdims=True)
    centre, scale = (low + high) / 2, np.where(high > low, (high - low) / 2, 1)
    t = (x - centre) / scale
    design = np.stack([np.ones_like(t), t, t**2], axis=2)  # (draws, n, 3)
    gram = np.einsum("bni,bn,bnj->bij", design, weights, design) + 1e-9 * np.eye(3)
    a, b, c = np.linalg.solve(gram, np.einsum("bni,bn,bn->bi", design, weights, y)[..., None])[..., 0].T
    concave = c < 0
    vertex = np.where(concave, -b / np.where(concave, 2 * c, 1), np.sign(b))
    inside = concave & (np.abs(vertex) < 1)
    vertex = np.where(concave, np.clip(vertex, -1, 1), np.sign(b))
    return centre[:, 0] + scale[:, 0] * vertex, a + b * vertex + c * vertex**2, inside


def bootstrap(
    x: np.ndarray, error: np.ndarray, seeds: list[np.ndarray], example_se: float, draws: int, rng: np.random.Generator
) -> Peak:
    """Peak with an interval from settings, seeds within settings, measurement of x, and test examples.

    All settings are scored on the same test examples, whose luck moves the whole curve: it widens the height's
    interval and leaves the location's alone.

    Args:
        x: information of the settings (n,), nats; error: its standard errors (n,).
        seeds: transfer of every seed of each setting, percent.
        example_se: standard error of the mean transfer from the finite test sets, percent.
        draws: bootstrap draws.
        rng: source of randomness.
    """
    n = len(x)
    means = np.array([s.mean() for s in seeds])
    location, height, _ = vertices(x[None], means[None], np.ones((1, n)))
    chosen = rng.integers(0, n, (draws, n))
    y = np.empty((draws, n))
    for setting, values in enumerate(seeds):
        picks = rng.integers(0, len(values), (draws, n, len(values)))
        y = np.where(chosen == setting, values[picks].mean(axis=2), y)
    drawn = x[chosen] + error[chosen] * rng.standard_normal((draws, n))
    usable = np.array([len(np.unique(row)) >= 3 for row in chosen])
    locations, heights, inside = vertices(drawn[usable], y[usable], np.ones((int(usable.sum()), n)))
    locations = np.clip(locations, x.min(), x.max())
    heights = heights + example_se * rng.standard_normal(len(heights))
    (l0, l1), (h0, h1) = np.quantile(locations, [0.025, 0.975]), np.quantile(heights, [0.025, 0.975])
    return Peak(float(location[0]), float(l0), float(l1), float(height[0]), float(h0), float(h1), float(inside.mean()))
