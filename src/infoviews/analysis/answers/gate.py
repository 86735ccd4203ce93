"""Do cells that were trained on views which share something separate from those whose views share nothing?"""

from __future__ import annotations

import pandas as pd

from infoviews.analysis.answers.verdict import holm
from infoviews.analysis.evidence.join import Scored
from infoviews.analysis.evidence.pairing import paired_errors
from infoviews.analysis.record import ALPHA, AVERAGE, Gate, Role
from infoviews.analysis.statistics.combined import interval, seed_errors


def gate(results: pd.DataFrame, means: pd.DataFrame, main: str, tasks: list[str], scored: Scored) -> Gate:
    """Hold the average transfer of every setting of the main curve against the control settings.

    A setting separates if it lies on the same side of every control by more than the interval of their difference:
    seeds with their pooled spread, test examples in pairs. p values of settings, each the largest over the controls
    (an intersection-union test; Berger 1982), are corrected together by Holm's method, so that where no setting
    differs from a control, the chance that any separates is at most ``ALPHA``.

    Args:
        results: the tidy table of ``collect``.
        means: rows of ``settings``.
        main: the objective of the main curve.
        scored: the results of every encoder by task.
    """
    rows = means[(means["objective"] == main) & (means["task"] == AVERAGE)].dropna(subset=["transfer"])
    controls, own = rows[rows["role"] == Role.CONTROL], rows[rows["role"].isna()]
    if controls.empty or own.empty or not own["seed_freedom"].max():
        lacks = "control" if controls.empty else "settings" if own.empty else "seeds"
        return Gate(main, sorted(controls["setting"]), len(own), lacks=lacks)
    cells = results[(results["objective"] == main) & (results["task"] == AVERAGE) & results["transfer"].notna()]
    sides = {str(name): mine["name"].tolist() for name, mine in cells.groupby("setting")}
    errors = paired_errors(scored, sides, tasks)[AVERAGE]
    level, found = 1 - ALPHA / len(own), []
    for row in own.to_dict("records"):
        gaps = []
        for control in controls.to_dict("records"):
            difference = float(row["transfer"] - control["transfer"])
            error = float(errors.loc[row["setting"], control["setting"]])
            gap = {"setting": row["setting"], "control": control["setting"], "difference": difference}
            gaps.append(gap | interval(difference, seed_errors(row, control), error, level))
        one_side = len({gap["difference"] > 0 for gap in gaps}) == 1
        nearest = max(gaps, key=lambda gap: (1.0 if gap["p"] is None else gap["p"], -abs(gap["difference"])))
        found.append(nearest | {"p": nearest["p"] if one_side and nearest["p"] is not None else 1.0})
    apart = [p < ALPHA for p in holm([gap["p"] for gap in found])]
    furthest = min(found, key=lambda gap: (gap["p"], -abs(gap["difference"])))
    above = sum(gap["difference"] > 0 for gap, clear in zip(found, apart, strict=True) if clear)
    return Gate(main, sorted(controls["setting"]), len(own), above, sum(apart) - above, not any(apart), furthest)
