"""Ask every question of the study."""

from __future__ import annotations

from typing import Any

from infoviews.analysis.answers import amounts, dials, entailment, excess, parts, peaks, predictors, tightness, variants
from infoviews.analysis.answers._answer import Evidence
from infoviews.analysis.record import Answer


def ask(evidence: Evidence, rivals: list[dict[str, Any]], draws: int, seed: int) -> list[Answer]:
    """The answers in the order of the report.

    Args:
        rivals: what ``infoviews.analysis.answers.prediction`` found; draws, seed: of simulated data sets.
    """
    return [
        peaks.answer(evidence),
        amounts.answer(evidence, draws, seed),
        dials.answer(evidence),
        excess.answer(evidence),
        variants.answer(evidence),
        predictors.information(rivals),
        tightness.answer(evidence),
        entailment.profiles(evidence),
        entailment.asymmetry(evidence),
        parts.local(evidence),
        parts.additions(evidence),
        predictors.representation(evidence),
    ]
