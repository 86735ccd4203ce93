"""Objectives compared on the same view settings and seeds: paired differences, and tightness of the bound."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
from scipy import stats

from infoviews.analysis.answers.verdict import holm
from infoviews.analysis.evidence.designs import GAP, PARTS, REST, gap, mean_gap
from infoviews.analysis.evidence.join import own_cells
from infoviews.analysis.evidence.scatter import Levels
from infoviews.analysis.record import AVERAGE

PAIR = ["task", "setting", "seed", "trained_start"]
"""What two compared cells have in common: the same weights at the start, and the same batches."""


def differences(results: pd.DataFrame, main: str, levels: Levels) -> list[dict[str, Any]]:
    """Transfer of each objective less that of another, per task.

    The other is the main objective or, where the study trains it on the same cells, one that differs from the main one
    in having the row's own critic: of an objective with another bound and another critic, the bound alone is then
    compared. Cells with the same setting, seed and start have the same first weights and batches, and are compared in
    pairs; objectives that start from another base are other encoders, and are left out.

    Args:
        results: the tidy table of ``collect`` with the columns of ``designs`` and ``with_seeds``.
        main: the objective that the others are compared with.
        levels: how objectives vary between settings and families, per task.

    Returns:
        Rows with ``objective``, ``against`` (the other), ``differs`` (the parts that are not the same), ``task``,
        ``settings``, ``pairs``, what ``designs.mean_gap`` says of them (points), and ``p_holm``: p of
        the averages over tasks corrected together, and so are those of the single tasks.
    """
    cells = own_cells(results).dropna(subset=["transfer", *PARTS, *REST])
    made = {str(name): made_of(mine.iloc[0]) for name, mine in cells.groupby("objective", sort=True)}
    if main not in made:
        return []
    rows: list[dict[str, Any]] = []
    for objective in sorted(made.keys() - {main}):
        rows += compared(cells, objective, candidates(objective, main, made), made, levels)
    tested = [row for row in rows if row["p"] is not None]
    for planned in (True, False):
        mine = [row for row in tested if (row["task"] == AVERAGE) == planned]
        for row, adjusted in zip(mine, holm([row["p"] for row in mine]), strict=True):
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
    cells: pd.DataFrame,
    objective: str,
    others: list[str],
    made: dict[str, dict[str, tuple[str, Any]]],
    levels: Levels,
) -> list[dict[str, Any]]:
    """Rows of one objective against the first of the others that has cells to pair it with; none where none has."""
    for other in others:
        found = gaps(cells[cells["objective"] == objective], cells[cells["objective"] == other])
        if len(found):
            differs = [part for part in made[objective] if made[objective][part] != made[other][part]]
            who = {"objective": objective, "against": other, "differs": ", ".join(differs)}
            return [
                {**who, "task": str(task), "settings": mine["setting"].nunique(), "pairs": len(mine), "p_holm": None}
                | mean_gap(mine, levels)
                for task, mine in found.groupby("task", sort=True)
            ]
    return []


def gaps(mine: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """Differences of cells to their partners, with the columns ``GAP``."""
    partners: dict[Any, Any] = dict(zip(keys(other), other.to_dict("records"), strict=True))
    cells: list[tuple[Any, Any]] = list(zip(keys(mine), mine.to_dict("records"), strict=True))
    return pd.DataFrame([gap(row, partners[key]) for key, row in cells if key in partners], columns=GAP)


def keys(cells: pd.DataFrame) -> list[tuple[Any, ...]]:
    """What each cell has in common with its partner."""
    return list(cells[PAIR].itertuples(index=False, name=None))


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
