"""Does local + global beat global alone, and what do additions to the loss (MLM, a queue …) add?"""

from __future__ import annotations

from typing import Any

from infoviews.analysis.answers._answer import Evidence, listed, points
from infoviews.analysis.evidence.designs import INTERVALS, REST, effect, pairs, summarise
from infoviews.analysis.record import AVERAGE, Answer

COLUMNS = ["what", "beside", "task", "difference", "low", "high", "over", "n"]
NOTE = (
    "Cells that are alike in views, seed and everything else of the objective, compared in pairs: mean difference in "
    f"points. {INTERVALS}"
)


def local(evidence: Evidence) -> Answer:
    """Every contrast against the global one."""
    lack = (
        "This study has no cells with a local contrast and otherwise equal ones without, so it cannot say whether "
        "local + global beats global alone: add an objective with a `contrast` to objectives and grid in params.yaml."
    )
    return compared(evidence, "trained_contrast", "local", "Does local + global beat global alone?", lack)


def additions(evidence: Evidence) -> Answer:
    """Every addition against the same objective without it."""
    lack = (
        "This study has no cells with an addition to the loss and otherwise equal ones without, so it cannot say "
        "what MLM or a queue add: add objectives with `additions: {mlm: {}}` or `{queue: {}}` to objectives and grid "
        "in params.yaml."
    )
    return compared(evidence, "trained_additions", "additions", "What do MLM and the queue add?", lack)


def compared(evidence: Evidence, part: str, name: str, question: str, lack: str) -> Answer:
    """The table of one part, and a sentence on the average over tasks."""
    cells = evidence.cells
    found = pairs(cells.dropna(subset=[part, *REST]), part) if part in cells else None
    if found is None or found.empty:
        return Answer(name, question, lack, NOTE)
    rows = summarise(found, ["what", "beside", "task"], evidence.levels)
    rows.sort(key=lambda r: (r["what"], r["beside"], r["task"] != AVERAGE, r["task"]))
    word = "against" if part == "trained_contrast" else "with"
    said = [
        f"`{row['what']}` {word} {plain(row['beside'])} is {verb(effect(row))} in average transfer, {points(row)} "
        f"over {extent(row)}"
        for row in rows
        if row["task"] == AVERAGE
    ]
    text = listed(said) if said else "no two cells have an average over tasks"
    return Answer(name, question, text[0].upper() + text[1:] + ".", NOTE, COLUMNS, rows)


def extent(row: dict[str, Any]) -> str:
    """``4 settings``, ``3 seeds``, or plain ``test examples`` where there is but one cell a side."""
    return row["over"] if row["n"] == 1 else f"{row['n']} {row['over']}"


def plain(beside: str) -> str:
    """What both cells have."""
    return "nothing else" if beside == "nothing" else f"`{beside}`"


def verb(says: str) -> str:
    """An effect as it stands after 'is'."""
    return "not clearly different" if says == "no clear difference" else says
