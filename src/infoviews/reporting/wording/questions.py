"""The words for every question: what is asked, what was found, how, and what a study needs to ask it."""

from __future__ import annotations

from dataclasses import dataclass

from infoviews.analysis.record import Answer
from infoviews.reporting.wording import amounts, critics, excess, parts, peaks, predictors, tightness, variants
from infoviews.reporting.wording.question import Question

QUESTIONS: dict[str, Question] = {
    "peaks": peaks.QUESTION,
    "amounts": amounts.AMOUNTS,
    "dials": amounts.DIALS,
    "excess": excess.QUESTION,
    "variants": variants.QUESTION,
    "rivals": predictors.INFORMATION,
    "tightness": tightness.QUESTION,
    "entailment": critics.PROFILES,
    "asymmetry": critics.ASYMMETRY,
    "local": parts.LOCAL,
    "additions": parts.ADDITIONS,
    "representation": predictors.REPRESENTATION,
}
"""By the name of the answer."""


@dataclass(frozen=True)
class Worded:
    """A question of a study with its answer in words; ``sentence`` is empty where the study does not ask it."""

    found: Answer
    question: str
    sentence: str
    note: str
    needs: str


def worded(found: Answer) -> Worded:
    """The words for an answer.

    Raises:
        KeyError: ``QUESTIONS`` lacks its name.
    """
    words = QUESTIONS[found.name]
    sentence = words.sentence(found) if found.rows else ""
    note = words.note(found) if sentence else ""
    return Worded(found, words.question, sentence, note, words.needs)
