"""The vertex of a parabola with a cluster bootstrap: what the peak of a report is compared with in simulations."""

from __future__ import annotations

import numpy as np

from infoviews.analysis.record import Peak


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
