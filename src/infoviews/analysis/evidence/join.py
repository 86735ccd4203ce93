"""Join transfer, information, view facts and training history by naming convention into one tidy table."""

from __future__ import annotations

import logging
import math
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from infoviews.analysis.evidence.estimates import axis, estimates, on_axis
from infoviews.analysis.evidence.records import history, transfer_record
from infoviews.analysis.record import AVERAGE, Role
from infoviews.pairs import read_facts
from infoviews.provenance import read_run
from infoviews.transfer.score import SEVEN, SIX

Scored = dict[str, dict[str, dict[str, Any]]]
"""Per encoder and task the entry of its transfer record."""

log = logging.getLogger(__name__)

KEYS = ("study", "kind", "name", "objective", "setting", "role", "family", "dial", "seed", "status", "reason", "task")
SCORES = ("metric", "transfer", "low", "high", "dev", "f1", "majority", "n")


def collect(spec: dict[str, Any], data: Path) -> pd.DataFrame:
    """One row per encoder (cell, control, base of a system, reference) × task, the average among the tasks.

    Cells that are missing or failed keep their rows with empty scores, so that what is absent stays visible.

    Args:
        spec: the study's specification: ``study``, ``settings``, ``cells``, ``controls``, ``tasks``, and of its systems
            ``systems`` and ``controls_of_systems``.
        data: folder of the study, ``data/<study>``.

    Returns:
        Columns ``KEYS + SCORES``, then final training values, ``overlap`` and the information that the curve is drawn
        against (``AXIS``, nats); see ``infoviews.analysis.evidence.dictionary``.
    """
    rows: list[dict[str, Any]] = []
    roles = {setting["name"]: setting.get("role") for setting in spec.get("settings", [])}
    tuned = spec.get("sweetspot", {}).get("tuned_on")
    roles |= {tuned: Role.TUNED} if tuned else {}
    names = sorted({cell["setting"] for cell in spec["cells"]})
    for name in names:
        path = data / "information" / f"{name}.json"
        if roles.get(name) != Role.SYSTEM and not path.exists():  # views of systems are not measured
            log.warning("%s: missing; the setting is left out wherever information counts", path)
    overlaps, found = {name: overlap_of(data, name) for name in names}, estimates(data, names)
    for cell in spec["cells"]:
        shared = {"study": spec["study"], "kind": "cell", **{k: cell.get(k) for k in KEYS[2:9]}}
        shared["role"] = roles.get(cell["setting"])
        extra = {**training_columns(data, cell["name"]), "overlap": overlaps[cell["setting"]]}
        rows += [{**shared, **scores, **extra} for scores in transfer_rows(data, cell["name"], spec["tasks"])]
    for base in bases(spec):
        rows += [{"study": spec["study"], **base, **s} for s in transfer_rows(data, base["name"], spec["tasks"])]
    table = pd.DataFrame(rows)
    for column in (*KEYS, *SCORES, "loss"):
        if column not in table:
            table[column] = None
    first = [*KEYS, *SCORES]
    table = table[first + sorted(c for c in table.columns if c not in first)]
    numeric = [c for c in ("dial", "seed", "transfer", "low", "high", "dev", "f1", "majority", "n", "loss", "overlap")]
    table[numeric] = table[numeric].apply(pd.to_numeric, errors="coerce")
    table = table.join(on_axis(found, axis(found, spec)), on="setting")
    return table.fillna({"information_flag": "", "censored": False}).astype({"censored": bool})


def bases(spec: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """``kind`` and ``name`` of every encoder that is no cell; bases of systems have their system and seed as well.

    Controls of systems are untrained encoders of other architectures, which the rest of the analysis leaves alone.
    """
    yield from ({"kind": "control", "name": name} for name in spec.get("controls", []))
    yield from ({"kind": "untrained", "name": name} for name in spec.get("controls_of_systems", []))
    for system in spec.get("systems", []):
        kind = {"static": "system", "reference": "reference"}.get(system["kind"])
        if kind is not None:
            shared = {"kind": kind, "objective": system["name"], "setting": ""}
            yield from ({**shared, "name": name, "seed": seed} for seed, name in enumerate(system["rows"]))


def own_cells(table: pd.DataFrame) -> pd.DataFrame:
    """Cells × tasks of the study's own objectives on views that share something.

    Systems are left out: they differ from each other in all parts at once, and so tell nothing of any one part.
    A control with another dropout still shares nothing.
    """
    controls = table.loc[table["role"] == Role.CONTROL, "setting"]
    nothing = table["setting"].astype(str).str.replace(r"-dropout-[\d.]+$", "", regex=True).isin(controls)
    return table[(table["kind"] == "cell") & (table["role"] != Role.SYSTEM) & ~nothing]


def transfer_rows(data: Path, name: str, tasks: list[str]) -> Iterator[dict[str, Any]]:
    """Scores of one encoder, in percent: one row per task, then the average."""
    status, reason, found = transfer_of(data, name)
    scores = found.get("tasks", {})
    for task in tasks:
        score = scores.get(task, {})
        here, why = (status, reason) if status != "finished" or score else ("missing", f"no result for task {task}")
        yield {"status": here, "reason": why, "task": task, **score_columns(score)}
    average = average_of(found, tasks)
    if status == "finished" and not average:
        status, reason = "missing", "not every task has a result"
    extra: dict[str, Any] = {key: found[key] for key in ("alignment", "uniformity", "dimension") if key in found}
    yield {"status": status, "reason": reason, "task": AVERAGE, **score_columns(average), **extra}


def transfer_of(data: Path, name: str) -> tuple[str, str, dict[str, Any]]:
    """Status ('finished', 'failed' or 'missing'), the reason if not finished, and the transfer record."""
    record, path = run_of(data, name), data / "transfer" / f"{name}.json"
    if record.get("status") == "failed":
        return "failed", str(record.get("reason", "pretraining failed")), {}
    if not path.exists():
        return "missing", f"no file transfer/{name}.json", {}
    found = transfer_record(data, name)
    if found.get("status") == "failed":
        return "failed", str(found.get("reason", "transfer failed")), {}
    return "finished", "", found


def run_of(data: Path, name: str) -> dict[str, Any]:
    """The run record of a cell or base; empty where it left none."""
    folders = (data / part / name for part in ("checkpoints", "base"))
    return next((read_run(folder) for folder in folders if (folder / "run.json").exists()), {})


def scored(data: Path, names: Iterable[str]) -> Scored:
    """Every encoder's results by task, as its transfer record has them; without any for one that has none."""
    return {name: transfer_of(data, name)[2].get("tasks", {}) for name in names}


def average_of(found: dict[str, Any], tasks: list[str]) -> dict[str, Any]:
    """The average recorded over just these tasks or, where there is none, their mean, with independent test sets."""
    scores = [found.get("tasks", {}).get(task) for task in tasks]
    if not scores or any(score is None for score in scores):
        return {}
    recorded = found.get("averages", {})
    same = [recorded.get(key) for key, names in (("six", SIX), ("seven", SEVEN)) if set(names) == set(tasks)]
    if any(same):
        average = dict(same[0])
    else:
        mean = math.fsum(s["test"] for s in scores) / len(scores)
        half = math.sqrt(math.fsum(((s["high"] - s["low"]) / 2) ** 2 for s in scores)) / len(scores)
        average = {"test": mean, "low": mean - half, "high": mean + half}
    for key in ("dev", "majority"):
        values = [s.get(key) for s in scores]
        if key not in average and all(v is not None for v in values):
            average[key] = math.fsum(values) / len(values)
    return {"metric": "mean", **average}


def score_columns(score: dict[str, Any]) -> dict[str, Any]:
    """The columns of one task's result; empty where there is none."""
    return {"transfer" if key == "test" else key: score.get(key) for key in ("test", *SCORES) if key != "transfer"}


def training_columns(data: Path, cell: str) -> dict[str, Any]:
    """Last row of ``history.csv``: loss, bound (nats), step and whatever else was recorded as a number."""
    table = history(data, cell)
    if table.empty:
        return {}
    last = table.select_dtypes("number").ffill().iloc[-1].drop(labels=["lr"], errors="ignore")
    return {str(key): value for key, value in last.items()}


def overlap_of(data: Path, setting: str) -> float | None:
    """Mean share of tokens that the two views of a setting have in common."""
    folder = data / "views" / setting
    return read_facts(folder).get("overlap") if (folder / "facts.json").exists() else None
