"""Ask every question of the study."""

from __future__ import annotations

import dataclasses
from typing import Any

from infoviews.analysis.answers import entailment, excess, parts, peaks, predictors, tightness
from infoviews.analysis.answers._answer import Evidence


def ask(evidence: Evidence, rivals: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The answers in the order of the report, each as the fields of ``Answer``.

    Args:
        rivals: what ``infoviews.analysis.answers.prediction`` found.
    """
    answers = [
        peaks.answer(evidence),
        excess.answer(evidence),
        predictors.information(evidence, rivals),
        tightness.answer(evidence),
        entailment.profiles(evidence),
        entailment.asymmetry(evidence),
        parts.local(evidence),
        parts.additions(evidence),
        predictors.representation(evidence),
    ]
    return [dataclasses.asdict(answer) for answer in answers]
