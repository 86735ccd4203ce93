"""Does transfer fall when views share more than the tasks need (Tian et al. 2020, arXiv:2005.10243), in every design?

InfoMin's claim is that the best views share what the task needs and nothing else. Here the need is known: a synthetic
language says of each view setting how much of its information the tasks use. A design is an objective, which brings its
embedding size with its start, and a variant of the views, such as nuisance factors that a text has once and not
twice.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from infoviews.analysis.answers._answer import Evidence
from infoviews.analysis.evidence.designs import GAP, gap, summarise
from infoviews.analysis.record import AVERAGE, Answer
from infoviews.pairs import read_facts

COLUMNS = ["objective", "dimension", "from", "to", "from_nats", "to_nats", "difference", "low", "high", "over", "n"]
DESIGN = ["dimension", "objective", "from_nats", "to_nats", "from", "to"]


def answer(evidence: Evidence) -> Answer:
    """One row per objective and variant of the views."""
    cells = evidence.cells
    cells = cells[cells["task"] == AVERAGE]
    known = exact_shares(cells, evidence.data)
    found = contests(cells, steps(known))
    rows = [] if found.empty else summarise(found, DESIGN, {})
    return Answer("excess", COLUMNS if rows else [], rows)


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
