"""Do several curves over the same settings have their highest point at the same place?

Each task's curve has two arms (``arms``). The likelihood ratio of a place for each task to one place for all is
compared with what it is in data sets drawn from the best curves with one place (parametric bootstrap; Davison & Hinkley
1997, 4.4). Tasks are scored on the same encoders, so the scatter around their curves is drawn with its correlation
between tasks.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import nnls

from infoviews.analysis.statistics.arms import PLACES, POWERS, SPENT, designs, fits

DRAWS = 199
"""Data sets drawn where all curves have one place."""

AT_ONCE = 300
"""Curves fitted together, for the sake of memory."""


def different_places(x: np.ndarray, y: np.ndarray, rng: np.random.Generator, draws: int = DRAWS) -> tuple[float, float]:
    """Test whether curves differ in the place of their highest point.

    A curve that only rises or falls has it at an end of the range.

    Args:
        x: information of the settings (n,), nats; y: transfer (tasks, n), percent; rng: source of randomness.

    Returns:
        The p value of one place for all, and that place, nats.

    Raises:
        ValueError: fewer than ``SPENT + 1`` settings, fewer than two curves, or no spread in x.
    """
    if len(x) <= SPENT or len(y) < 2 or np.ptp(x) <= 0:
        raise ValueError(f"needs {SPENT + 1} settings that differ in information and 2 tasks, given {x.size}, {len(y)}")
    u = (x - x.min()) / np.ptp(x)
    squares = profiles(u, y[None])
    seen, at = ratio(squares)
    place = float(np.linspace(0, 1, PLACES)[at[0]])
    fitted = np.stack([best_at(u, curve, place) for curve in y])
    left = y - fitted
    root = np.linalg.cholesky(left @ left.T / (len(x) - SPENT) + 1e-9 * np.eye(len(y)))
    drawn, _ = ratio(profiles(u, fitted + root @ rng.standard_normal((draws, *y.shape))))
    return float((1 + np.sum(drawn >= seen[0])) / (draws + 1)), float(x.min() + place * np.ptp(x))


def profiles(u: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Logarithm of the least squared residuals at each place (places, sets, tasks), of curves y (sets, tasks, n)."""
    curves = y.reshape(-1, y.shape[-1])
    places = np.linspace(0, 1, PLACES)
    parts = [
        fits(u, curves[start : start + AT_ONCE].T, places).squares.min(axis=1)
        for start in range(0, len(curves), AT_ONCE)
    ]
    return np.log(np.maximum(np.concatenate(parts, axis=1), 1e-12)).reshape(PLACES, *y.shape[:2])


def ratio(squares: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Logarithm of the likelihood ratio (sets,), but for the factor n / 2, and index of the best common place."""
    together = squares.sum(axis=2)
    return together.min(axis=0) - squares.min(axis=0).sum(axis=1), together.argmin(axis=0)


def best_at(u: np.ndarray, y: np.ndarray, place: float) -> np.ndarray:
    """The least-squares curve (n,) whose highest point is at a place, through y (n,) over u (n,)."""
    arms, level = designs(u, np.array([place]))[0], y.mean()
    found = []
    for power in range(len(POWERS)):
        columns = np.column_stack([np.ones_like(u), -np.ones_like(u), arms[power]])
        weights, error = nnls(columns, y - level)
        found.append((error, level + columns @ weights))
    return min(found, key=lambda pair: pair[0])[1]
