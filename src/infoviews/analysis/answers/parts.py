"""Does local + global beat global alone, and what do additions to the loss (MLM, a queue …) add?"""

from __future__ import annotations

from infoviews.analysis.answers._answer import Evidence
from infoviews.analysis.evidence.designs import REST, pairs, summarise
from infoviews.analysis.record import AVERAGE, Answer

COLUMNS = ["what", "against", "task", "difference", "low", "high", "over", "n"]


def local(evidence: Evidence) -> Answer:
    """Every contrast against the global one."""
    return compared(evidence, "trained_contrast", "local")


def additions(evidence: Evidence) -> Answer:
    """Every addition against the same objective without it."""
    return compared(evidence, "trained_additions", "additions")


def compared(evidence: Evidence, part: str, name: str) -> Answer:
    """Differences of cells that are alike but for one part, by part and task, the average first."""
    cells = evidence.cells
    found = pairs(cells.dropna(subset=[part, *REST]), part) if part in cells else None
    if found is None or found.empty:
        return Answer(name)
    rows = summarise(found, ["what", "against", "task"], evidence.levels)
    rows.sort(key=lambda r: (r["what"], r["against"], r["task"] != AVERAGE, r["task"]))
    return Answer(name, COLUMNS, rows)
