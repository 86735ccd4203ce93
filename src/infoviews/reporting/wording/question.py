"""What a question of the analysis needs of words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from infoviews.analysis.record import Answer

INTERVALS = (
    "Intervals are 95 %, over the unit under 'over'. "
    "The spread between seeds, settings and families is pooled over all cells (a mixed model). "
    "The error of the finite test sets is added."
)
"""How differences of cells get their interval."""


@dataclass(frozen=True)
class Question:
    """One question.

    Attributes:
        question: as a reader asks it.
        needs: what a study must have to ask it, to be read after "needs".
        sentence: the answer in words, of an answer that has rows; empty if the rows do not suffice.
        note: how the table was made.
    """

    question: str
    needs: str
    sentence: Callable[[Answer], str]
    note: Callable[[Answer], str]
