"""The systems of the field side by side: against random encoder, start and skip-gram, and against each other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from infoviews.analysis.answers.ties import differences, marked, outcome
from infoviews.analysis.evidence.join import Scored, own_cells, run_of
from infoviews.analysis.evidence.pairing import paired_errors
from infoviews.analysis.evidence.scatter import seed_spread
from infoviews.analysis.evidence.settings import mean_columns
from infoviews.analysis.record import AVERAGE

RANDOM = "random"
"""The base that every row is held against; rows trained here also against the base that they started from."""

SKIPGRAM = ("skip_gram", "skipgram-average")
"""Averaged skip-gram vectors, as a system with seeds or as a control: the first with a result is held against."""

CONTROL, OWN, SYSTEM, REFERENCE = "control", "own", "system", "reference"
"""Groups of rows, in the order of the table."""

UNTRAINED = "untrained"
"""Kind of a control that is an untrained encoder of another architecture."""

SAID = ("name", "title", "citation", "kind", "parts", "departures", "published")


def compare(spec: dict[str, Any], results: pd.DataFrame, data: Path, scored: Scored) -> dict[str, Any]:
    """Content of ``systems`` in ``shape.json``; empty where the study names no systems.

    Args:
        spec: the study's specification; of each of its ``systems`` the ``rows`` are names of cells or bases, and of a
            chosen one ``among`` holds the cells of every view setting that it may be.
        results: the tidy table of ``collect``.
        data: folder of the study.
        scored: the results of every encoder by task.

    Returns:
        ``rows`` (controls, the study's own best, systems, references; of each ``rows`` the encoders with a result, and
        what ``against`` says of it beside the random encoder, with ``start_…`` the base that it started from, and with
        ``skipgram_…`` averaged skip-gram vectors), ``pairs`` and ``won`` of ``ties``, ``skipgram``, the row that those
        differences are to, and ``steps``, the fewest and the most that cells of systems were trained for.
    """
    named = spec.get("systems") or []
    if not named:
        return {}
    controls = {name: CONTROL for name in sorted(spec.get("controls", []), key=lambda name: name != RANDOM)}
    controls |= {name: UNTRAINED for name in spec.get("controls_of_systems", [])}
    entries: list[dict[str, Any]] = [
        {"name": name, "title": name, "kind": kind, "rows": [name], "group": CONTROL} for name, kind in controls.items()
    ]
    for system in [best_of(results), *named]:
        group = {"reference": REFERENCE, "own": OWN}.get(system["kind"], SYSTEM)
        entries.append({**system, **chosen(system, results), "group": group})
    entries.sort(key=lambda entry: (CONTROL, OWN, SYSTEM, REFERENCE).index(entry["group"]))
    rows = [row_of(entry, results, spec["tasks"], data) for entry in entries]
    known = {row["name"]: row for row in rows if row["average"] is not None}
    errors = paired_errors(scored, {name: row["rows"] for name, row in known.items()}, spec["tasks"])[AVERAGE]
    skipgram = next((name for name in SKIPGRAM if name in known), None)
    for row in rows:
        row["start"] = start_of(row, data)
    for prefix, others in (
        ("", [RANDOM] * len(rows)),
        ("start_", [row["start"] for row in rows]),
        ("skipgram_", [skipgram] * len(rows)),
    ):
        found = differences(rows, [known.get(str(other)) for other in others], errors)
        for row, gap in zip(rows, found, strict=True):
            row |= {f"{prefix}{key}": value for key, value in gap.items()}
    pairs = marked([row for row in rows if row["group"] in (OWN, SYSTEM) and row["name"] in known], errors)
    cells = [name for entry in entries if entry["kind"] in ("cells", "chosen") for name in entry["rows"]]
    own = next(row for row in rows if row["group"] == OWN)
    return {
        "rows": rows,
        "pairs": pairs,
        "won": outcome(own, rows, pairs),
        "skipgram": skipgram,
        "steps": steps(cells, data),
    }


def best_of(results: pd.DataFrame) -> dict[str, Any]:
    """The study's own best combination as an entry: any objective with its additions, on any of its view settings."""
    cells = own_cells(results).drop_duplicates("name")
    among = {f"{o} on {s}": mine["name"].tolist() for (o, s), mine in cells.groupby(["objective", "setting"])}
    about = {"name": "own", "title": "best of this study", "citation": "this study", "kind": "own"}
    return {**about, "parts": "objective, additions and views by development scores", "rows": [], "among": among}


def chosen(system: dict[str, Any], results: pd.DataFrame) -> dict[str, Any]:
    """Of a chosen system its ``rows``: the cells of the setting with the highest development score.

    The score is the mean over tasks, then over seeds; of those that tie the first by name counts. Test scores play no
    part. ``setting``, ``of`` (settings with a score) and ``dev`` (percent) say what was chosen.
    """
    if "among" not in system:
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
    runs = (run_of(data, name) for name in names)
    row["parameters"] = next((run["parameters"] for run in runs if "parameters" in run), None)
    return row | scores(members, results, tasks)


def scores(members: pd.DataFrame, results: pd.DataFrame, tasks: list[str]) -> dict[str, Any]:
    """Mean per task and of the average with its interval from seeds and test examples, as in the transfer table.

    Seed variance is that of the transfer table; static vectors have their own, pooled over all of them.
    """
    found: dict[str, Any] = {}
    alike = results[results["kind"].isin(members["kind"].unique())]
    for task in [*tasks, AVERAGE]:
        mine = members[members["task"] == task]
        trained = mine["objective"].dropna()
        spread, freedom = None, 0
        if len(trained):
            spread, freedom = seed_spread(alike[alike["task"] == task], str(trained.iloc[0]))
        mean = mean_columns(mine, spread, freedom)
        values = {task: mean["transfer"], f"{task}_low": mean["low"], f"{task}_high": mean["high"]}
        found |= {key: float(value) if np.isfinite(value) else None for key, value in values.items()}
        if task == AVERAGE:
            found |= {"seed_sd": spread, "seed_freedom": freedom}
    return found


def start_of(row: dict[str, Any], data: Path) -> str | None:
    """The base that the cells of a row started from, by their records; null for bases, which are no cells."""
    if row["kind"] not in ("cells", "chosen", "own") or not row["rows"]:
        return None
    return (run_of(data, row["rows"][0]).get("spec") or {}).get("start")


def steps(cells: list[str], data: Path) -> list[int] | None:
    """Fewest and most steps that cells were trained for; null where no record says."""
    said = [((run_of(data, name).get("spec") or {}).get("pretrain") or {}).get("num_steps") for name in cells]
    known = sorted(int(value) for value in said if value is not None)
    return [known[0], known[-1]] if known else None
