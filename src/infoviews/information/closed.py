"""Estimators without a critic: Gaussian information of normal scores, and nearest neighbours."""

from __future__ import annotations

import math
from dataclasses import dataclass

from infoviews.contracts import Estimate
from infoviews.information.gaussian import canonical, gaussian_information
from infoviews.information.nearest import ksg, principal_components
from infoviews.information.part import Sides
from infoviews.information.preparation import prepare

CLOSED = ("cca", "ksg")

DETERMINED = 1 - 1e-6
"""Canonical correlation above which one view tells a direction of the other exactly."""

MOST = 2**14
"""Most held-out pairs that are read: one core searches for neighbours, and more would hardly narrow the intervals."""


@dataclass(frozen=True)
class Scored:
    """Normal scores of x and y, (n, d) each, by the ranks of the critic's split: of that split, and of what is read."""

    critic: Sides
    heldout: Sides


def scored(critic: Sides, heldout: Sides) -> Scored:
    """Normal scores of the features of the two splits, of the second at most ``MOST`` pairs."""
    x, y = (prepare(side, whiten=False) for side in critic)
    return Scored((x.own, y.own), (x(heldout[0][:MOST]), y(heldout[1][:MOST])))


def closed(estimator: str, scores: Scored, name: str) -> Estimate:
    """Gaussian information of normal scores, or nearest neighbours on five principal components, with 95 % intervals.

    Intervals are asymptotic: the variance of Gaussian information is sum rho^2 / n, that of an average of local
    values their variance / n. Gaussian information has no value (flag ``determined``) where a direction of one view is
    a function of the other, as where both have the same features: it is infinite. Above log n it rests on the Gaussian
    form alone, since n pairs cannot show more (McAllester and Stratos, 2020), and is flagged so.

    Args:
        estimator: of ``CLOSED``. scores: what it reads; those of the critic's split give the principal components.
        name: of the features, for the record.
    """
    x, y = scores.heldout
    n, flag = len(x), ""
    if estimator == "cca":
        value, notes = gaussian_information(x, y), {"reads": "Gaussian"}
        correlations = canonical(x, y)[2]
        if correlations.max(initial=0) > DETERMINED:
            return absent(estimator, name, n, "determined", "a direction of one view is told by the other exactly")
        error = math.sqrt(float((correlations**2).sum()) / n)
        flag = "above log n" if value > math.log(n) else ""
    else:
        axes = [principal_components(side) for side in scores.critic]
        local = ksg(x @ axes[0], y @ axes[1])
        value, notes = float(local.mean()), {"reads": "lower bound: principal components only"}
        error = float(local.std()) / math.sqrt(n)
    low, high = value - 1.96 * error, value + 1.96 * error
    return Estimate(estimator, name, value, low, high, n, n, math.inf, flag, 0, dict(notes))


def absent(estimator: str, name: str, n: int, flag: str, why: str) -> Estimate:
    """An estimate without a value; only ``failed`` counts as a failure."""
    failures = int(flag == "failed")
    return Estimate(estimator, name, math.nan, math.nan, math.nan, n, n, math.inf, flag, failures, {"why": why})
