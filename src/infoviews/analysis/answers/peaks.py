"""Is there a sweet spot, for which task and which view family?"""

from __future__ import annotations

from typing import Any

from infoviews.analysis.answers._answer import Evidence
from infoviews.analysis.record import ALL, AVERAGE, Answer, Curve
from infoviews.analysis.statistics.families import SPARE

COLUMNS = ["task", "family", "settings", "p", "verdict", "location", "low", "high", "power", "reason"]


def answer(evidence: Evidence) -> Answer:
    """One row per task and family of the main objective.

    Families with too few settings are no rows: the fact ``few`` has their numbers of settings, by name. The other
    facts are those of ``lacks``.
    """
    mine = [c for c in evidence.curves if c.objective == evidence.main]
    tested = {c.family for c in mine if c.p is not None} | {ALL}
    rows = [row_of(c) for c in mine if c.family in tested]
    few = {c.family: c.n for c in mine if c.family not in tested and c.task == AVERAGE}
    facts = {"few": few} | (lacks(mine[0], [f for f, n in few.items() if n == 1]) if mine else {})
    return Answer("peaks", COLUMNS, rows, facts)


def lacks(planned: Curve, alone: list[str]) -> dict[str, Any]:
    """What the planned curve does without.

    Args:
        alone: families with one setting.

    Returns:
        Numbers of settings that are no points: ``unmeasured``, ``absent``, and ``left_out``, censored ones that could
        be on either side of measured ones; ``one_seed``, whether no setting has more; ``alone``, the families whose
        offset takes up all that their one setting says.
    """
    offset = planned.n >= SPARE + len(alone) + 1
    return {
        "unmeasured": planned.unmeasured,
        "absent": planned.absent,
        "left_out": planned.censored - planned.limits if planned.p is not None else 0,
        "one_seed": planned.seeds == 1,
        "alone": alone if offset else [],
    }


def row_of(curve: Curve) -> dict[str, Any]:
    """A curve as a row; place of the peak only where there is one."""
    row = {"task": curve.task, "family": curve.family, "settings": curve.n, "p": curve.p_holm, "verdict": curve.verdict}
    ends = {"location": "location", "low": "location_low", "high": "location_high"}
    place = {end: getattr(curve.found, key, None) for end, key in ends.items()}
    return row | place | {"power": (curve.power or {}).get("at_one_point"), "reason": curve.reason}
