"""Two-lines test of an inverted U with the Robin Hood break point (Simonsohn 2018, doi:10.1177/2515245918805755)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri, stdtr

from infoviews.analysis.statistics.families import dummies, offsets
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


def two_lines(x: np.ndarray, y: np.ndarray, families: np.ndarray | None = None) -> TwoLines:
    """Test whether y (n,) rises and then falls over x (n,).

    The points are means of equally many seeds, hence one common error variance; sandwich errors, which the
    original uses with hundreds of points, are too small with a dozen. Offsets of families are fitted together with
    the lines, so that not knowing them counts: lines through points with fitted offsets taken off find false peaks
    where each family covers a part of the range (reports/simulations).

    Args:
        x: information, nats; lower limits as ``limits.known`` places them.
        y: transfer, percent.
        families: name of each point's family (n,).

    Raises:
        ValueError: fewer than ``FEWEST`` points or fewer than five distinct x.
    """
    if len(x) < FEWEST or len(np.unique(x)) < 5:
        raise ValueError(
            f"two lines need {FEWEST} settings with 5 distinct values of information, "
            f"given {len(x)} with {len(np.unique(x))}"
        )
    levels = dummies(families if families is not None else np.zeros(len(x)))
    flat = flat_region(x, y - offsets(x, y, levels))
    middle = interrupted(x, y, float(np.median(flat)), levels)
    low, high = abs(z_value(middle.p_low)), abs(z_value(middle.p_high))
    # Robin Hood: the weaker line receives points of the stronger one.
    share = high / (low + high) if low + high > 0 else 0.5
    return interrupted(x, y, float(np.quantile(flat, share)), levels)


def flat_region(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The x, ends left out, where the smoothed curve lies within one standard error of its highest point."""
    curve = smooth(x, y)
    inner = slice(1, -1)
    at = int(np.argmax(curve.fitted[inner]))
    highest, error = curve.fitted[inner][at], curve.error[inner][at]
    return curve.x[inner][curve.fitted[inner] >= highest - error]


def interrupted(x: np.ndarray, y: np.ndarray, cut: float, levels: np.ndarray | None = None) -> TwoLines:
    """Separate lines left and right of ``cut``, and columns (n, k) that both share.

    A point on the cut belongs to both lines in turn.
    """
    if levels is None:
        levels = np.empty((len(x), 0))
    middle, y = x - x.mean(), y - y.mean()
    freedom = len(x) - 4 - levels.shape[1]
    sides = []
    for left, slope_of in ((x <= cut, 0), (x < cut, 1)):
        lines = [centred(middle, left), centred(middle, ~left)]
        others = np.column_stack([left, ~left, lines[1 - slope_of], levels]).astype(float)
        own, rest = left_by(others, lines[slope_of]), left_by(others, y)
        squares = float(own @ own)
        slope = float(own @ rest) / squares if squares > 1e-12 * float(middle @ middle) else 0.0
        sigma = float(np.sqrt(((rest - slope * own) ** 2).sum() / max(freedom, 1)))
        sides.append((slope, p_value(slope, np.sqrt(squares) if slope else 0.0, sigma, freedom), sigma))
    (low, p_low, _), (high, p_high, sigma) = sides
    return TwoLines(cut, low, p_low, high, p_high, sigma)


def centred(x: np.ndarray, side: np.ndarray) -> np.ndarray:
    """x (n,) of one side less its mean there, zero on the other."""
    return np.where(side, x - x[side].mean(), 0.0) if side.any() else np.zeros_like(x)


def left_by(others: np.ndarray, column: np.ndarray) -> np.ndarray:
    """What columns (n, k) leave of another (n,) by least squares."""
    return column - others @ np.linalg.lstsq(others, column, rcond=None)[0]


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
