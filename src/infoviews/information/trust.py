"""When an estimate is to be trusted: whether more pairs or a larger critic would find more, after arXiv:2506.00330.

Abdelaleem, Martini and Nemenman (2025), Accurate estimation of mutual information in high dimensional data: critics are
fitted on parts of the pairs, the estimate is a line in one over their number, and its value for endlessly many pairs is
where the line ends; a critic's size is enough when a larger one finds no more. What fails either is a lower limit and
nothing else.
"""

from __future__ import annotations

from typing import Any

from infoviews.information.critic import Fit
from infoviews.information.estimate import measure
from infoviews.information.reading import Reading

PARTS = (2, 4)
"""The critic is fitted again on a half and on a quarter of its pairs."""

NATS, SHARE = 0.15, 0.1
"""What is found in addition may not exceed the larger of so many nats and this share of the estimate."""


def trust(reading: Reading, value: float, how: Fit, k: int, seed: int) -> dict[str, Any]:
    """InfoNCE on the same held-out pairs by critics fitted otherwise, nats.

    Args:
        value: the estimate, by a critic fitted to all pairs of the critic's split.
        how: how that critic was fitted. k: candidates. seed: the estimate's.

    Returns:
        ``pairs`` (number of pairs that fitted the critic → nats), ``endless`` (where the line in one over that number
        through all and the half of them ends), ``bent`` (how far the quarter lies from that line) and ``wider`` (by a
        critic of twice the size).
    """
    n = len(reading.critic[0])
    half, quarter = (again(reading, how, k, seed, slice(n // part)) for part in PARTS)
    rise = value - half
    return {
        "pairs": {str(n): value, str(n // 2): half, str(n // 4): quarter},
        "endless": value + rise,
        "bent": quarter - (value - 3 * rise),
        "wider": again(reading, how, k, seed, slice(None), wider=True),
    }


def upper(high: float, value: float, checks: dict[str, Any], ceiling: float) -> float:
    """Upper end of an interval of the information itself: that of the bound's, and what is still found above the bound.

    A lower bound's own interval holds the bound and not what it bounds: with many held-out pairs it would end below the
    information. What endlessly many pairs or a wider critic promise in addition is the least that is missing.

    Args:
        high: of the bound's interval. value: the bound. checks: those of ``trust``. ceiling: nothing lies above it.
    """
    missing = max(0.0, checks["endless"] - value, checks["wider"] - value)
    return max(high, min(ceiling, high + missing))


def again(reading: Reading, how: Fit, k: int, seed: int, rows: slice, wider: bool = False) -> float:
    """InfoNCE by a critic fitted to some rows of the critic's split, nats."""
    fitted = reading.fit(how, seed, rows, wider)
    (found,) = measure(fitted, *reading.heldout, {"infonce": {}}, reading.name, k, bootstrap=0, seed=seed)
    return found.estimate


def doubts(value: float, checks: dict[str, Any]) -> list[str]:
    """What speaks against the estimate, in words; empty where nothing does. ``checks`` are those of ``trust``."""
    allowed = max(NATS, SHARE * value)
    found = []
    for more, what in (
        (checks["endless"], "endlessly many pairs would give"),
        (checks["wider"], "a wider critic finds"),
    ):
        if more - value > allowed:
            found.append(f"{what} {more:.2f}")
    if value - checks["endless"] > allowed:
        found.append(f"it falls with more pairs, to {max(checks['endless'], 0):.2f}")
    return found
