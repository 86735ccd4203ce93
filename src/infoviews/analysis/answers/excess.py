"""Does transfer fall when views share more than the tasks need (Tian et al. 2020, arXiv:2005.10243), in every design?

InfoMin's claim is that the best views share what the task needs and nothing else. Here the need is known: a synthetic
language says of each view setting how much of its information the tasks use. A design is an objective, which brings its
embedding size with its start, and a variant of the views, such as nuisance factors said once instead of twice.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from infoviews.analysis.answers._answer import Evidence, listed, points
from infoviews.analysis.evidence.designs import GAP, INTERVALS, effect, gap, summarise
from infoviews.analysis.record import AVERAGE, Answer
from infoviews.names import label
from infoviews.pairs import read_facts

COLUMNS = ["design", "from", "to", "from_nats", "to_nats", "difference", "low", "high", "over", "n"]
DESIGN = ["dimension", "objective", "from_nats", "to_nats", "from", "to"]
NOTE = (
    "Both settings of a row share all that the tasks need; the first shares nothing else, the second the most beyond "
    "it, by the exact information of the views (nats). Difference in average transfer, second less first, of cells of "
    "the same objective and seed, points. A setting whose name continues that of another with the same information "
    f"(`style-said-once`, `style`) is a variant of it, and is compared within its variant. {INTERVALS}"
)


def answer(evidence: Evidence) -> Answer:
    """One row per objective and variant of the views."""
    question = "Does transfer fall when views share more than the tasks need, at every embedding size and saliency?"
    cells = evidence.cells
    cells = cells[cells["task"] == AVERAGE]
    known = exact_shares(cells, evidence.data)
    found = contests(cells, steps(known))
    if found.empty:
        text = (
            "This study cannot say whether transfer falls when views share more than the tasks need: it takes a "
            "synthetic language, of which the need is known (corpus.source: language), and cells of one objective on a "
            "view setting that shares just that and on one that shares more (views.settings, grid in params.yaml)."
        )
        return Answer("excess", question, text, NOTE)
    rows = summarise(found, DESIGN, {})
    text = sentence(rows)
    for row in rows:
        row["design"] = design(row)
    return Answer("excess", question, text, NOTE, COLUMNS, [{key: row[key] for key in COLUMNS} for row in rows])


def exact_shares(cells: pd.DataFrame, data: Path) -> pd.DataFrame:
    """Columns ``family``, ``setting``, ``information`` and ``need`` (the part that the tasks use), nats.

    Settings whose information is not known exactly are not there.
    """
    rows = []
    for (family, setting), _ in cells.groupby(["family", "setting"], sort=True):
        folder = data / "views" / str(setting)
        exact = (read_facts(folder).get("exact") if (folder / "facts.json").exists() else None) or {}
        if "task_information" in exact:
            rows.append([family, setting, exact["information"], exact["task_information"]])
    return pd.DataFrame(rows, columns=["family", "setting", "information", "need"])


def steps(known: pd.DataFrame) -> list[dict[str, Any]]:
    """Per family and variant, ``from`` the setting that shares just what the tasks need ``to`` the one of most beyond.

    What they need is the most of it that any setting shares.

    Args:
        known: the rows of ``exact_shares``.
    """
    whole = known[np.isclose(known["need"], known["need"].max())]
    variants = [variant(row, whole) for row in whole.itertuples()]
    found = []
    for _, group in whole.groupby(["family", pd.Series(variants, index=whole.index, dtype=str)], sort=True):
        ranked = group.sort_values(["information", "setting"]).to_dict("records")
        first, last = ranked[0], ranked[-1]
        if np.isclose(first["information"], first["need"]) and not np.isclose(last["information"], last["need"]):
            nats = {"from_nats": first["information"], "to_nats": last["information"]}
            found.append({"from": first["setting"], "to": last["setting"], **nats})
    return found


def variant(row: Any, known: pd.DataFrame) -> str:
    """``said-once`` for ``style-said-once`` beside ``style`` of the same family and information, else nothing."""
    same = known[(known["family"] == row.family) & np.isclose(known["information"], row.information)]
    stems = [f"{name}-" for name in same["setting"] if row.setting.startswith(f"{name}-")]
    return str(row.setting).removeprefix(max(stems, key=len)) if stems else ""


def contests(cells: pd.DataFrame, wanted: list[dict[str, Any]]) -> pd.DataFrame:
    """Transfer of the setting that shares more less that of the other, one row per step, objective and seed.

    Args:
        cells: finished cells, average over tasks.
        wanted: what ``steps`` gives.

    Returns:
        Columns ``DESIGN``, then ``GAP``.
    """
    rows = []
    for step in wanted:
        for (objective, _), mine in cells.groupby(["objective", "seed"], sort=True):
            by_setting: dict[str, Any] = {row["setting"]: row for row in mine.to_dict("records")}
            if step["from"] in by_setting and step["to"] in by_setting:
                more = by_setting[step["to"]]
                shared = {"dimension": int(more["dimension"]), "objective": objective, **step}
                rows.append(shared | gap(more, by_setting[step["from"]]))
    return pd.DataFrame(rows, columns=[*DESIGN, *GAP])


def sentence(rows: list[dict[str, Any]]) -> str:
    """In how many designs transfer falls, by how much, and what the study does not vary."""
    sizes = sorted({row["dimension"] for row in rows})
    said = []
    ways = {"worse": "falls", "better": "rises", "no clear difference": "cannot be told to fall or to rise"}
    for says, verb in ways.items():
        mine = sorted((row for row in rows if effect(row) == says), key=lambda row: -row["difference"])
        if mine:
            said.append(f"{verb} in {counted(len(mine), len(rows))}, {reach(mine)}")
    text = (
        f"When views share more than the tasks need, with embeddings of size {listed([str(size) for size in sizes])}, "
        f"average transfer {'; it '.join(said)}."
    )
    lacks = ["embedding size (an objective with another `start` would, in params.yaml)"] if len(sizes) == 1 else []
    if len({row["to"] for row in rows}) == 1:
        lacks.append(f"saliency (settings such as `{rows[0]['to']}-said-once` would)")
    return f"{text} This study does not vary {' or '.join(lacks)}." if lacks else text


def counted(some: int, every: int) -> str:
    """``the one design there is``, ``each of 4 designs``, ``3 of 4 designs``."""
    if every == 1:
        return "the one design there is"
    return f"{'each' if some == every else some} of {every} designs"


def reach(rows: list[dict[str, Any]]) -> str:
    """The first and the last difference of rows in order."""
    ends = [f"{points(row)} ({design(row)}, `{row['from']}` to `{row['to']}`)" for row in rows]
    return ends[0] if len(ends) == 1 else f"from {ends[0]} to {ends[-1]}"


def design(row: dict[str, Any]) -> str:
    """``InfoNCE, size 16``."""
    return f"{label(row['objective'])}, size {row['dimension']}"
