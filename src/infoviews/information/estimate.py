"""Measure information on held-out pairs with a fitted critic, in one large score matrix, with bootstrap intervals."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch.nn.functional import softplus

from infoviews import devices
from infoviews.contracts import Estimate
from infoviews.information.fit import Fitted
from infoviews.objectives import jsdbound as jensen_shannon

NEAR, CENSORED = 2.5, 1.5
"""Nats below its ceiling from which a value is flagged, and from which it is only a lower limit."""

FEWEST = 20
"""Pairs that a measurement needs; intervals of a handful say nothing."""

ROWS, COLUMNS = 512, 8192
"""Rows and columns of the score matrix that are held at a time."""

LOWEST = torch.finfo(torch.float32).min
"""The largest score of a row of which nothing is left but its own pair."""

Reading = float | str | None
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
    documents: np.ndarray | None = None,
) -> list[Estimate]:
    """Every named estimator on the held-out pairs.

    Args:
        fitted: a critic that has seen none of these pairs.
        x: features (n, d). y: features (n, d), row i the partner of x_i.
        estimators: of ``STATISTICS``, each with its parameters.
        features: what the features are, for the record.
        k: candidates of InfoNCE, the partner among them; n pairs at most, and n where fewer are given.
        bootstrap: replicates; each draws documents with replacement, and with them their pairs, rows and columns
            together. With 0 there are the bare estimates, with neither intervals nor ``checks``.
        seed: of the pairs taken, where n exceeds k, and of the bootstrap.
        documents: the document of each pair (n,), any integers; each pair is one of its own where none are given.

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
            raise KeyError(f"held-out estimator {name!r} with {given}; known: {', '.join(STATISTICS)} (smile: clip)")
    rng = np.random.default_rng([seed, 0x6D656173])
    rows = np.sort(rng.permutation(len(x))[:k])
    n = len(rows)
    weights = resamples(rows if documents is None else documents[rows], bootstrap, rng)
    fitted = fitted.to(devices.best())
    px, py = (torch.from_numpy(side).to(fitted.device) for side in (fitted.x(x[rows]), fitted.y(y[rows])))
    reads: dict[str, Reading] = {name: given.get("clip", READS.get(name)) for name, given in estimators.items()}
    joint, sums = candidate_sums(fitted, px, py, weights, set(reads.values()))
    most = getattr(fitted.critic.network, "ceiling", math.log)(n) if fitted.critic.start is None else math.log(n)
    lowest = softplus(torch.tensor(-fitted.limit, dtype=torch.float64))  # scores are cut at the limit
    ceilings = {"infonce": most, "dv": fitted.limit, "nwj": 1 + fitted.limit}
    ceilings["jsdbound"] = jensen_shannon.information(lowest).item()
    found = []
    for name in estimators:
        values = STATISTICS[name](joint, sums[reads[name]], weights, weights.sum(0))
        notes: dict[str, Any] = {"fit": fitted.facts}
        if n < k:
            notes["fewer"] = f"{k} candidates were asked for, {n} held-out pairs are there"
        if name == "infonce" and n >= 8 and bootstrap:
            notes["checks"] = checks(fitted, px, py)
        found.append(_record(name, values, features, n, ceilings.get(name, math.inf), fitted, notes))
    return found


def resamples(documents: np.ndarray, bootstrap: int, rng: np.random.Generator) -> np.ndarray:
    """How often each pair is drawn, (n, 1 + bootstrap): once each, then in every replicate as often as its document."""
    own, of = np.unique(documents, return_inverse=True)
    drawn = rng.multinomial(len(own), np.full(len(own), 1 / len(own)), size=bootstrap).T
    return np.concatenate([np.ones((len(documents), 1)), drawn[of]], axis=1)


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
        joint, sums = candidate_sums(fitted, x[start : start + k], y[start : start + k], ones, {"raw"})
        found.append(infonce(joint, sums["raw"], ones, ones.sum(0))[0])
    return float(np.mean(found))


def candidate_sums(
    fitted: Fitted, x: torch.Tensor, y: torch.Tensor, weights: np.ndarray, reads: set[Reading]
) -> tuple[np.ndarray, dict[Reading, np.ndarray]]:
    """Joint scores (n,) and, for each reading, log sum over j != i of w_j e^(S_ij), (n, replicates).

    A pair that is drawn twice is never its own negative, since the weight of column i is left out of row i. The sums of
    ``raw`` are of scores that are neither cut nor on the scale of log ratios; each row is moved so that its joint score
    is the one that is given.
    """
    columns = torch.from_numpy(weights.astype(np.float32)).to(x.device)
    joint, said = np.empty(len(x)), np.empty(len(x))
    sums = {read: torch.full(weights.shape, -math.inf, dtype=torch.float64, device=x.device) for read in reads}
    for start, first in itertools.product(range(0, len(x), ROWS), range(0, len(y), COLUMNS)):
        rows, block = slice(start, start + ROWS), slice(first, first + COLUMNS)
        raw = fitted.raw(x[rows], y[block])
        scores = fitted.limited(x[rows], raw) if reads != {"raw"} else raw
        pairs = np.arange(max(start, first), min(start + ROWS, first + COLUMNS, len(x)))  # whose joint score is here
        own = torch.from_numpy(pairs - start), torch.from_numpy(pairs - first)
        joint[pairs], said[pairs] = (made[own].double().cpu().numpy() for made in (scores, raw))
        for read, found in sums.items():
            limited = raw.clone() if read == "raw" else _read(scores, read)
            limited[own] = -math.inf
            largest = limited.max(dim=1, keepdim=True).values.clamp(min=LOWEST)
            total = limited.sub_(largest).exp_() @ columns[block]
            found[rows] = torch.logaddexp(found[rows], total.double().log() + largest)
    moved = (joint - said)[:, None]
    return joint, {read: found.cpu().numpy() + (moved if read == "raw" else 0.0) for read, found in sums.items()}


def _read(scores: torch.Tensor, read: Reading) -> torch.Tensor:
    """A copy of the scores; clipped; or the logarithms of their softplus, which far below 0 are the scores."""
    if read is None:
        return scores.clone()
    if read == "softplus":
        return torch.where(scores < -20, scores, softplus(scores).log())
    return scores.clamp(-float(read), float(read))


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


def jsdbound(joint: np.ndarray, sums: np.ndarray, weights: np.ndarray, n: np.ndarray) -> np.ndarray:
    """The bound on information from the Jensen-Shannon loss; ``sums`` are those of softplus."""
    losses = (weights * np.logaddexp(0, -joint)[:, None]).sum(0) / n + np.exp(_log_product_mean(sums, weights, n))
    return jensen_shannon.information(torch.from_numpy(losses)).numpy()


STATISTICS: dict[str, Statistic] = {"infonce": infonce, "dv": dv, "nwj": nwj, "smile": dv, "jsdbound": jsdbound}
READS: dict[str, Reading] = {"infonce": "raw", "smile": 5.0, "jsdbound": "softplus"}
"""What is summed over the candidates, where it is not the exponentials of the scores: those of scores that are not cut,
since cut scores cannot tell the partner of two views that are nearly the same; of clipped ones; or softplus."""


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
    return float(low), max(min(float(high), ceiling), float(values[0]))


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
