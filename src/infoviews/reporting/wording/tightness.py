"""Does the tighter bound transfer better?"""

from __future__ import annotations

from infoviews.analysis.evidence.designs import effect
from infoviews.analysis.record import Answer
from infoviews.reporting.wording.question import INTERVALS, Question
from infoviews.reporting.wording.say import counted, points, said, some

NOTE = (
    "Only objectives whose value is a lower bound of the information compete. "
    "They have the same views, seed, start and critic. "
    "The higher value at the end of training is the tighter bound. "
    "Differences are in average transfer; intervals of single rows are over test examples."
)

SAYS = {
    "better": "The tighter bound transfers better.",
    "worse": "The tighter bound transfers worse.",
    "no clear difference": "Whether the tighter bound transfers better cannot be told.",
}


def sentence(found: Answer) -> str:
    """The mean difference of the tightest and the loosest bound, and what it rests on."""
    gap, rows = found.facts["gap"], found.rows
    places = sorted({row["setting"] for row in rows})
    critics = some([f"`{name}`" for name in sorted({row["critic"] for row in rows})])
    return said(
        SAYS[effect(gap)],
        f"The tightest bound's encoder differs from the loosest's by {points(gap)}.",
        f"The two bounds are {found.facts['apart']:.2f} nats apart on average.",
        f"This rests on {counted(len(rows), 'pair')} of cells from {counted(len(places), 'setting')}, "
        f"with the critic {critics}.",
    )


QUESTION = Question(
    "Does the tighter bound transfer better?",
    "two objectives with different lower bounds and the same critic, on the same views and seeds",
    sentence,
    lambda _: f"{NOTE} {INTERVALS}",
)
