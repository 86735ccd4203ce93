"""Sentences on whether trained cells separate from those whose views share nothing."""

from __future__ import annotations

from infoviews.analysis.answers._answer import listed
from infoviews.analysis.record import Gate
from infoviews.names import label

LACKS = {
    "control": "the study has no control setting with a result",
    "settings": "no view setting of the curve has a result",
    "seeds": "no setting has two seeds",
}


def warning(gate: Gate) -> str:
    """What stands before every other answer: that the study is void, and why; empty where it is not."""
    if not gate.void or gate.furthest is None:
        return ""
    return (
        f"The study is void: none of its {gate.settings} view settings ({label(gate.objective)}) separates from "
        f"{controls(gate)}. The furthest is `{gate.furthest['setting']}`: {gap(gate)}. "
        "What the report says of information describes noise alone."
    )


def sentence(gate: Gate) -> str:
    """How many view settings separate from the controls."""
    if gate.void is None:
        return (
            f"Whether trained cells separate from those whose views share nothing is not tested: {LACKS[gate.lacks]}."
        )
    if gate.void:
        return warning(gate)
    text = (
        f"Of {gate.settings} view settings ({label(gate.objective)}), {gate.above} transfer better than "
        f"{controls(gate)}, and {gate.below} worse (Holm)."
    )
    return f"{text} No amount of shared information was of use." if not gate.above else text


def controls(gate: Gate) -> str:
    """The control settings, and what they are."""
    return f"{listed([f'`{name}`' for name in gate.controls])}, whose views share nothing"


def gap(gate: Gate) -> str:
    """``+0.4 points [-0.6, 1.4], by an interval corrected for the number of settings``."""
    found = gate.furthest or {}
    text = f"{found['difference']:+.1f} points"
    if found["low"] is None:
        return text
    return f"{text} [{found['low']:.1f}, {found['high']:.1f}], by an interval corrected for their number"
