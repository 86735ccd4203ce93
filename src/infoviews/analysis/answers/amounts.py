"""Do tasks want different amounts of information, and how much does each want?"""

from __future__ import annotations

from typing import Any

import numpy as np

from infoviews.analysis.answers._answer import Evidence
from infoviews.analysis.record import ALL, AVERAGE, Answer, Curve
from infoviews.analysis.statistics.common_peak import different_places
from infoviews.analysis.statistics.families import dummies, offsets

COLUMNS = ["task", "settings", "amount", "low", "high", "at", "height", "height_low", "height_high"]


def answer(evidence: Evidence, draws: int, seed: int) -> Answer:
    """One row per task: place and height of the highest point of its curve over all families, main objective.

    ``at`` says whether the place's interval reaches the ``least`` or the ``most`` that was measured, so that more or
    less may be better still, or both (``any``), or lies ``inside``. The facts are
    ``p`` of one place for all tasks and that place, ``common`` (nats); both are null where there are too few settings
    or tasks.
    """
    mine = [c for c in evidence.curves if (c.objective, c.family) == (evidence.main, ALL) and c.task != AVERAGE]
    rows = [row_of(curve) for curve in mine if curve.peak is not None]
    if not rows:
        return Answer("amounts")
    x, y, families = table(evidence)
    facts: dict[str, Any] = {"p": None, "common": None}
    if len(y) > 1:
        levels = dummies(families)
        level = np.stack([task - offsets(x, task, levels) for task in y])
        facts["p"], facts["common"] = different_places(x, level, np.random.default_rng([seed, len(x)]), draws)
    return Answer("amounts", COLUMNS, rows, facts)


def table(evidence: Evidence) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Information (n,), transfer (tasks, n) and family (n,) of the measured settings with a score on every task."""
    means = evidence.means
    means = means[(means["objective"] == evidence.main) & means["role"].isna() & (means["task"] != AVERAGE)]
    means = means[means["information"].notna() & ~means["censored"].astype(bool)]
    scores = means.pivot(index="setting", columns="task", values="transfer").dropna()
    about = means.drop_duplicates("setting").set_index("setting").loc[scores.index]
    return about["information"].to_numpy(float), scores.to_numpy(float).T, about["family"].to_numpy(str)


def row_of(curve: Curve) -> dict[str, Any]:
    """A task's curve as a row."""
    peak, reach = curve.peak, (curve.smooth or {})["information"]
    assert peak is not None
    ends = bool(np.isclose(peak.location_low, reach[0])), bool(np.isclose(peak.location_high, reach[-1]))
    row = {"task": curve.task, "settings": curve.n - curve.limits, "amount": peak.location}
    row |= {"low": peak.location_low, "high": peak.location_high}
    row |= {"at": {(True, True): "any", (True, False): "least", (False, True): "most"}.get(ends, "inside")}
    return row | {key: getattr(peak, key) for key in ("height", "height_low", "height_high")}
