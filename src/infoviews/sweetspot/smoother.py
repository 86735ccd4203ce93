"""Cubic smoothing spline, penalty by generalised cross-validation (Green & Silverman 1994, ch. 2-3)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Smooth:
    """Fitted values and their standard errors at the distinct x, each (m,); residual standard deviation."""

    x: np.ndarray
    fitted: np.ndarray
    error: np.ndarray
    sigma: float


def roughness(x: np.ndarray) -> np.ndarray:
    """Matrix K (m, m) with f'Kf = ∫ f''² for the natural cubic spline through f at distinct, rising x (m ≥ 3)."""
    h = np.diff(x)
    m = len(x)
    q = np.zeros((m, m - 2))
    inner = np.arange(m - 2)
    q[inner, inner] = 1 / h[:-1]
    q[inner + 1, inner] = -1 / h[:-1] - 1 / h[1:]
    q[inner + 2, inner] = 1 / h[1:]
    r = np.diag((h[:-1] + h[1:]) / 3) + np.diag(h[1:-1] / 6, 1) + np.diag(h[1:-1] / 6, -1)
    return q @ np.linalg.solve(r, q.T)


def smooth(x: np.ndarray, y: np.ndarray, strengths: int = 60) -> Smooth:
    """Smooth y (n,) over x (n,); tied x are averaged and weigh as one point.

    Raises:
        ValueError: fewer than four distinct x.
    """
    points, where = np.unique(x, return_inverse=True)
    if len(points) < 4:
        raise ValueError(f"a smoothing spline needs at least 4 distinct x, given {len(points)}")
    means = np.bincount(where, weights=y) / np.bincount(where)
    scaled = (points - points[0]) / (points[-1] - points[0])
    values, vectors = np.linalg.eigh(roughness(scaled))
    values = np.clip(values, 0, None)
    values[:2] = 0  # straight lines are not rough
    penalties = np.geomspace(1e-7, 1e3, strengths)
    shrink = 1 / (1 + penalties[:, None] * values)  # (strengths, m)
    turned = vectors.T @ means
    m = len(points)
    freedom = shrink.sum(axis=1)
    residual = (((1 - shrink) * turned) ** 2).sum(axis=1)
    # A weight of 1.4 on the degrees of freedom guards against interpolation with so few points (Wood 2006, 4.1.2).
    score = np.where(1.4 * freedom < m, residual / np.clip(m - 1.4 * freedom, 1e-9, None) ** 2, np.inf)
    best = int(np.argmin(score))
    hat = (vectors * shrink[best]) @ vectors.T
    sigma = float(np.sqrt(residual[best] / (m - freedom[best])))
    return Smooth(points, hat @ means, sigma * np.sqrt((hat**2).sum(axis=1)), sigma)
