"""Rival predictors of transfer: what does measured information add, on view settings left out?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from infoviews.analysis.statistics.two_lines import FEWEST

RIVALS = {
    "dial": ("dial",),
    "overlap": ("overlap",),
    "alignment": ("alignment",),
    "uniformity": ("uniformity",),
    "alignment with uniformity": ("alignment", "uniformity"),
    "loss": ("loss",),
}
"""Predictors of transfer other than information, each with its columns."""

DRAWS = 2000
LEVEL = 4
"""Settings that a family must have for a level of its own."""


def rivals(results: pd.DataFrame, points: pd.DataFrame, seed: int = 0) -> list[dict[str, Any]]:
    """Leave-one-setting-out R² of transfer on each rival alone, on information alone, and on both together.

    A single predictor enters with its square, of two each enters as it is, since a dozen settings bear no more
    columns. All numbers of a row come from the same settings. ``gain`` is what information adds to the rival.

    Families are fixed effects: with a handful of families the variance of a random effect is all but unknown, and a
    family of one setting would tell nothing of its own level when that setting is left out.

    Args:
        results: the tidy table, for alignment and uniformity.
        points: rows of ``settings`` of one objective and task, points of the curve only.
        seed: of the bootstrap.
    """
    table = points.dropna(subset=["transfer", "information"])
    table = table[~table["censored"].astype(bool)]
    if table.empty:
        return []
    mine = results[(results["objective"] == table["objective"].iloc[0]) & (results["task"] == table["task"].iloc[0])]
    rows = []
    for rival, columns in RIVALS.items():
        if not set(columns) <= set(mine.columns):
            continue
        values = mine.groupby("setting")[list(columns)].mean().reindex(table["setting"]).to_numpy(float)
        if rival == "dial":
            values = ranks_within(values[:, 0], table["family"])[:, None]
        have = np.isfinite(values).all(axis=1)
        z, rest = values[have], table[have]
        if len(rest) < FEWEST + 2 or min(len(np.unique(column)) for column in z.T) < 3:
            continue
        predictors = squared(z[:, 0]) if len(columns) == 1 else (z - z.mean(axis=0)) / z.std(axis=0)
        rows.append({"rival": rival, "n": len(rest)} | compared(rest, predictors, seed))
    return rows


def compared(table: pd.DataFrame, rival: np.ndarray, seed: int) -> dict[str, Any]:
    """R² of rival, information and both, and the gain of information with its interval."""
    levels = family_levels(table["family"])
    info = squared(table["information"].to_numpy(float))
    y = table["transfer"].to_numpy(float)
    errors = [left_out_errors(np.hstack([levels, *chosen]), y) for chosen in ((rival,), (info,), (rival, info))]
    plain = (y - y.mean()) * len(y) / (len(y) - 1)
    found = [r_squared(e, plain) for e in errors]
    row: dict[str, Any] = dict(zip(("alone", "information", "both"), found, strict=True))
    row |= {"gain": None, "low": None, "high": None}
    if errors[0] is not None and errors[2] is not None and np.any(plain):
        drawn = np.random.default_rng([seed, len(y)]).integers(0, len(y), (DRAWS, len(y)))
        saved = errors[0] ** 2 - errors[2] ** 2
        total = np.maximum((plain[drawn] ** 2).sum(axis=1), 1e-12)
        low, high = np.quantile(saved[drawn].sum(axis=1) / total, [0.025, 0.975])
        row |= {"gain": float(saved.sum() / (plain @ plain)), "low": float(low), "high": float(high)}
    return row


def squared(z: np.ndarray) -> np.ndarray:
    """Standardised z and its square (n, 2)."""
    t = (z - z.mean()) / (z.std() or 1)
    return np.column_stack([t, t**2])


def ranks_within(dial: np.ndarray, families: pd.Series) -> np.ndarray:
    """Rank of each dial (n,) in its family, from -1 to 1; not a number in families of fewer than ``LEVEL`` dials.

    Words, rates and tokens are no common scale; the order within a family is all that dials have in common.
    """
    known = pd.Series(dial).groupby(families.to_numpy())
    counts = known.transform("count")
    ranks = (2 * known.rank() - counts - 1) / (counts - 1).clip(lower=1)
    return ranks.where(counts >= LEVEL).to_numpy(float)


def family_levels(families: pd.Series) -> np.ndarray:
    """Indicators of the families with at least ``LEVEL`` settings and, if there are others, of all others together.

    A single column of ones where the others are too few for a level of their own.
    """
    counts = families.map(families.value_counts())
    level = families.where(counts >= LEVEL, "")
    if level.nunique() < 2 or level.value_counts().min() < LEVEL:
        return np.ones((len(families), 1))
    return pd.get_dummies(level).to_numpy(float)


def left_out_errors(design: np.ndarray, y: np.ndarray) -> np.ndarray | None:
    """Errors of predicting each y (n,) from a fit to the others, by the hat matrix; null where a fit is not unique."""
    hat = design @ np.linalg.pinv(design)
    leverage = np.diag(hat)
    return None if np.any(leverage > 1 - 1e-6) else (y - hat @ y) / (1 - leverage)


def r_squared(errors: np.ndarray | None, plain: np.ndarray) -> float | None:
    """R² of left-out errors against those of the others' mean, ``plain``."""
    if errors is None or not np.any(plain):
        return None
    return float(1 - (errors @ errors) / (plain @ plain))
