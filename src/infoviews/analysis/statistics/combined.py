"""An estimate with several independent errors, each known with its own degrees of freedom: interval and p value."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from scipy import optimize
from scipy.special import ndtr, ndtri, stdtrit

from infoviews.analysis.statistics.mixed import Spread

LEVEL = 0.95
"""Confidence of an interval that stands alone."""

Z_MOST = 8.0
"""Normal quantile at which p values end, near 1e-15: quantiles of Student's distribution fail far beyond it."""


def interval(mean: float, parts: list[Spread], example: float, level: float = LEVEL) -> dict[str, float | None]:
    """Interval of a mean with independent errors, and the p value of no difference.

    The half-width is the root of the sum of squares of each error's own half-width, Student's and the normal one (Howe
    1974, J. Am. Stat. Assoc. 69:789), which keeps its coverage at one degree of freedom, where Satterthwaite's
    approximation does not. p is one less the confidence at which this interval just reaches zero.

    Args:
        mean: the estimate; parts: standard errors with their degrees of freedom; example: standard error of the test
            sets; level: confidence of the interval.

    Returns:
        ``low``, ``high`` and ``p``; null where no error is known.
    """

    def half(z: float) -> float:
        """Half-width at the confidence that a normal interval of ± z has."""
        students = [-float(stdtrit(part.freedom, ndtr(-z))) * part.sd for part in parts if part.sd > 0]
        return math.hypot(*students, z * example)

    error = math.hypot(*(part.sd for part in parts), example)
    if not error > 0:  # not known, or a sample without any variation, which says nothing of the error
        return {"low": None, "high": None, "p": None}
    top = min(abs(mean) / error, Z_MOST)
    z = top if half(top) <= abs(mean) else float(optimize.brentq(lambda z: half(z) - abs(mean), 0, top))
    arm = half(-float(ndtri((1 - level) / 2)))
    return {"low": mean - arm, "high": mean + arm, "p": float(2 * ndtr(-z))}


def seed_errors(*sides: Mapping[Any, Any]) -> list[Spread]:
    """Standard errors that seeds give a difference of means; a spread pooled for both sides is one error.

    Args:
        sides: each with ``seeds``, ``seed_sd`` and ``seed_freedom``; a single encoder, whose spread is null, adds none.
    """
    shares: dict[tuple[float, int], float] = {}
    for side in sides:
        if side["seed_freedom"]:
            pool = float(side["seed_sd"]), int(side["seed_freedom"])
            shares[pool] = shares.get(pool, 0.0) + 1 / side["seeds"]
    return [Spread(sd * math.sqrt(share), freedom) for (sd, freedom), share in shares.items()]
