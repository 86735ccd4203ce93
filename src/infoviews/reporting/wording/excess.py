"""Does transfer fall when views share more than the tasks need?"""

from __future__ import annotations

from typing import Any

from infoviews.analysis.evidence.designs import effect
from infoviews.analysis.record import Answer
from infoviews.names import label
from infoviews.reporting.wording.question import INTERVALS, Question
from infoviews.reporting.wording.say import points, said

NOTE = (
    "Both settings of a row share all that the tasks need. "
    "The first shares nothing else; the second shares the most beyond it, by the exact information of the views. "
    "The difference is the second's average transfer less the first's, with the same objective and seed. "
    "A setting named as a continuation of another, such as style-said-once of style, is compared within its variant."
)

WAYS = {"worse": "falls", "better": "rises", "no clear difference": "does not clearly change"}


def sentence(found: Answer) -> str:
    """In how many designs transfer falls, by how much, and what the study does not vary."""
    rows = sorted(found.rows, key=lambda row: row["difference"])
    groups = {verb: [row for row in rows if effect(row) == says] for says, verb in WAYS.items()}
    told: list[str] = []
    for verb, mine in groups.items():
        if mine:
            start = "When views share more than the tasks need, average transfer" if not told else "It"
            told.append(f"{start} {verb} in {share(len(mine), len(rows))}.")
    ends = [ended(rows[0], "The change is" if len(rows) == 1 else "The lowest change is")]
    ends += [ended(rows[-1], "The highest is")] if len(rows) > 1 else []
    return said(*told, *ends, missing(rows))


def share(some: int, every: int) -> str:
    """``the one comparison``, ``all 4 comparisons``, ``3 of 4 comparisons``."""
    if every == 1:
        return "the one comparison of this study"
    return f"all {every} comparisons" if some == every else f"{some} of {every} comparisons"


def ended(row: dict[str, Any], start: str) -> str:
    """One difference, with where and with what it was found."""
    return f"{start} {points(row)}, from `{row['from']}` to `{row['to']}` with {label(row['objective'])}."


def missing(rows: list[dict[str, Any]]) -> str:
    """What of the question a study with these rows leaves open."""
    lacks = ["embedding size"] if len({row["dimension"] for row in rows}) == 1 else []
    lacks += ["how often a text mentions what no task needs"] if len({row["to"] for row in rows}) == 1 else []
    return f"This study does not vary {' or '.join(lacks)}." if lacks else ""


QUESTION = Question(
    "Does transfer fall when views share more than the tasks need?",
    "a synthetic language, with a setting that shares just what its tasks need and one that shares more",
    sentence,
    lambda _: f"{NOTE} {INTERVALS}",
)
