"""What measurement error in information does to the answer: simulation-extrapolation (Cook & Stefanski 1994)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from infoviews.analysis.record import Z95
from infoviews.analysis.statistics.arms import peak_intervals
from infoviews.analysis.statistics.families import dummies, offsets
from infoviews.analysis.statistics.two_lines import FEWEST, two_lines

DRAWS = 60
LEVELS = (0.5, 1.0, 1.5, 2.0)
"""Error variance added, in units of the variance that the measurement has already."""


def simex(
    statistic: Callable[[np.ndarray], np.ndarray],
    x: np.ndarray,
    error: np.ndarray,
    draws: int,
    rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray]:
    """A statistic as measured, and as it would be without measurement error.

    More error is added in steps, the mean of the statistic at each step is followed by a parabola in the error
    variance, and the parabola is read at no error at all (one unit below what is there).

    Args:
        statistic: x (n,) → values (k,).
        x: measured with error (n,); error: standard deviation of that error (n,).
        draws: simulations at each step.
        rng: source of randomness.

    Returns:
        The values as measured, and extrapolated, each (k,).
    """
    naive = np.asarray(statistic(x), dtype=float)
    steps = [naive]
    for level in LEVELS:
        noise = np.sqrt(level) * error * rng.standard_normal((draws, len(x)))
        noise -= noise.mean(axis=0)  # balanced draws: the mean of x stays what it was measured to be
        steps.append(np.mean([statistic(x + extra) for extra in noise], axis=0))
    return naive, np.polyval(np.polyfit((0.0, *LEVELS), np.stack(steps), 2), -1.0)


def measurement_error(points: pd.DataFrame, seed: int) -> list[dict[str, Any]]:
    """Slopes and place of the peak of one curve, as measured and without measurement error.

    Args:
        points: rows of ``settings`` of one objective and task, points of the curve only.
        seed: of the added errors.

    Returns:
        Rows ``quantity``, ``measured``, ``corrected``, ``error`` (mean standard error of information, nats); empty
        where information is exact or the curve cannot be tested.
    """
    known = points.dropna(subset=["transfer", "information", "information_low", "information_high"])
    known = known[~known["censored"].astype(bool)].sort_values(["information", "setting"])
    if len(known) < FEWEST or known["information"].nunique() < 5:
        return []
    error = ((known["information_high"] - known["information_low"]) / (2 * Z95)).to_numpy(float)
    if not np.any(error > 0):
        return []
    x, y, families = (known[column].to_numpy() for column in ("information", "transfer", "family"))
    x, y = x.astype(float), y.astype(float)
    levels = dummies(families)

    def statistic(values: np.ndarray) -> np.ndarray:
        lines = two_lines(values, y, families)
        place = peak_intervals(values, y - offsets(values, y, levels))[0][0]
        return np.array([lines.slope_low, lines.slope_high, place])

    measured, corrected = simex(statistic, x, error, DRAWS, np.random.default_rng([seed, 0x51E]))
    corrected[2] = np.clip(corrected[2], x.min(), x.max())
    names = ("slope before (points per nat)", "slope after (points per nat)", "place of the peak (nats)")
    return [
        {"quantity": name, "measured": float(a), "corrected": float(b), "error": float(error.mean())}
        for name, a, b in zip(names, measured, corrected, strict=True)
    ]
