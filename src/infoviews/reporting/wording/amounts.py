"""Sentences on the best amount of information for each task, and the best dial of each view family."""

from __future__ import annotations

from typing import Any

from infoviews.analysis.record import ALPHA, AVERAGE, Answer
from infoviews.reporting.wording.peaks import shown, task_name
from infoviews.reporting.wording.question import Question
from infoviews.reporting.wording.say import bracket, said, some

AMOUNTS_NOTE = (
    "Each task's curve over all families, main objective. "
    "The amount is the place of its highest point, in nats, whether or not the two-lines test finds a peak. "
    "Its interval holds the places that curves of two falling arms allow (profile likelihood). "
    "`most`, `least` and `any` say that the interval reaches an end of the measured range, or both. "
    "The best amount may then lie beyond that end. "
    "The test asks how much height smooth curves lose at one place for all tasks (parametric bootstrap). "
    "Errors of tasks are drawn with their correlation, since tasks are scored on the same encoders."
)

DIALS_NOTE = (
    "The highest mean of each family's dials, main objective. "
    "Dials tie with it where no other dial is clearly better (one-sided, Bonferroni; Hsu's multiple comparisons with "
    "the best). "
    "The brackets after the dial and its information are the ends of the dials that tie. "
    "They hold the best dial in at least 95 % of studies, although the highest was picked after the fact. "
    "The height's interval is for the highest true mean, and the height itself is optimistic."
)


def amounts(found: Answer) -> str:
    """Whether tasks want different amounts, and which want least and most."""
    p, common = found.facts["p"], found.facts["common"]
    if p is None:
        return "Whether tasks want different amounts of information cannot be told from one task."
    rows = sorted(found.rows, key=lambda row: row["amount"])
    ends = f"The least is best for {amount(rows[0])}.", f"The most is best for {amount(rows[-1])}."
    if p < ALPHA:
        return said(f"Tasks want different amounts of information ({shown(p)}).", *ends)
    return said(
        f"Whether tasks want different amounts of information cannot be told ({shown(p)}).",
        f"One amount for all, {common:.2f} nats, fits their curves about as well as one for each.",
        "Taken alone, tasks differ no more than chance allows.",
        *ends,
    )


def amount(row: dict[str, Any]) -> str:
    """``TREC, 1.20 nats [0.80, 2.10]``."""
    return f"{task_name(row['task'])}, {row['amount']:.2f} nats{bracket(row['low'], row['high'], 2)}"


def dials(found: Answer) -> str:
    """The best dial of each family for the average over tasks, and in how many families it can be told."""
    rows = [row for row in found.rows if row["task"] == AVERAGE]
    best = [f"`{row['setting']}`" for row in sorted(rows, key=lambda row: -row["height"])]
    clear = [row["family"] for row in rows if row["ties"] == 1]
    told = f"Each is the highest of its family; clearly so in {some(clear)}." if clear else "None is clearly the best."
    if all(row["ties"] is None for row in rows):
        told = "Without a second seed no other dial can be ruled out."
    dials = "dials are" if len(best) > 1 else "dial is"
    return said(f"For the average over tasks, the highest {dials} {some(best)}.", told)


AMOUNTS = Question(
    "Do tasks want different amounts of information?",
    "six view settings of the main objective with measured information",
    amounts,
    lambda _: AMOUNTS_NOTE,
)
DIALS = Question(
    "Which dial of each view family is best, and for which task?",
    "two dials of one view family with the main objective",
    dials,
    lambda _: DIALS_NOTE,
)
