"""The systems of the field side by side, each held against the random encoder and the one that it started from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from infoviews.analysis.evidence.join import run_of
from infoviews.analysis.evidence.pairing import paired_error, parameters
from infoviews.analysis.evidence.scatter import pooled_spread, seed_spread
from infoviews.analysis.evidence.settings import mean_columns
from infoviews.analysis.record import AVERAGE, Z95

RANDOM = "random"
"""The base that every row is held against; rows trained here also against the base that they started from."""

CONTROL, SYSTEM, REFERENCE = "control", "system", "reference"
"""Groups of rows, in the order of the table."""

UNTRAINED = "untrained"
"""Kind of a control that is an untrained encoder of another architecture."""

SAID = ("name", "title", "citation", "kind", "parts", "departures", "published")


def compare(spec: dict[str, Any], results: pd.DataFrame, data: Path) -> dict[str, Any]:
    """Content of ``systems`` in ``shape.json``; empty where the study names no systems.

    Args:
        spec: the study's specification; of each of its ``systems`` the ``rows`` are names of cells or bases, and of a
            chosen one ``among`` holds the cells of every view setting that it may be.
        results: the tidy table of ``collect``.
        data: folder of the study.

    Returns:
        ``rows`` (controls, systems, references; of each ``rows`` the encoders with a result, and its differences to
        the random encoder and, named ``start_…``, to the base in ``start``), and ``steps``, the
        fewest and the most that cells of systems were trained for.
    """
    named = spec.get("systems") or []
    if not named:
        return {}
    controls = {name: CONTROL for name in sorted(spec.get("controls", []), key=lambda name: name != RANDOM)}
    controls |= {name: UNTRAINED for name in spec.get("controls_of_systems", [])}
    entries: list[dict[str, Any]] = [
        {"name": name, "title": name, "kind": kind, "rows": [name], "group": CONTROL} for name, kind in controls.items()
    ]
    for system in named:
        group = REFERENCE if system["kind"] == "reference" else SYSTEM
        entries.append({**system, **chosen(system, results), "group": group})
    entries.sort(key=lambda entry: (CONTROL, SYSTEM, REFERENCE).index(entry["group"]))
    rows = [row_of(entry, results, spec["tasks"], data) for entry in entries]
    known = {row["name"]: row for row in rows if row["group"] == CONTROL and row["average"] is not None}
    for row in rows:
        row["start"] = start_of(row, data)
        row |= against(row, known.get(RANDOM), spec["tasks"], data)
        gap = against(row, known.get(row["start"]), spec["tasks"], data)
        row |= {f"start_{key}": value for key, value in gap.items()}
    cells = [name for entry in entries if entry["kind"] in ("cells", "chosen") for name in entry["rows"]]
    return {"rows": rows, "steps": steps(cells, data)}


def chosen(system: dict[str, Any], results: pd.DataFrame) -> dict[str, Any]:
    """Of a chosen system its ``rows``: the cells of the setting with the highest development score.

    The score is the mean over tasks, then over seeds; of settings that tie the first by name counts. Test scores play
    no part. ``setting``, ``of`` (settings with a score) and ``dev`` (percent) say what was chosen.
    """
    if system["kind"] != "chosen":
        return {}
    dev = results[results["task"] == AVERAGE].dropna(subset=["dev"]).set_index("name")["dev"]
    known = {setting: [n for n in names if n in dev.index] for setting, names in system["among"].items()}
    scores = {setting: float(dev[names].mean()) for setting, names in known.items() if names}
    if not scores:
        return {"rows": [], "of": 0}
    best = min(scores, key=lambda setting: (-scores[setting], setting))
    return {"rows": system["among"][best], "setting": best, "of": len(scores), "dev": scores[best]}


def row_of(entry: dict[str, Any], results: pd.DataFrame, tasks: list[str], data: Path) -> dict[str, Any]:
    """One row of the table: what it is, how far it came, and every score with its interval."""
    names = entry["rows"]
    members = results[results["name"].isin(names)]
    averages = members[members["task"] == AVERAGE]
    finished = averages.loc[averages["status"] == "finished", "name"].tolist()
    absent = averages[averages["status"] != "finished"]
    row = {key: entry.get(key) for key in (*SAID, "group", "setting", "of", "dev")}
    row |= {"rows": finished, "seeds": len(finished), "absent": len(absent)}
    row |= {"status": "finished" if finished else "missing", "reason": ""}
    if len(absent):
        row |= {"reason": str(absent["reason"].iloc[0])}
        row |= {} if finished else {"status": str(absent["status"].iloc[0])}
    elif not names:
        row |= {"reason": "no view setting has a development score"}
    if row["setting"] is None and entry["kind"] == "cells" and len(members):
        row["setting"] = str(members["setting"].iloc[0])
    row["parameters"] = next((p for p in (parameters(data, name) for name in names) if p is not None), None)
    return row | scores(members, results, tasks)


def scores(members: pd.DataFrame, results: pd.DataFrame, tasks: list[str]) -> dict[str, Any]:
    """Mean per task and of the average with its interval from seeds and test examples, as in the transfer table.

    Seed variance of cells is that of the transfer table; of bases, their own.
    """
    found: dict[str, Any] = {}
    cells = results[results["kind"] == "cell"]
    trained = members.loc[members["kind"] == "cell", "objective"]
    for task in [*tasks, AVERAGE]:
        mine = members[members["task"] == task]
        if trained.empty:
            spread, freedom = pooled_spread(mine)
        else:
            spread, freedom = seed_spread(cells[cells["task"] == task], str(trained.iloc[0]))
        mean = mean_columns(mine, spread, freedom)
        values = {task: mean["transfer"], f"{task}_low": mean["low"], f"{task}_high": mean["high"]}
        found |= {key: float(value) if np.isfinite(value) else None for key, value in values.items()}
        if task == AVERAGE:
            found |= {"seed_sd": spread, "freedom": freedom, "example_se": mean["example_se"]}
    return found


def start_of(row: dict[str, Any], data: Path) -> str | None:
    """The base that the cells of a row started from, by their records; null for bases, which are no cells."""
    if row["kind"] not in ("cells", "chosen") or not row["rows"]:
        return None
    return (run_of(data, row["rows"][0]).get("spec") or {}).get("start")


def against(
    row: dict[str, Any], other: dict[str, Any] | None, tasks: list[str], data: Path
) -> dict[str, float | bool | None]:
    """Difference of a row's average to another's with its 95 % interval, and whether that lies ``above`` zero.

    Seeds count as in the row's own interval, test examples in pairs; where a result does not say which were right, as
    if the two test sets were independent, which is on the safe side.

    Args:
        other: a base, which is one encoder: how another draw of it would do is not part of the interval.
    """
    if other is None or row is other or row["average"] is None:
        return {"difference": None, "difference_low": None, "difference_high": None, "above": None}
    error = paired_error(data, row["rows"], other["name"], tasks)
    if error is None:
        error = float(np.hypot(row["example_se"], other["example_se"]))
    seed = 0.0
    if row["seed_sd"] is not None:
        seed = float(stats.t.ppf(0.975, row["freedom"]) * row["seed_sd"] / np.sqrt(row["seeds"]))
    gap, half = row["average"] - other["average"], float(np.hypot(seed, Z95 * error))
    return {"difference": gap, "difference_low": gap - half, "difference_high": gap + half, "above": gap > half}


def steps(cells: list[str], data: Path) -> list[int] | None:
    """Fewest and most steps that cells were trained for; null where no record says."""
    said = [((run_of(data, name).get("spec") or {}).get("pretrain") or {}).get("num_steps") for name in cells]
    known = sorted(int(value) for value in said if value is not None)
    return [known[0], known[-1]] if known else None
