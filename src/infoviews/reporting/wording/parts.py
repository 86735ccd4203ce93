"""Does local + global beat global alone, and what do additions to the loss add?"""

from __future__ import annotations

from typing import Any

from infoviews.analysis.evidence.designs import effect
from infoviews.analysis.record import AVERAGE, Answer
from infoviews.reporting.wording.question import INTERVALS, Question
from infoviews.reporting.wording.say import points, said

NOTE = "Pairs of cells that are alike in views, seed and everything else of the objective: mean difference in points."

VERBS = {"better": "raises", "worse": "lowers", "no clear difference": "does not clearly change"}


def local(found: Answer) -> str:
    """Every local contrast against the global one, a sentence each."""
    return said(*(changed(row, f"The `{row['what']}` contrast") for row in found.rows if row["task"] == AVERAGE))


def additions(found: Answer) -> str:
    """Every addition against the same objective without it, a sentence each."""
    return said(*(changed(row, added(row)) for row in found.rows if row["task"] == AVERAGE))


def added(row: dict[str, Any]) -> str:
    """What was added, and to what if that had an addition already."""
    return f"Adding `{row['what']}`" + ("" if row["against"] == "nothing" else f" to `{row['against']}`")


def changed(row: dict[str, Any], what: str) -> str:
    """How a part changes average transfer."""
    return f"{what} {VERBS[effect(row)]} average transfer: {points(row)}."


LOCAL = Question(
    "Does local + global beat global alone?",
    "an objective with a local contrast and the same one without",
    local,
    lambda _: f"{NOTE} {INTERVALS}",
)
ADDITIONS = Question(
    "What do MLM and a queue add?",
    "an objective with an addition to the loss, such as mlm or queue, and the same one without",
    additions,
    lambda _: f"{NOTE} {INTERVALS}",
)
