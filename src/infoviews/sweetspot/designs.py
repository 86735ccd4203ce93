"""What each cell was trained with, and pairs of cells that differ in one part of it alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from infoviews.sweetspot.collect import Z95, run_of

PARTS = ("trained_bound", "trained_critic", "trained_contrast", "trained_additions")
"""Columns of the parts of an objective; several names are joined by '+', none is an empty string."""

REST = ("trained_start", "trained_params")
"""Columns of what else a cell was trained with: its base, and the parameters of its parts."""

GLOBAL = "sentences"
"""The contrast of whole sentences, global alone, which an objective has where it names none."""


def designs(results: pd.DataFrame, data: Path) -> pd.DataFrame:
    """One row per cell, indexed by name, with the columns ``PARTS`` and ``REST`` out of its ``run.json``.

    Cells that left no ``run.json`` are not there.
    """
    rows = {}
    for name in sorted(set(results.loc[results["kind"] == "cell", "name"])):
        spec = run_of(data, name).get("spec") or {}
        if isinstance(spec.get("objective"), dict):
            rows[name] = [*parts_of(spec["objective"]), str(spec.get("start", "")), params_of(spec["objective"])]
    return pd.DataFrame.from_dict(rows, orient="index", columns=[*PARTS, *REST])


def params_of(objective: dict[str, Any]) -> str:
    """Parameters of each part that has any, as JSON with sorted keys."""
    given = {"trained_bound": objective.get("params")}
    for part in PARTS[1:]:
        modules = objective.get(part.removeprefix("trained_"))
        given[part] = {k: v for k, v in modules.items() if v} if isinstance(modules, dict) else {}
    return json.dumps({part: params for part, params in given.items() if params}, sort_keys=True)


def others(params: pd.Series, part: str) -> pd.Series:
    """The parameters of ``params_of`` less those of one part: what two cells that differ in it must have in common."""
    return params.map(lambda text: json.dumps({k: v for k, v in json.loads(text).items() if k != part}))


def parts_of(objective: dict[str, Any]) -> list[str]:
    """Bound, critic, contrast and additions of an objective's specification, as names."""
    return [
        str(objective.get("bound", "")),
        joined(objective.get("critic")),
        joined(objective.get("contrast")) or GLOBAL,
        joined(objective.get("additions")),
    ]


def joined(named: Any) -> str:
    """Names of modules, sorted: of a mapping its keys, of a list its items, of a word the word.

    What has no weight in the loss is only measured, and is left out.
    """
    if not named:
        return ""
    if isinstance(named, dict):
        named = [name for name, given in named.items() if not isinstance(given, dict) or given.get("weight", 1) != 0]
    return str(named) if isinstance(named, str) else "+".join(sorted(str(name) for name in named))


def pairs(cells: pd.DataFrame, part: str) -> pd.DataFrame:
    """Transfer of two cells that differ in one part alone: same setting, seed, start, other parts and parameters.

    Sets of names are compared with one name less (additions), and every contrast with the global one.

    Args:
        cells: finished cells × tasks with the columns ``PARTS`` and ``REST``.
        part: the column that differs.

    Returns:
        Columns ``what`` (the part, or the name added), ``beside`` (what both have), ``setting``, ``seed``, ``task``,
        ``gap`` (points) and ``example_se`` (points, as of independent test sets: on the safe side).
    """
    same = ["setting", "seed", "task", *(p for p in PARTS if p != part), *REST]
    cells = cells.assign(trained_params=others(cells["trained_params"], part))
    rows: list[dict[str, Any]] = []
    for _, group in cells.groupby(same, sort=True, dropna=False):
        by_level: dict[str, Any] = {str(row[part]): row for row in group.to_dict("records")}
        for level, row in sorted(by_level.items()):
            for what, other in partners(level, part):
                if other in by_level:
                    rows.append({"what": what, "beside": other or "nothing", **gap(row, by_level[other])})
    return pd.DataFrame(rows, columns=["what", "beside", "setting", "seed", "task", "gap", "example_se"])


def partners(level: str, part: str) -> list[tuple[str, str]]:
    """(what is compared, level it is compared with) for one level of a part."""
    if part == "trained_additions":
        names = level.split("+") if level else []
        return [(name, "+".join(n for n in names if n != name)) for name in names]
    return [(level, GLOBAL)] if part == "trained_contrast" and level != GLOBAL else []


def gap(row: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Difference of two cells' transfer with its standard error from test examples."""
    error = np.hypot(row["high"] - row["low"], other["high"] - other["low"]) / (2 * Z95)
    shared = {key: row[key] for key in ("setting", "seed", "task")}
    return shared | {"gap": row["transfer"] - other["transfer"], "example_se": error}


def summarise(found: pd.DataFrame, by: list[str]) -> list[dict[str, Any]]:
    """Mean gap per group with a 95 % interval over settings, else over seeds, else over test examples.

    Settings are the units of a study; with a single one the interval speaks of that setting only, with a single cell
    of that cell only. ``over`` says which it is.
    """
    rows = []
    for key, mine in found.groupby(by, sort=True):
        settings = mine.groupby("setting")["gap"].mean()
        units, over = (settings, "settings") if len(settings) > 1 else (mine.groupby("seed")["gap"].mean(), "seeds")
        mean = float(units.mean())
        if len(units) > 1:
            half = float(stats.t.ppf(0.975, len(units) - 1) * units.std(ddof=1) / np.sqrt(len(units)))
        else:
            half, over = float(Z95 * mine["example_se"].mean()), "test examples"
        interval = {"low": mean - half, "high": mean + half} if np.isfinite(half) else {"low": None, "high": None}
        rows.append(dict(zip(by, key, strict=True)) | {"difference": mean, **interval, "over": over, "n": len(units)})
    return rows


def effect(row: dict[str, Any]) -> str:
    """What an interval of a difference says: 'better', 'worse' or 'no clear difference'."""
    if row["low"] is not None and row["low"] > 0:
        return "better"
    return "worse" if row["high"] is not None and row["high"] < 0 else "no clear difference"
