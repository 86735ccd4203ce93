"""Estimators without a critic: Gaussian information of normal scores, and nearest neighbours."""

from __future__ import annotations

import math

import numpy as np

from infoviews.contracts import Estimate
from infoviews.information.gaussian import canonical, gaussian_information
from infoviews.information.nearest import ksg, principal_components
from infoviews.information.preparation import prepare

CLOSED = ("cca", "ksg")

DETERMINED = 1 - 1e-6
"""Canonical correlation above which one view tells a direction of the other exactly."""

MOST = 2**14
"""Most held-out pairs that are read: one core searches for neighbours, and more would hardly narrow the intervals."""

Sides = tuple[np.ndarray, np.ndarray]


def closed(estimator: str, critic: Sides, heldout: Sides, name: str) -> Estimate:
    """Gaussian information of normal scores, or nearest neighbours on five principal components, with 95 % intervals.

    Intervals are asymptotic: the variance of Gaussian information is sum rho^2 / n, that of an average of local
    values their variance / n. Gaussian information has no value (flag ``determined``) where a direction of one view is
    a function of the other, as where both have the same features: it is infinite. Above log n it rests on the Gaussian
    form alone, since n pairs cannot show more (McAllester and Stratos, 2020), and is flagged so.

    Args:
        estimator: of ``CLOSED``.
        critic, heldout: features x (n, d) and y (n, d) of the two splits; the first gives the maps of each side.
        name: of the features, for the record.
    """
    scores = [prepare(side, whiten=False) for side in critic]
    x, y = (score(side[:MOST]) for score, side in zip(scores, heldout, strict=True))
    n, flag = len(x), ""
    if estimator == "cca":
        value, notes = gaussian_information(x, y), {"reads": "Gaussian"}
        correlations = canonical(x, y)[2]
        if correlations.max(initial=0) > DETERMINED:
            return absent(estimator, name, n, "determined", "a direction of one view is told by the other exactly")
        error = math.sqrt(float((correlations**2).sum()) / n)
        flag = "above log n" if value > math.log(n) else ""
    else:
        axes = [principal_components(score(side)) for score, side in zip(scores, critic, strict=True)]
        local = ksg(x @ axes[0], y @ axes[1])
        value, notes = float(local.mean()), {"reads": "lower bound: principal components only"}
        error = float(local.std()) / math.sqrt(n)
    low, high = value - 1.96 * error, value + 1.96 * error
    return Estimate(estimator, name, value, low, high, n, n, math.inf, flag, 0, dict(notes))


def absent(estimator: str, name: str, n: int, flag: str, why: str) -> Estimate:
    """An estimate without a value; only ``failed`` counts as a failure."""
    failures = int(flag == "failed")
    return Estimate(estimator, name, math.nan, math.nan, math.nan, n, n, math.inf, flag, failures, {"why": why})
