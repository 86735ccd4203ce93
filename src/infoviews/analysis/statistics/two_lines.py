"""Two-lines test of an inverted U with the Robin Hood break point (Simonsohn 2018, doi:10.1177/2515245918805755)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri, stdtr

from infoviews.analysis.statistics.spline import smooth

FEWEST = 6
"""Settings below which the test is not run: two slopes and two intercepts leave too little."""


@dataclass(frozen=True)
class TwoLines:
    """Slopes (percent per nat) left and right of ``cut`` (nats), with two-sided p values."""

    cut: float
    slope_low: float
    p_low: float
    slope_high: float
    p_high: float
    sigma: float

    @property
    def p(self) -> float:
        """p value of 'rises, then falls': the larger of the two, 1 where the signs are not + and then -."""
        return max(self.p_low, self.p_high) if self.slope_low > 0 > self.slope_high else 1.0


def two_lines(x: np.ndarray, y: np.ndarray, lost: int = 0) -> TwoLines:
    """Test whether y (n,) rises and then falls over x (n,).

    The points are means of equally many seeds, hence one common error variance; sandwich errors, which the
    original uses with hundreds of points, are too small with a dozen.

    Args:
        x: information, nats.
        y: transfer, percent.
        lost: degrees of freedom already spent, on family effects.

    Raises:
        ValueError: fewer than ``FEWEST`` points or fewer than five distinct x.
    """
    if len(x) < FEWEST or len(np.unique(x)) < 5:
        raise ValueError(
            f"two lines need {FEWEST} settings with 5 distinct values of information, "
            f"given {len(x)} with {len(np.unique(x))}"
        )
    flat = flat_region(x, y)
    middle = interrupted(x, y, float(np.median(flat)), lost)
    low, high = abs(z_value(middle.p_low)), abs(z_value(middle.p_high))
    # Robin Hood: the weaker line receives points of the stronger one.
    share = high / (low + high) if low + high > 0 else 0.5
    return interrupted(x, y, float(np.quantile(flat, share)), lost)


def flat_region(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The x, ends left out, where the smoothed curve lies within one standard error of its highest point."""
    curve = smooth(x, y)
    inner = slice(1, -1)
    at = int(np.argmax(curve.fitted[inner]))
    highest, error = curve.fitted[inner][at], curve.error[inner][at]
    return curve.x[inner][curve.fitted[inner] >= highest - error]


def interrupted(x: np.ndarray, y: np.ndarray, cut: float, lost: int = 0) -> TwoLines:
    """Separate lines left and right of ``cut``; a point on the cut belongs to both lines in turn."""
    sides = []
    for left, slope_of in ((x <= cut, 0), (x < cut, 1)):
        lines = [line(x[side], y[side]) for side in (left, ~left)]
        freedom = len(x) - 4 - lost
        sigma = np.sqrt(sum(rest for _, _, rest in lines) / max(freedom, 1))
        slope, spread, _ = lines[slope_of]
        sides.append((slope, p_value(slope, spread, sigma, freedom), sigma))
    (low, p_low, _), (high, p_high, sigma) = sides
    return TwoLines(cut, low, p_low, high, p_high, float(sigma))


def line(x: np.ndarray, y: np.ndarray) -> tuple[float, float, float]:
    """Slope, root of the sum of squares of x, residual sum of squares; zeros where x has no spread."""
    if len(x) == 0:
        return 0.0, 0.0, 0.0
    dx, dy = x - x.mean(), y - y.mean()
    squares = float(dx @ dx)
    if len(x) < 2 or squares <= 0:
        return 0.0, 0.0, float(dy @ dy)
    slope = float(dx @ dy) / squares
    return slope, float(np.sqrt(squares)), float(((dy - slope * dx) ** 2).sum())


def p_value(slope: float, spread: float, sigma: float, freedom: int) -> float:
    """Two-sided p value of a slope; 1 where it cannot be tested."""
    if spread == 0 or freedom < 1:
        return 1.0
    if sigma == 0:
        return 0.0 if slope else 1.0
    return float(2 * stdtr(freedom, -abs(slope) * spread / sigma))


def z_value(p: float) -> float:
    """The normal quantile that goes with a two-sided p value."""
    return float(-ndtri(max(p, 1e-300) / 2))
