"""Does the answer survive other estimators, ranks and censored points?"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import kendalltau

from infoviews.analysis.answers.curves import FEWEST, family_effects
from infoviews.analysis.evidence.dictionary import ENDINGS
from infoviews.analysis.evidence.settings import censored
from infoviews.analysis.record import Role
from infoviews.analysis.statistics.two_lines import two_lines


@dataclass(frozen=True)
class Measures:
    """Tables of settings × estimators.

    ``nats`` holds the estimates. ``doubtful`` says which of them cannot stand for the information: those censored at
    the estimator's ceiling, and those above log n, which n pairs cannot show (McAllester & Stratos 2020).
    """

    nats: pd.DataFrame
    doubtful: pd.DataFrame


def measures(results: pd.DataFrame) -> Measures:
    """Every information estimate of every setting, control settings left out."""
    cells = results[(results["kind"] == "cell") & (results["role"] != Role.CONTROL)]
    cells = cells.drop_duplicates("setting").set_index("setting")
    nats, doubtful = pd.DataFrame(index=cells.index), pd.DataFrame(index=cells.index)
    for column in cells.columns:
        if column.startswith("information_") and not column.endswith(tuple(ENDINGS)):
            name, nothing = column.removeprefix("information_"), pd.Series(None, cells.index, object)
            flag = cells.get(f"{column}_flag", nothing).astype("string").fillna("")
            nats[name] = pd.to_numeric(cells[column], errors="coerce")
            low_only = censored(nats[name], cells.get(f"{column}_ceiling", nothing), flag)
            doubtful[name] = low_only | flag.str.contains("above log n")
    return Measures(nats, doubtful)


def agreement(table: Measures) -> list[dict[str, Any]]:
    """Kendall's τ of the order of settings between any two estimators, with its p value; doubtful estimates count."""
    rows = []
    for first, second in combinations(sorted(table.nats.columns), 2):
        both = table.nats[[first, second]].dropna()
        row: dict[str, Any] = {"first": first, "second": second, "n": len(both), "tau": None, "p": None}
        if len(both) >= 3 and both.nunique().min() > 1:
            found = kendalltau(both[first], both[second])
            row |= {"tau": float(found.statistic), "p": float(found.pvalue)}
        rows.append(row)
    return rows


def sensitivity(points: pd.DataFrame, table: Measures, column: str) -> list[dict[str, Any]]:
    """The main curve's test, then again by every other estimator, by ranks, and with censored settings where there are.

    Each estimator is tested on the settings where its own value is not doubtful, so rows may differ in their settings.

    Args:
        points: rows of ``settings`` of one objective and task, control settings left out.
        table: ``measures``.
        column: the information column in use, without its prefix.
    """
    known = points.dropna(subset=["transfer"])
    sure = known[~known["censored"]]
    variants = [(f"main analysis (information by {column})", sure, sure["information"])]
    for name in sorted(set(table.nats.columns) - {column}):
        trusted = table.nats[name].where(~table.doubtful[name])
        variants.append((f"information by {name}", known, known["setting"].map(trusted)))
    variants.append((f"ranks of {column}", sure, sure["information"].rank()))
    if len(sure) < len(known):
        variants.append((f"{column} with censored settings", known, known["information"]))
    return [{"variant": name} | retested(rows, x) for name, rows, x in variants]


def retested(rows: pd.DataFrame, x: pd.Series) -> dict[str, Any]:
    """Two lines of transfer against x where both are known, as the curve's; p is null with too few points."""
    rows = rows.assign(x=x.astype(float)).dropna(subset=["x"]).sort_values(["x", "setting"])
    values, y = rows["x"].to_numpy(float), rows["transfer"].to_numpy(float)
    if len(values) < FEWEST or len(np.unique(values)) < 5:
        return {"n": len(values), "p": None, "slope_low": None, "slope_high": None}
    effects, lost = family_effects(values, y, rows["family"].to_numpy())
    lines = two_lines(values, y - effects, lost)
    return {"n": len(values), "p": lines.p, "slope_low": lines.slope_low, "slope_high": lines.slope_high}
