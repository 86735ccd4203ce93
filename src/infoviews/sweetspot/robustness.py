"""Does the answer survive other estimators, ranks, censored points; do other quantities predict transfer as well?"""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import kendalltau

from infoviews.sweetspot.curves import FEWEST
from infoviews.sweetspot.dictionary import ENDINGS
from infoviews.sweetspot.twolines import two_lines

RIVALS = ("dial", "overlap", "alignment", "uniformity", "loss")
"""Predictors of transfer other than information."""


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


def rivals(results: pd.DataFrame, points: pd.DataFrame) -> list[dict[str, Any]]:
    """Leave-one-setting-out R² of transfer on each rival alone, on information alone, and on both together.

    Every predictor enters with its square; families have their own level where there are settings enough. All three
    numbers of a row come from the same settings.

    Args:
        results: the tidy table, for alignment and uniformity.
        points: rows of ``settings`` of one objective and task, control settings left out.
    """
    table = points.dropna(subset=["transfer", "information"])
    table = table[~table["censored"]]
    if table.empty:
        return []
    mine = results[(results["objective"] == table["objective"].iloc[0]) & (results["task"] == table["task"].iloc[0])]
    rows = []
    for rival in RIVALS:
        values = mine.groupby("setting")[rival].mean() if rival in mine else pd.Series(dtype=float)
        z = table["setting"].map(values).astype(float)
        have = table[z.notna()]
        if len(have) < FEWEST + 2 or z.nunique() < 3:
            continue
        columns = [squared(z.dropna().to_numpy()), squared(have["information"].to_numpy(float))]
        levels = family_levels(have["family"])
        y = have["transfer"].to_numpy(float)
        scores = [held_out(np.hstack([levels, *chosen]), y) for chosen in (columns[:1], columns[1:], columns)]
        rows.append({"rival": rival, "n": len(y)} | dict(zip(("alone", "information", "both"), scores, strict=True)))
    return rows


def squared(z: np.ndarray) -> np.ndarray:
    """Standardised z and its square (n, 2)."""
    t = (z - z.mean()) / (z.std() or 1)
    return np.column_stack([t, t**2])


def family_levels(families: pd.Series) -> np.ndarray:
    """One column of ones, and one indicator per further family with at least four settings each."""
    counts = families.value_counts()
    if len(counts) < 2 or counts.min() < 4:
        return np.ones((len(families), 1))
    return pd.get_dummies(families).to_numpy(float)


def held_out(design: np.ndarray, y: np.ndarray) -> float | None:
    """R² of predictions for settings left out one at a time, against the mean of the others; null if it overfits."""
    hat = design @ np.linalg.pinv(design)
    leverage = np.diag(hat)
    if np.any(leverage > 1 - 1e-6):
        return None
    errors = (y - hat @ y) / (1 - leverage)
    plain = (y - y.mean()) * len(y) / (len(y) - 1)
    return float(1 - (errors @ errors) / (plain @ plain)) if np.any(plain) else None
