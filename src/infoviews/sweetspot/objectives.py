"""Objectives compared on the same view settings and seeds: paired differences, and tightness of the bound."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from infoviews.sweetspot.collect import own_cells
from infoviews.sweetspot.verdict import holm


def differences(results: pd.DataFrame, reference: str) -> list[dict[str, Any]]:
    """Transfer of each objective less the reference objective's, per task.

    Cells with the same setting and seed start from the same weights and see the same batches, so they are compared
    in pairs. The interval is Student's over view settings, each the mean of its seeds' differences; with a single
    setting it is over seeds, and speaks of that setting only. p values are Holm-corrected over objectives and tasks.

    Args:
        results: the tidy table of ``collect``.
        reference: objective that the others are compared with.
    """
    cells = own_cells(results)
    cells = cells[cells["transfer"].notna()]
    keys = ["task", "setting", "seed"]
    base = cells[cells["objective"] == reference].set_index(keys)["transfer"]
    rows: list[dict[str, Any]] = []
    for objective, mine in cells[cells["objective"] != reference].groupby("objective", sort=True):
        paired = (mine.set_index(keys)["transfer"] - base).dropna()
        for task, gaps in paired.groupby("task", sort=True):
            per_setting = gaps.groupby("setting").mean()
            units = per_setting if len(per_setting) > 1 else gaps
            row = {"objective": str(objective), "task": str(task), "settings": len(per_setting), "pairs": len(gaps)}
            rows.append(row | student(units.to_numpy(float)))
    tested = [row for row in rows if row["p"] is not None]
    for row, adjusted in zip(tested, holm([row["p"] for row in tested]), strict=True):
        row["p_holm"] = adjusted
    return rows


def student(gaps: np.ndarray) -> dict[str, Any]:
    """Mean with Student's 95 % interval and p value; none with a single value."""
    mean = float(gaps.mean())
    empty = {"difference": mean, "low": None, "high": None, "p": None, "p_holm": None}
    if len(gaps) < 2:
        return empty
    error = float(gaps.std(ddof=1) / np.sqrt(len(gaps)))
    half = float(stats.t.ppf(0.975, len(gaps) - 1)) * error
    p = float(2 * stats.t.sf(abs(mean) / error, len(gaps) - 1)) if error > 0 else float(mean == 0)
    return empty | {"low": mean - half, "high": mean + half, "p": p}


def tightness(results: pd.DataFrame, column: str, average: str) -> list[dict[str, Any]]:
    """How far each objective's training bound ends from the measured information, and whether it goes with transfer.

    Args:
        results: the tidy table of ``collect``.
        column: the information column in use.
        average: task name of the average.

    Returns:
        Mean gap (information less bound, nats; critics and splits differ, so it may be negative) and Kendall's τ
        between the bound and transfer over the objective's view settings.
    """
    if "bound" not in results or column not in results:
        return []
    cells = own_cells(results)
    cells = cells[cells["task"] == average]
    cells = cells.assign(gap=pd.to_numeric(cells[column], errors="coerce") - cells["bound"])
    cells = cells.dropna(subset=["transfer", "gap"])
    rows = []
    for objective, mine in cells.groupby("objective", sort=True):
        means = mine.groupby("setting")[["bound", "gap", "transfer"]].mean()
        row = {"objective": str(objective), "settings": len(means), "bound": float(means["bound"].mean())}
        row |= {"gap": float(means["gap"].mean()), "transfer": float(means["transfer"].mean()), "tau": None}
        if len(means) >= 3 and means[["bound", "transfer"]].nunique().min() > 1:
            row["tau"] = float(stats.kendalltau(means["bound"], means["transfer"]).statistic)
        rows.append(row)
    return rows
