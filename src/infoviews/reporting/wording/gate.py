"""Sentences on whether trained cells separate from those whose views share nothing."""

from __future__ import annotations

from infoviews.analysis.record import Gate
from infoviews.reporting.wording.say import points, said, some

LACKS = {
    "control": "the study has no control setting with a result",
    "settings": "no view setting of the curve has a result",
    "seeds": "no setting has two seeds",
}


def warning(gate: Gate) -> str:
    """What stands before every other answer: that the study is void, and why; empty where it is not."""
    if not gate.void or gate.furthest is None:
        return ""
    return said(
        f"This study is void: none of its {gate.settings} view settings differs clearly from {controls(gate)}.",
        f"The furthest is `{gate.furthest['setting']}`, with {points(gate.furthest)}.",
        "That interval is corrected for the number of settings." if gate.furthest["low"] is not None else "",
        "What this report says of information describes noise alone.",
    )


def sentence(gate: Gate) -> str:
    """How many view settings separate from the controls."""
    if gate.void is None:
        return f"Whether trained cells differ from those whose views share nothing is not tested: {LACKS[gate.lacks]}."
    if gate.void:
        return warning(gate)
    return said(
        f"Of {gate.settings} view settings, {gate.above} transfer better than {controls(gate)}.",
        "No amount of shared information was of use." if not gate.above else "",
        f"Worse: {gate.below}." if gate.below else "",
    )


def controls(gate: Gate) -> str:
    """The control settings, and what they are."""
    return f"{some([f'`{name}`' for name in gate.controls])}, whose views share nothing"
