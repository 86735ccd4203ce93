"""Encoders on the same test examples: the errors of their differences."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from infoviews.analysis.evidence.join import Scored
from infoviews.analysis.record import AVERAGE, Z95
from infoviews.transfer.score import unpack


def paired_errors(scored: Scored, sides: dict[str, list[str]], tasks: list[str]) -> dict[str, pd.DataFrame]:
    """Standard error, in points, of the difference of every two sides, from the finite test sets alone.

    All are scored on the same examples, so what counts is the variance of the difference of being right, example by
    example; an example that is hard for both says nothing. Where a result does not say which examples were right, as
    for a rank correlation, the two sides count as if their test sets were independent, which is on the safe side.

    Args:
        scored: the results of every encoder by task.
        sides: cells or bases of each side, its seeds; each example counts as the share of them that are right.

    Returns:
        Per task and of the average over tasks a symmetric table (sides, sides); NaN where a side has no result.
    """
    found, variances = {}, np.zeros((len(sides), len(sides)))
    for task in tasks:
        entries = [[scored.get(name, {}).get(task) or {} for name in names] for names in sides.values()]
        own = np.array([variance_of(mine) for mine in entries])
        squares = np.add.outer(own, own)
        right = [shares_right(mine) for mine in entries]
        size = max((len(mine) for mine in right if mine is not None), default=0)
        told = {side: mine for side, mine in enumerate(right) if mine is not None and len(mine) == size}
        if told:
            spread = np.atleast_2d(np.cov(np.stack(list(told.values())))) / size
            squares[np.ix_(list(told), list(told))] = np.add.outer(spread.diagonal(), spread.diagonal()) - 2 * spread
        np.fill_diagonal(squares, 0.0)
        found[task] = squares
        variances += squares / len(tasks) ** 2
    return {
        task: 100 * pd.DataFrame(np.sqrt(np.clip(squares, 0, None)), list(sides), list(sides))
        for task, squares in {**found, AVERAGE: variances}.items()
    }


def shares_right(entries: list[dict[str, Any]]) -> np.ndarray | None:
    """Share of encoders that are right on each test example (n,); null where one does not say or has another n."""
    if not entries or not all("correct" in entry for entry in entries) or len({e["n"] for e in entries}) > 1:
        return None
    return np.stack([unpack(entry) for entry in entries]).mean(axis=0)


def variance_of(entries: list[dict[str, Any]]) -> float:
    """Variance of a share of right answers from the interval of each encoder, as a mean over them."""
    widths = [entry["high"] - entry["low"] for entry in entries if entry.get("low") is not None]
    return float(np.mean(widths) / (2 * Z95) / 100) ** 2 if widths else float("nan")
