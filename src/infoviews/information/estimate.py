"""Measure information on held-out pairs with a fitted critic, in one large score matrix, with bootstrap intervals."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from infoviews.contracts import Estimate
from infoviews.information.fit import Fitted

NEAR, CENSORED = 2.5, 1.5
"""Nats below its ceiling from which a value is flagged, and from which it is only a lower limit."""

FEWEST = 20
"""Pairs that a measurement needs; intervals of a handful say nothing."""

ROWS = 512
"""Rows of the score matrix that are held at a time."""

Statistic = Callable[[np.ndarray, np.ndarray, np.ndarray, np.ndarray], np.ndarray]


def measure(
    fitted: Fitted,
    x: np.ndarray,
    y: np.ndarray,
    estimators: dict[str, dict[str, Any]],
    features: str,
    k: int = 4096,
    bootstrap: int = 200,
    seed: int = 0,
) -> list[Estimate]:
    """Every named estimator on the held-out pairs.

    Args:
        fitted: a critic that has seen none of these pairs.
        x: features (n, d). y: features (n, d), row i the partner of x_i.
        estimators: of ``STATISTICS``, each with its parameters.
        features: what the features are, for the record.
        k: candidates of InfoNCE, the partner among them; n pairs at most, and n where fewer are given.
        bootstrap: replicates; each draws pairs with replacement, so rows and columns together. With 0 there are the
            bare estimates, with neither intervals nor ``checks``.
        seed: of the pairs taken, where n exceeds k, and of the bootstrap.

    Returns:
        One estimate per estimator, nats, with a 95 % bootstrap interval around it.

    Raises:
        KeyError: an unknown estimator or parameter.
        ValueError: rows that differ in number, or fewer than ``FEWEST``.
    """
    if len(x) != len(y) or len(x) < FEWEST:
        raise ValueError(f"{len(x)} and {len(y)} held-out rows; need pairs, row by row, {FEWEST} or more")
    for name, given in estimators.items():
        if name not in STATISTICS or set(given) - ({"clip"} if name == "smile" else set()):
            raise KeyError(f"held-out estimator {name!r} with {given}; known: infonce, dv, nwj, smile (clip)")
    rng = np.random.default_rng([seed, 0x6D656173])
    rows = np.sort(rng.permutation(len(x))[:k])
    n = len(rows)
    weights = np.concatenate([np.ones((n, 1)), rng.multinomial(n, np.full(n, 1 / n), size=bootstrap).T], axis=1)
    px, py = torch.from_numpy(fitted.x(x[rows])), torch.from_numpy(fitted.y(y[rows]))
    clips = {name: given.get("clip", 5.0) if name == "smile" else None for name, given in estimators.items()}
    joint, sums = candidate_sums(fitted, px, py, weights, set(clips.values()))
    most = getattr(fitted.critic.network, "ceiling", math.log)(n) if fitted.critic.start is None else math.log(n)
    ceilings = {"infonce": most, "dv": fitted.limit, "nwj": 1 + fitted.limit}  # scores are cut at the limit
    found = []
    for name in estimators:
        values = STATISTICS[name](joint, sums[clips[name]], weights, weights.sum(0))
        notes: dict[str, Any] = {"fit": fitted.facts}
        if name == "infonce" and n >= 8 and bootstrap:
            notes["checks"] = checks(fitted, px, py)
        found.append(_record(name, values, features, n, ceilings.get(name, math.inf), fitted, notes))
    return found


def checks(fitted: Fitted, x: torch.Tensor, y: torch.Tensor) -> dict[str, float]:
    """InfoNCE with a quarter and half of the candidates, and with every pair shuffled, nats.

    A value that still grows from a quarter to all candidates is limited by them; shuffled pairs share nothing, so
    what they show above 0 is error.
    """
    n = len(x)
    values = {f"k={k}": _in_blocks(fitted, x, y, k) for k in (n // 4, n // 2)}
    return values | {"shuffled": _in_blocks(fitted, x, y.roll(1, dims=0), n // 4)}


def _in_blocks(fitted: Fitted, x: torch.Tensor, y: torch.Tensor, k: int) -> float:
    """Mean InfoNCE over disjoint blocks of k pairs."""
    found = []
    for start in range(0, len(x) - k + 1, k):
        ones = np.ones((k, 1))
        joint, sums = candidate_sums(fitted, x[start : start + k], y[start : start + k], ones, {None})
        found.append(infonce(joint, sums[None], ones, ones.sum(0))[0])
    return float(np.mean(found))


def candidate_sums(
    fitted: Fitted, x: torch.Tensor, y: torch.Tensor, weights: np.ndarray, clips: set[float | None]
) -> tuple[np.ndarray, dict[float | None, np.ndarray]]:
    """Joint scores (n,) and, for each clip, log sum over j != i of w_j e^(S_ij), (n, replicates).

    A pair that is drawn twice is never its own negative, since the weight of column i is left out of row i.
    """
    columns = torch.from_numpy(weights.astype(np.float32))
    joint = np.empty(len(x))
    sums: dict[float | None, list[np.ndarray]] = {clip: [] for clip in clips}
    for start in range(0, len(x), ROWS):
        scores = fitted.scores(x[start : start + ROWS], y)  # (rows, n)
        own = torch.arange(len(scores)), torch.arange(start, start + len(scores))
        joint[start : start + ROWS] = scores[own].double().numpy()
        for clip in clips:
            limited = scores.clone() if clip is None else scores.clamp(-clip, clip)
            limited[own] = -math.inf
            largest = limited.max(dim=1, keepdim=True).values
            total = (limited - largest).exp() @ columns
            sums[clip].append((total.double().log() + largest).numpy())
    return joint, {clip: np.concatenate(parts) for clip, parts in sums.items()}


def infonce(joint: np.ndarray, sums: np.ndarray, weights: np.ndarray, n: np.ndarray) -> np.ndarray:
    """InfoNCE of each replicate: the partner counts once among the candidates, however often it was drawn."""
    partner = joint[:, None]
    terms = partner - np.logaddexp(partner, sums) + np.log(1 + n - weights)
    return (weights * terms).sum(0) / n


def dv(joint: np.ndarray, sums: np.ndarray, weights: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Donsker-Varadhan, and SMILE where the sums were clipped."""
    return (weights * joint[:, None]).sum(0) / n - _log_product_mean(sums, weights, n)


def nwj(joint: np.ndarray, sums: np.ndarray, weights: np.ndarray, n: np.ndarray) -> np.ndarray:
    """NWJ for a critic on the scale of the log ratio: 1 + E_p f - E_q e^f."""
    exponent = np.minimum(_log_product_mean(sums, weights, n), 700.0)  # e^709 is the largest double
    return 1 + (weights * joint[:, None]).sum(0) / n - np.exp(exponent)


STATISTICS: dict[str, Statistic] = {"infonce": infonce, "dv": dv, "nwj": nwj, "smile": dv}


def _log_product_mean(sums: np.ndarray, weights: np.ndarray, n: np.ndarray) -> np.ndarray:
    """log of the weighted mean of e^S off the diagonal, (replicates,)."""
    with np.errstate(divide="ignore"):
        exponents = np.log(weights) + sums
    largest = exponents.max(axis=0)
    total = np.log(np.exp(exponents - largest).sum(0)) + largest
    return total - np.log(n * n - (weights * weights).sum(0))


def flag(estimate: float, ceiling: float, n: int) -> str:
    """Empty if the value is valid, otherwise why it is not: n pairs cannot show more than log n."""
    if ceiling - estimate < CENSORED:
        return "censored"
    if estimate > math.log(n):
        return "above log n"
    return "near ceiling" if ceiling - estimate < NEAR else ""


def interval(values: np.ndarray, ceiling: float) -> tuple[float, float]:
    """95 % interval around ``values[0]``: quantiles of the replicates, moved so that their median is the estimate.

    A candidate that is drawn twice is one rival, not two: replicates have fewer of them than the estimate and lie
    above it, by 0.1 nats near the ceiling (Efron & Tibshirani 1993, ch. 10, on the bootstrap's estimate of bias).
    """
    low, high = np.percentile(values[1:], [2.5, 97.5]) - np.median(values[1:]) + values[0]
    return float(low), min(float(high), ceiling)


def _record(
    name: str, values: np.ndarray, features: str, n: int, ceiling: float, fitted: Fitted, notes: dict[str, Any]
) -> Estimate:
    estimate = float(values[0])
    low, high = interval(values, ceiling) if len(values) > 1 else (estimate, estimate)
    if not np.isfinite([estimate, low, high]).all():
        notes = notes | {"why": f"estimate {estimate}, interval [{low}, {high}]"}
        none = (math.nan, math.nan, math.nan)
        return Estimate(name, features, *none, n, n, ceiling, "failed", fitted.failures + 1, notes)
    marked = flag(estimate, ceiling, n)
    return Estimate(name, features, estimate, low, high, n, n, ceiling, marked, fitted.failures, notes)
