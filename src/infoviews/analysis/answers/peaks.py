"""Is there a sweet spot, for which task and which view family?"""

from __future__ import annotations

from typing import Any

from infoviews.analysis.answers._answer import Evidence, listed
from infoviews.analysis.record import ALL, AVERAGE, Answer, Curve
from infoviews.analysis.statistics.families import SPARE
from infoviews.analysis.statistics.two_lines import FEWEST

COLUMNS = ["task", "family", "settings", "p", "verdict", "location", "low", "high", "power", "reason"]


def answer(evidence: Evidence) -> Answer:
    """One row per task and family of the main objective; families with too few settings are but named."""
    mine = [c for c in evidence.curves if c.objective == evidence.main]
    tested = {c.family for c in mine if c.p is not None} | {ALL}
    rows = [row_of(c) for c in mine if c.family in tested]
    note = (
        "Two-lines test of the main objective; p of all curves but the first corrected together (Holm); power is that "
        "of finding a peak one point high; the place of a peak (nats) with its 95 % interval where one is found."
    )
    counts = {c.family: c.n for c in mine if c.family not in tested and c.task == AVERAGE}
    if counts:
        few = listed([f"{family} ({n})" for family, n in counts.items()])
        note += f" Not tested alone, for want of {FEWEST} uncensored settings (how many there are): {few}."
    note += "".join(lacks(c, [f for f, n in counts.items() if n == 1]) for c in mine[:1])
    return Answer("peaks", "Is there a sweet spot, for which task and family?", "", note, COLUMNS, rows)


def lacks(planned: Curve, alone: list[str]) -> str:
    """What the planned curve does without, a sentence each.

    Args:
        alone: families with one setting.
    """
    said = {
        f"Settings without a measured information, which are no points: {planned.unmeasured}.": planned.unmeasured,
        f"Settings without a result, which are no points: {planned.absent}.": planned.absent,
        f"Censored settings that could lie on either side of measured ones, and are left out: "
        f"{planned.censored - planned.limits}.": planned.p is not None and planned.censored > planned.limits,
        "Each setting has one seed: what seeds do is part of the settings' scatter.": planned.seeds == 1,
    }
    if alone and planned.n >= SPARE + len(alone) + 1:
        named = f"With one setting a family's offset takes up all that it says: {listed(alone)}."
        said[named] = True
    return "".join(f" {text}" for text, holds in said.items() if holds)


def row_of(curve: Curve) -> dict[str, Any]:
    """A curve as a row; place of the peak only where there is one."""
    row = {"task": curve.task, "family": curve.family, "settings": curve.n, "p": curve.p_holm, "verdict": curve.verdict}
    ends = {"location": "location", "low": "location_low", "high": "location_high"}
    place = {end: getattr(curve.found, key, None) for end, key in ends.items()}
    return row | place | {"power": (curve.power or {}).get("at_one_point"), "reason": curve.reason}
