"""The systems of the field side by side: scores with intervals, each held against the random encoder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from infoviews.sweetspot.collect import AVERAGE, Z95, run_of
from infoviews.sweetspot.paired import paired_error, parameters
from infoviews.sweetspot.questions._answer import listed
from infoviews.sweetspot.settings import mean_columns, pooled_spread

RANDOM = "random"
"""The base that every system is held against."""

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
        ``rows`` (controls, systems, references; of each ``rows`` the encoders with a result), ``sentence``, and
        ``steps``, the fewest and the most that cells of systems were trained for.
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
    random = next((row for row in rows if row["name"] == RANDOM and row["average"] is not None), None)
    for row in rows:
        row |= against(row, random, spec["tasks"], data)
    cells = [name for entry in entries if entry["kind"] in ("cells", "chosen") for name in entry["rows"]]
    said = f"{sentence(rows, random)} {beyond(rows, str(spec.get('start')))}".strip()
    return {"rows": rows, "sentence": said, "steps": steps(cells, data)}


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

    Seed variance is that of the row's objective, pooled over the settings that it was trained on; of bases, their own.
    """
    found: dict[str, Any] = {}
    pool = members
    if members["kind"].eq("cell").any():
        pool = results[(results["kind"] == "cell") & results["objective"].isin(members["objective"])]
    for task in [*tasks, AVERAGE]:
        spread, freedom = pooled_spread(pool[pool["task"] == task])
        mean = mean_columns(members[members["task"] == task], spread, freedom)
        values = {task: mean["transfer"], f"{task}_low": mean["low"], f"{task}_high": mean["high"]}
        found |= {key: float(value) if np.isfinite(value) else None for key, value in values.items()}
        if task == AVERAGE:
            found |= {"seed_sd": spread, "freedom": freedom, "example_se": mean["example_se"]}
    return found


def against(
    row: dict[str, Any], random: dict[str, Any] | None, tasks: list[str], data: Path
) -> dict[str, float | bool | None]:
    """Difference of the average to the random encoder's with its 95 % interval, and whether the intervals are apart.

    Seeds count as in the row's own interval, test examples in pairs; where a result does not say which were right, as
    if the two test sets were independent, which is on the safe side.
    """
    if random is None or row is random or row["average"] is None:
        return {"difference": None, "difference_low": None, "difference_high": None, "above": None}
    error = paired_error(data, row["rows"], random["name"], tasks)
    if error is None:
        error = float(np.hypot(row["example_se"], random["example_se"]))
    seed = 0.0
    if row["seed_sd"] is not None:
        seed = float(stats.t.ppf(0.975, row["freedom"]) * row["seed_sd"] / np.sqrt(row["seeds"]))
    gap, half = row["average"] - random["average"], float(np.hypot(seed, Z95 * error))
    interval = {"difference": gap, "difference_low": gap - half, "difference_high": gap + half}
    return interval | {"above": row["average_low"] > random["average_high"]}


def steps(cells: list[str], data: Path) -> list[int] | None:
    """Fewest and most steps that cells were trained for; null where no record says."""
    said = [((run_of(data, name).get("spec") or {}).get("pretrain") or {}).get("steps") for name in cells]
    known = sorted(int(value) for value in said if value is not None)
    return [known[0], known[-1]] if known else None


def sentence(rows: list[dict[str, Any]], random: dict[str, Any] | None) -> str:
    """Which trained systems are above the random encoder with intervals apart, and which have no result."""
    trained = [row for row in rows if row["group"] == SYSTEM]
    known = [row for row in trained if row["average"] is not None]
    none = [f"{row['title']} ({row['reason']})" for row in trained if row["average"] is None]
    rest = f" Without a result: {'; '.join(none)}." if none else ""
    if random is None:
        return f"The random encoder has no result, so no system can be held against it.{rest}"
    if not known:
        return f"No trained system has a result.{rest}"
    under = [row for row in known if not row["above"]]
    if not under:
        return f"All {len(known)} trained systems with a result are above the random encoder, intervals apart.{rest}"
    said = [
        f"{row['title']} ({row['difference']:+.1f} points [{row['difference_low']:.1f}, {row['difference_high']:.1f}])"
        for row in under
    ]
    are = "is" if len(under) == 1 else "are"
    return (
        f"Of {len(known)} trained systems with a result, {len(known) - len(under)} are above the random encoder with "
        f"intervals apart; {listed(said)} {are} not.{rest}"
    )


def beyond(rows: list[dict[str, Any]], start: str) -> str:
    """Which systems are above the study's start encoder, intervals apart; empty where that has no result.

    To be above a random encoder is little: the start has been trained on the same text before.
    """
    base = next((row for row in rows if row["name"] == start and row["average"] is not None), None)
    known = [row for row in rows if row["group"] == SYSTEM and row["average"] is not None]
    if base is None or start == RANDOM or not known:
        return ""
    over = [row["title"] for row in known if row["average_low"] > base["average_high"]]
    who = listed(over) if over else "none of them"
    return f"Above the study's start encoder, `{start}` ({base['average']:.1f} %), with intervals apart: {who}."
