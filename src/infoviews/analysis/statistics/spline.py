"""Cubic smoothing spline (Green & Silverman 1994, ch. 2-3) and the posterior of curves that it implies (Wahba 1983)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.interpolate import CubicSpline

PENALTIES = np.geomspace(1e-7, 1e3, 60)
"""Roughness penalties tried, for x scaled to [0, 1]."""


@dataclass(frozen=True)
class Smooth:
    """Fitted values and their standard errors at the distinct x, each (m,); residual standard deviation."""

    x: np.ndarray
    fitted: np.ndarray
    error: np.ndarray
    sigma: float


@dataclass(frozen=True)
class Spectrum:
    """The smoother of m distinct x in its own basis, where every penalty only shrinks coordinates.

    Attributes:
        x: distinct, rising x (m,).
        basis: orthonormal columns (m, m); the first two span the straight lines.
        shrink: factor per penalty and coordinate (penalties, m).
        turned: y in that basis (m,).
    """

    x: np.ndarray
    basis: np.ndarray
    shrink: np.ndarray
    turned: np.ndarray


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


def spectrum(x: np.ndarray, y: np.ndarray) -> Spectrum:
    """Decompose the smoother of y (n,) over x (n,); tied x are averaged and weigh as one point.

    Raises:
        ValueError: fewer than four distinct x.
    """
    points, where = np.unique(x, return_inverse=True)
    if len(points) < 4:
        raise ValueError(f"a smoothing spline needs at least 4 distinct x, given {len(points)}")
    means = np.bincount(where, weights=y) / np.bincount(where)
    values, basis = np.linalg.eigh(roughness((points - points[0]) / (points[-1] - points[0])))
    values = np.clip(values, 0, None)
    values[:2] = 0  # straight lines are not rough
    return Spectrum(points, basis, 1 / (1 + PENALTIES[:, None] * values), basis.T @ means)


def smooth(x: np.ndarray, y: np.ndarray) -> Smooth:
    """Smooth y (n,) over x (n,) with the penalty that generalised cross-validation picks."""
    s = spectrum(x, y)
    shrink = s.shrink[penalty(s, s.turned[:, None])[0]]
    hat = (s.basis * shrink) @ s.basis.T
    sigma = float(np.sqrt((((1 - shrink) * s.turned) ** 2).sum() / (len(s.x) - shrink.sum())))
    return Smooth(s.x, s.basis @ (shrink * s.turned), sigma * np.sqrt((hat**2).sum(axis=1)), sigma)


def penalty(s: Spectrum, turned: np.ndarray, alike: int = 1) -> np.ndarray:
    """Index of the penalty (sets,) that generalised cross-validation picks for data sets in the basis (m, sets).

    A weight of 1.4 on the degrees of freedom guards against interpolation with so few points (Wood 2006, 4.1.2).

    Args:
        alike: how many sets in a row get one penalty, of least product of scores, so that each counts in its own scale.
    """
    m, freedom = len(s.x), s.shrink.sum(axis=1)[:, None]
    residual = np.maximum((1 - s.shrink) ** 2 @ turned**2, 1e-300)
    score = np.where(1.4 * freedom < m, np.log(residual) - 2 * np.log(np.clip(m - 1.4 * freedom, 1e-9, None)), np.inf)
    return np.repeat(score.reshape(len(score), -1, alike).sum(axis=2).argmin(axis=0), alike)


def smooths(x: np.ndarray, y: np.ndarray, grid: np.ndarray, alike: int = 1, rougher: int = 0) -> np.ndarray:
    """Smooth curves of many data sets y (sets, n) over the same x (n,), on a grid (sets, points).

    Args:
        alike: how many sets in a row are equally smooth; rougher: how many steps of ``PENALTIES`` below the penalty
            that cross-validation picks.
    """
    s = spectrum(x, y[0])
    same = np.unique(x, return_inverse=True)[1] == np.arange(len(s.x))[:, None]
    turned = s.basis.T @ (same / same.sum(axis=1, keepdims=True)) @ y.T
    shrink = s.shrink[np.maximum(penalty(s, turned, alike) - rougher, 0)].T
    return CubicSpline(s.x, s.basis @ (shrink * turned), bc_type="natural")(grid).T


def posterior(x: np.ndarray, y: np.ndarray, draws: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Curves that the points allow: draws over penalty (restricted likelihood), error variance and curve.

    Unlike intervals at one chosen penalty these allow for the smoother's bias (Nychka 1988) and for not knowing how
    smooth the curve is, which with a dozen points is most of what is unknown.

    Returns:
        Even grid over the range of x (points,), 101 of them, and curves on it (draws, points).
    """
    s = spectrum(x, y)
    m = len(s.x)
    weighted = np.clip(((1 - s.shrink) * s.turned**2).sum(axis=1), 1e-12, None)
    evidence = 0.5 * np.log(1 - s.shrink[:, 2:]).sum(axis=1) - 0.5 * (m - 2) * np.log(weighted)
    chance = np.exp(evidence - evidence.max())
    chosen = rng.choice(len(PENALTIES), draws, p=chance / chance.sum())
    sigma = np.sqrt(weighted[chosen] / rng.chisquare(m - 2, draws))
    spread = sigma[:, None] * np.sqrt(s.shrink[chosen]) * rng.standard_normal((draws, m))
    values = (s.shrink[chosen] * s.turned + spread) @ s.basis.T
    scaled, unit = (s.x - s.x[0]) / (s.x[-1] - s.x[0]), np.linspace(0, 1, 101)
    through = CubicSpline(scaled, np.eye(m), bc_type="natural")(unit)  # (points, m)
    between = bridges(scaled, unit, through) @ rng.standard_normal((len(unit), draws))
    rough = sigma / np.sqrt(PENALTIES[chosen])
    return s.x[0] + unit * (s.x[-1] - s.x[0]), values @ through.T + rough[:, None] * between.T


def bridges(x: np.ndarray, grid: np.ndarray, through: np.ndarray) -> np.ndarray:
    """Square root (points, points) of the covariance that a curve keeps between points where it is known.

    The spline is the posterior mean of an integrated Wiener process; between its knots the process still varies.

    Args:
        x: knots in [0, 1] (m,); grid: where the curve is wanted (points,).
        through: natural spline through knot values, as a matrix (points, m).
    """
    at = np.concatenate([grid, x])
    low, high = np.minimum.outer(at, at), np.maximum.outer(at, at)
    prior = low**2 * (3 * high - low) / 6
    left_over = np.hstack([np.eye(len(grid)), -through])
    values, vectors = np.linalg.eigh(left_over @ prior @ left_over.T)
    return vectors * np.sqrt(np.clip(values, 0, None))
