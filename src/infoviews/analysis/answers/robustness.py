"""Does the answer survive other estimators, ranks and censored points?"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import kendalltau

from infoviews.analysis.evidence.estimates import name_of
from infoviews.analysis.statistics.limits import known
from infoviews.analysis.statistics.two_lines import FEWEST, two_lines


@dataclass(frozen=True)
class Measures:
    """Tables of settings × estimators.

    ``nats`` holds the estimates. ``limited`` says which of them are lower limits, censored at the estimator's ceiling,
    and ``doubtful`` which cannot stand for the information at all: those above log n, which n pairs cannot show
    (McAllester & Stratos 2020), and those below another valid bound of the same setting.
    """

    nats: pd.DataFrame
    limited: pd.DataFrame
    doubtful: pd.DataFrame


def measures(found: pd.DataFrame) -> Measures:
    """Every information estimate of every setting, control settings left out, from rows of ``estimates``."""
    by = [name_of(*names) for names in zip(found["estimator"], found["features"], strict=True)]
    rows = found.assign(by=by, doubtful=found["information_flag"].str.contains("above log n|below another bound"))
    nats, limited, doubtful = (
        rows.pivot(index="setting", columns="by", values=key) for key in ("information", "censored", "doubtful")
    )
    return Measures(nats, limited.eq(True), doubtful.eq(True))


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
    """The main curve's test, then again by every other estimator, by ranks, and without censored settings.

    Each estimator is tested on the settings where its own value is not doubtful, censored ones as lower limits, so
    rows may differ in their settings.

    Args:
        points: rows of ``settings`` of one objective and task, control settings left out.
        table: ``measures``.
        column: the estimate in use.
    """
    points = points.dropna(subset=["transfer"])
    main, sure = points["information"], ~points["censored"].astype(bool)
    variants = [(f"main analysis (information by {column})", main, ~sure)]
    for name in sorted(set(table.nats.columns) - {column}):
        trusted = table.nats[name].where(~table.doubtful[name])
        limited = points["setting"].map(table.limited[name]).fillna(False).astype(bool)
        variants.append((f"information by {name}", points["setting"].map(trusted), limited))
    variants.append((f"ranks of {column}", main.rank(), ~sure))
    if not sure.all():
        variants.append((f"{column} without censored settings", main.where(sure), ~sure))
    return [{"variant": name} | retested(points, x.astype(float), limited) for name, x, limited in variants]


def retested(points: pd.DataFrame, x: pd.Series, limited: pd.Series) -> dict[str, Any]:
    """Two lines of transfer against x where both are known, as the curve's; p is null with too few points."""
    rows = points.assign(x=x, limited=limited).dropna(subset=["x"]).sort_values(["x", "setting"])
    placed, used = known(rows["x"].to_numpy(float), rows["limited"].to_numpy(bool))
    rows, values = rows[used], placed[used]
    if len(values) < FEWEST or len(np.unique(values)) < 5:
        return {"n": len(values), "limits": 0, "p": None, "slope_low": None, "slope_high": None}
    lines = two_lines(values, rows["transfer"].to_numpy(float), rows["family"].to_numpy(str))
    slopes = {"slope_low": lines.slope_low, "slope_high": lines.slope_high}
    return {"n": len(values), "limits": int(rows["limited"].sum()), "p": lines.p, **slopes}
