"""Does the answer survive other estimators, ranks and censored points?"""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import kendalltau

from infoviews.sweetspot.curves import FEWEST
from infoviews.sweetspot.dictionary import ENDINGS
from infoviews.sweetspot.twolines import two_lines


def measures(results: pd.DataFrame) -> pd.DataFrame:
    """Every information estimate per setting (settings × estimators), nats; control settings left out."""
    cells = results[(results["kind"] == "cell") & (results["role"] != "control")]
    names = [c for c in cells.columns if c.startswith("information_") and not c.endswith(tuple(ENDINGS))]
    table = cells.drop_duplicates("setting").set_index("setting")[names]
    return table.apply(pd.to_numeric, errors="coerce").rename(columns=lambda c: c.removeprefix("information_"))


def agreement(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Kendall's τ of the order of settings between any two estimators, with its p value."""
    rows = []
    for first, second in combinations(sorted(table.columns), 2):
        both = table[[first, second]].dropna()
        row: dict[str, Any] = {"first": first, "second": second, "n": len(both), "tau": None, "p": None}
        if len(both) >= 3 and both.nunique().min() > 1:
            found = kendalltau(both[first], both[second])
            row |= {"tau": float(found.statistic), "p": float(found.pvalue)}
        rows.append(row)
    return rows


def sensitivity(points: pd.DataFrame, table: pd.DataFrame, column: str) -> list[dict[str, Any]]:
    """The main curve's test again: by every estimator, by ranks, with censored settings.

    Args:
        points: rows of ``settings`` of one objective and task, control settings left out.
        table: ``measures``.
        column: the information column in use, without its prefix.
    """
    known = points.dropna(subset=["transfer"])
    sure = known[~known["censored"]]
    variants = [(f"information by {name}", known, known["setting"].map(table[name])) for name in sorted(table.columns)]
    variants.append((f"ranks of {column}", sure, sure["information"].rank()))
    variants.append((f"{column} with censored settings", known, known["information"]))
    return [{"variant": name} | retested(rows, x) for name, rows, x in variants]


def retested(rows: pd.DataFrame, x: pd.Series) -> dict[str, Any]:
    """Two lines of transfer against x where both are known; p is null with too few points."""
    values = x.to_numpy(float)
    have = np.isfinite(values)
    values, y = values[have], rows["transfer"].to_numpy(float)[have]
    if len(values) < FEWEST or len(np.unique(values)) < 5:
        return {"n": len(values), "p": None, "slope_low": None, "slope_high": None}
    lines = two_lines(values, y)
    return {"n": len(values), "p": lines.p, "slope_low": lines.slope_low, "slope_high": lines.slope_high}
