"""How results scatter between seeds, settings and families: pooled once, used by every interval."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from infoviews.analysis.evidence.join import own_cells
from infoviews.analysis.record import AVERAGE
from infoviews.analysis.statistics.mixed import Spread, components

FREEDOM = 4
"""Degrees of freedom from which an objective's own seeds tell their spread: Student's t is 2.8 at four, 12.7 at one."""

Levels = dict[str, dict[str, Spread]]
"""Per task what ``components`` finds."""


def seed_spread(cells: pd.DataFrame, objective: str) -> tuple[float | None, int]:
    """Standard deviation between the seeds of an objective's cells, percent, and its degrees of freedom.

    It is pooled over the objective's settings. Where these have fewer than ``FREEDOM`` degrees of freedom, over all
    objectives with so few, and where that does not suffice, over the whole study, as if their seeds scattered alike
    (pooled variance of the analysis of variance).

    Args:
        cells: every cell of the study, of one task; failed and missing ones, whose transfer is null, do not count.
        objective: the one whose means get the interval.
    """
    few = cells.groupby("objective").filter(lambda mine: pooled_spread(mine)[1] < FREEDOM)
    for pool in (cells[cells["objective"] == objective], few, cells):
        spread, freedom = pooled_spread(pool)
        if freedom >= FREEDOM:
            break
    return spread, freedom


def pooled_spread(rows: pd.DataFrame) -> tuple[float | None, int]:
    """Standard deviation between seeds of the same objective and setting, pooled, percent; its degrees of freedom.

    Null where no setting has two finished seeds.
    """
    within = rows[rows["transfer"].notna()].groupby(["objective", "setting"])["transfer"]
    freedom = int((within.size() - 1).sum()) if within.ngroups else 0
    if not freedom:
        return None, 0
    return float(np.sqrt(within.apply(lambda v: ((v - v.mean()) ** 2).sum()).sum() / freedom)), freedom


def with_seeds(results: pd.DataFrame) -> pd.DataFrame:
    """The tidy table with ``seed_sd`` (percent) and ``seed_freedom`` of every cell's objective and task."""
    cells = results[results["kind"] == "cell"]
    rows = [
        [task, objective, *seed_spread(mine, objective)]
        for task, mine in cells.groupby("task", sort=True)
        for objective in sorted(mine["objective"].unique())
    ]
    pooled = pd.DataFrame(rows, columns=["task", "objective", "seed_sd", "seed_freedom"])
    pooled["seed_sd"] = pd.to_numeric(pooled["seed_sd"])
    joined = results.merge(pooled.assign(kind="cell"), on=["kind", "task", "objective"], how="left")
    return joined.set_axis(results.index)


def levels(results: pd.DataFrame) -> Levels:
    """The mixed model of every task, over finished cells of the study's own objectives."""
    cells = own_cells(results)
    return {str(task): components(mine) for task, mine in cells[cells["transfer"].notna()].groupby("task", sort=True)}


def scatter(results: pd.DataFrame, found: Levels) -> list[dict[str, Any]]:
    """Rows ``what``, ``of``, ``sd`` (points) and ``freedom`` of the average over tasks, for the record.

    Args:
        results: what ``with_seeds`` gives.
    """
    cells = results[(results["kind"] == "cell") & (results["task"] == AVERAGE)].dropna(subset=["seed_sd"])
    rows: list[dict[str, Any]] = []
    for _, mine in cells.groupby(["seed_sd", "seed_freedom"], sort=False):
        named, pool = ", ".join(sorted(set(mine["objective"]))), mine.iloc[0]
        pooled = {"sd": float(pool["seed_sd"]), "freedom": int(pool["seed_freedom"])}
        rows.append({"what": "seeds of one cell", "of": named} | pooled)
    for level, spread in found.get(AVERAGE, {}).items():
        own = {"what": f"what is an objective's own, between {NAMED[level]}", "of": "all objectives"}
        rows.append(own | {"sd": spread.sd, "freedom": spread.freedom})
    return rows


NAMED = {"family": "families", "setting": "settings", "seed": "seeds"}
"""Levels of the mixed model in words."""
