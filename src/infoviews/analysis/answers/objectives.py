"""Objectives compared on the same view settings and seeds: paired differences, and tightness of the bound."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from infoviews.analysis.answers.verdict import holm
from infoviews.analysis.evidence.designs import PARTS, REST, mean_gap
from infoviews.analysis.evidence.join import own_cells
from infoviews.analysis.record import Z95

PAIR = ["task", "setting", "seed", "trained_start"]
"""What two compared cells have in common: the same weights at the start, and the same batches."""


def differences(results: pd.DataFrame, main: str) -> list[dict[str, Any]]:
    """Transfer of each objective less that of another, per task.

    The other is the main objective or, where the study trains it on the same cells, one that differs from the main one
    in having the row's own critic: of an objective with another bound and another critic, the bound alone is then
    compared. Cells with the same setting, seed and start have the same first weights and batches, and are compared in
    pairs; objectives that start from another base are other encoders, and are left out.

    Args:
        results: the tidy table of ``collect`` with the columns of ``designs``.
        main: the objective that the others are compared with.

    Returns:
        Rows with ``objective``, ``against`` (the other), ``differs`` (the parts that are not the same), ``task``,
        ``settings``, ``pairs``, what ``designs.mean_gap`` says of them (points), and ``p_holm``, p corrected over all
        rows.
    """
    cells = own_cells(results).dropna(subset=["transfer", *PARTS, *REST])
    made = {str(name): made_of(mine.iloc[0]) for name, mine in cells.groupby("objective", sort=True)}
    if main not in made:
        return []
    rows: list[dict[str, Any]] = []
    for objective in sorted(made.keys() - {main}):
        rows += compared(cells, objective, candidates(objective, main, made), made)
    tested = [row for row in rows if row["p"] is not None]
    for row, adjusted in zip(tested, holm([row["p"] for row in tested]), strict=True):
        row["p_holm"] = adjusted
    return rows


def made_of(cell: pd.Series) -> dict[str, tuple[str, Any]]:
    """Modules and parameters of each part of a cell's objective."""
    params = json.loads(cell["trained_params"])
    return {part.removeprefix("trained_"): (cell[part], params.get(part)) for part in PARTS}


def candidates(objective: str, main: str, made: dict[str, dict[str, tuple[str, Any]]]) -> list[str]:
    """Objectives to compare one with, the best first: the main one with this one's critic, then the main one itself."""
    wanted = made[main] | {"critic": made[objective]["critic"]}
    return [*(name for name, parts in made.items() if parts == wanted and name not in (objective, main)), main]


def compared(
    cells: pd.DataFrame, objective: str, others: list[str], made: dict[str, dict[str, tuple[str, Any]]]
) -> list[dict[str, Any]]:
    """Rows of one objective against the first of the others that has cells to pair it with; none where none has."""
    for other in others:
        found = gaps(cells[cells["objective"] == objective], cells[cells["objective"] == other])
        if len(found):
            differs = [part for part in made[objective] if made[objective][part] != made[other][part]]
            who = {"objective": objective, "against": other, "differs": ", ".join(differs)}
            return [
                {**who, "task": str(task), "settings": mine["setting"].nunique(), "pairs": len(mine), "p_holm": None}
                | mean_gap(mine)
                for task, mine in found.groupby("task", sort=True)
            ]
    return []


def gaps(mine: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """Transfer of cells less that of their partners, with the standard error as of independent test sets.

    Both are scored on the same examples, and an example hard for one is mostly hard for the other: on the safe side.
    """
    both = mine.merge(other, on=PAIR, suffixes=("", "_other"))
    error = np.hypot(both["high"] - both["low"], both["high_other"] - both["low_other"]) / (2 * Z95)
    return both[PAIR].assign(gap=both["transfer"] - both["transfer_other"], example_se=error)


def tightness(results: pd.DataFrame, average: str) -> list[dict[str, Any]]:
    """How far each objective's training bound ends from the measured information, and whether it goes with transfer.

    Args:
        results: the tidy table of ``collect``.
        average: task name of the average.

    Returns:
        Mean gap (information less bound, nats; critics and splits differ, so it may be negative) and Kendall's τ
        between the bound and transfer over the objective's view settings.
    """
    if "bound" not in results:
        return []
    cells = own_cells(results)
    cells = cells[cells["task"] == average]
    cells = cells.assign(gap=cells["information"] - cells["bound"])
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
