"""What each cell was trained with, and pairs of cells that differ in one part of it alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from infoviews.analysis.evidence.join import run_of
from infoviews.analysis.evidence.scatter import Levels
from infoviews.analysis.record import Z95
from infoviews.analysis.statistics.combined import interval
from infoviews.analysis.statistics.mixed import Spread

PARTS = ("trained_bound", "trained_critic", "trained_contrast", "trained_additions")
"""Columns of the parts of an objective; several names are joined by '+', none is an empty string."""

REST = ("trained_start", "trained_params")
"""Columns of what else a cell was trained with: its base, and the parameters of its parts."""

GLOBAL = "sentences"
"""The contrast of whole sentences, global alone, which an objective has where it names none."""

GAP = ["setting", "family", "seed", "task", "gap", "example_se", "seed_se", "seed_freedom"]
"""Columns of a difference of two cells, as ``gap`` makes it."""

LEAST = 2
"""Degrees of freedom below which a spread is not known well enough for an interval: Student's t is 12.7 at one."""


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
        Columns ``what`` (the part, or the name added), ``against`` (what both have, or global), and ``GAP``.
    """
    same = ["setting", "seed", "task", *(p for p in PARTS if p != part), *REST]
    cells = cells.assign(trained_params=others(cells["trained_params"], part))
    rows: list[dict[str, Any]] = []
    for _, group in cells.groupby(same, sort=True, dropna=False):
        by_level: dict[str, Any] = {str(row[part]): row for row in group.to_dict("records")}
        for level, row in sorted(by_level.items()):
            for what, other in partners(level, part):
                if other in by_level:
                    rows.append({"what": what, "against": other or "nothing", **gap(row, by_level[other])})
    return pd.DataFrame(rows, columns=["what", "against", *GAP])


def partners(level: str, part: str) -> list[tuple[str, str]]:
    """(what is compared, level it is compared with) for one level of a part."""
    if part == "trained_additions":
        names = level.split("+") if level else []
        return [(name, "+".join(n for n in names if n != name)) for name in names]
    return [(level, GLOBAL)] if part == "trained_contrast" and level != GLOBAL else []


def gap(row: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Difference of two cells' transfer, points, with its standard errors from test examples and from seeds.

    Both as if the two cells were independent, which is on the safe side.
    """
    error = np.hypot(row["high"] - row["low"], other["high"] - other["low"]) / (2 * Z95)
    seeds = np.hypot(row.get("seed_sd", np.nan), other.get("seed_sd", np.nan))
    freedom = min(row.get("seed_freedom", np.nan), other.get("seed_freedom", np.nan))
    shared = {key: row.get(key) for key in ("setting", "family", "seed", "task")}
    return shared | {
        "gap": row["transfer"] - other["transfer"],
        "example_se": error,
        "seed_se": seeds,
        "seed_freedom": freedom,
    }


def summarise(found: pd.DataFrame, by: list[str], levels: Levels) -> list[dict[str, Any]]:
    """One row per group of gaps of one task: the columns of ``by``, then what ``mean_gap`` says of it."""
    return [dict(zip(by, key, strict=True)) | mean_gap(mine, levels) for key, mine in found.groupby(by, sort=True)]


def mean_gap(found: pd.DataFrame, levels: Levels) -> dict[str, Any]:
    """Mean of gaps with a 95 % interval and a p value over settings, else over seeds, else over test examples.

    Each setting is the mean of its seeds, and counts alike. What varies is pooled: seeds over cells, settings and
    families over objectives. The interval is over settings where these are several and their spread is known; else it
    speaks of the settings that there are. To what varies is added the error of the finite test sets. All cells are
    scored on the same examples, so that error need not shrink with more of them: the mean of ``example_se`` is the
    most that it can be.

    Args:
        found: one row per pair of cells, of one task: the columns ``GAP``.
        levels: the mixed model of every task.

    Returns:
        ``difference``, ``low`` and ``high`` (points), ``p``, ``over`` (the unit) and ``n`` (how many units); no
        interval where the error of the test sets is not known.
    """
    units, known = found.groupby("setting")[["gap", "example_se"]].mean(), levels.get(str(found["task"].iloc[0]), {})
    n, mean, example = len(units), float(units["gap"].mean()), float(units["example_se"].mean())
    between, seeds = between_settings(found, known), between_seeds(found, known)
    over, count = "settings", n
    if not between:
        over, count = ("seeds", found["seed"].nunique()) if seeds else ("test examples", 1)
    return {"difference": mean, **interval(mean, between + seeds, example), "over": over, "n": int(count)}


def between_seeds(found: pd.DataFrame, levels: dict[str, Spread]) -> list[Spread]:
    """Standard error of a mean over settings from seeds: of two objectives on the same batches, else of two cells."""
    weights = 1 / (found["setting"].nunique() * found.groupby("setting")["gap"].transform("size"))
    own = found["seed_se"], found["seed_freedom"].min()
    errors, freedom = own if "seed" not in levels else (np.sqrt(2) * levels["seed"].sd, levels["seed"].freedom)
    if not freedom >= LEAST:
        return []
    return [Spread(float(np.sqrt((weights**2 * errors**2).sum())), int(freedom))]


def between_settings(found: pd.DataFrame, levels: dict[str, Spread]) -> list[Spread]:
    """Standard errors of a mean over settings from their own and their families' spread; both cells have theirs.

    None of a single setting. Within one family the mean speaks of that family, whose effect is part of what is asked.
    """
    settings = found.drop_duplicates("setting")
    of = settings.groupby("family").size().to_numpy() / len(settings)
    shares = {"setting": 1 / len(settings)} | ({"family": float((of**2).sum())} if len(of) > 1 else {})
    known = {name: levels[name] for name in shares if name in levels and len(settings) > 1}
    if not known or min(spread.freedom for spread in known.values()) < LEAST:
        return []
    return [Spread(float(np.sqrt(2 * shares[name])) * spread.sd, spread.freedom) for name, spread in known.items()]


def effect(row: dict[str, Any]) -> str:
    """What an interval of a difference says: 'better', 'worse' or 'no clear difference'."""
    if row["low"] is not None and row["low"] > 0:
        return "better"
    return "worse" if row["high"] is not None and row["high"] < 0 else "no clear difference"
