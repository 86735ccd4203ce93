"""Straight line against parabola, as description only: a significant square term is no evidence of a peak."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.isotonic import IsotonicRegression

DEGREES = {"constant": 0, "linear": 1, "quadratic": 2}


def describe(x: np.ndarray, y: np.ndarray) -> dict[str, Any]:
    """AICc and leave-one-out error of polynomials, and how much a monotone curve leaves unexplained.

    Args:
        x: information (n,), nats; y: mean transfer (n,), percent.

    Returns:
        Per polynomial ``aicc`` (null with too few points) and ``loo_rmse`` (percent); for the isotonic curve
        (better direction of the two) ``rmse``, percent, and its direction.
    """
    spread = x.std()
    t = (x - x.mean()) / spread if spread > 0 else np.zeros_like(x)
    shapes: dict[str, Any] = {name: polynomial(t, y, degree) for name, degree in DEGREES.items()}
    fits = {}
    for name, rising in (("rising", True), ("falling", False)):
        fitted = IsotonicRegression(increasing=rising).fit(x, y).predict(x)
        fits[name] = float(np.sqrt(np.mean((y - fitted) ** 2)))
    direction = min(fits, key=lambda name: (fits[name], name))
    shapes["isotonic"] = {"direction": direction, "rmse": fits[direction]}
    return shapes


def polynomial(t: np.ndarray, y: np.ndarray, degree: int) -> dict[str, float | None]:
    """AICc with the error variance counted as a parameter, and the leave-one-out error by the hat matrix."""
    design = np.vander(t, degree + 1)
    hat = design @ np.linalg.pinv(design)
    residual = y - hat @ y
    n, k = len(y), degree + 2
    squares = max(float(residual @ residual), 1e-12)
    aicc = n * np.log(squares / n) + 2 * k + 2 * k * (k + 1) / (n - k - 1) if n > k + 1 else None
    leverage = np.diag(hat)
    loo = None
    if np.all(leverage < 1 - 1e-9):
        loo = float(np.sqrt(np.mean((residual / (1 - leverage)) ** 2)))
    return {"aicc": None if aicc is None else float(aicc), "loo_rmse": loo}
