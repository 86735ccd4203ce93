"""Which dial of each view family is best, for each task?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtri, stdtrit

from infoviews.analysis.answers._answer import Evidence
from infoviews.analysis.evidence.pairing import paired_errors
from infoviews.analysis.record import ALPHA, AVERAGE, Answer
from infoviews.analysis.statistics.combined import interval, seed_errors

COLUMNS = ["task", "family", "setting", "dials", "dial", "low", "high", "ties", "nats", "nats_low", "nats_high"]
COLUMNS += ["height", "height_low", "height_high"]


def answer(evidence: Evidence) -> Answer:
    """One row per task and family of several dials: the best dial of the main objective, and those that tie with it.

    The dials that tie are all of which it cannot be said, one-sidedly and corrected for their number, that another
    dial is better: they hold the truly best one in at least 95 % of studies (multiple comparisons with the best; Hsu
    1981), however the highest was picked. ``low`` and ``high`` are their ends, with the information between them. The
    height is the best dial's with an interval for the highest true mean, from intervals that hold for all dials at
    once; the mean itself is the maximum of several and optimistic. Without two seeds anywhere there is no interval.
    """
    means = evidence.means
    means = means[(means["objective"] == evidence.main) & means["role"].isna()].dropna(subset=["transfer", "dial"])
    families = [(f, mine) for f, mine in means.groupby("family", sort=True) if mine["dial"].nunique() > 1]
    if not families:
        return Answer("dials")
    cells = evidence.cells[evidence.cells["objective"] == evidence.main].drop_duplicates("name")
    names = {str(setting): mine["name"].tolist() for setting, mine in cells.groupby("setting")}
    tasks = sorted(set(means["task"]) - {AVERAGE})
    errors = paired_errors(evidence.scored, names, tasks)
    rows = [
        {"task": task, "family": str(family), **best_dial(mine[mine["task"] == task], errors[task])}
        for task in [AVERAGE, *tasks]
        for family, mine in families
    ]
    return Answer("dials", COLUMNS, rows)


def best_dial(rows: pd.DataFrame, errors: pd.DataFrame) -> dict[str, Any]:
    """The best dial of one family on one task, those that tie with it, and how high it is.

    Args:
        rows: means of the settings; errors: of the difference of every two settings, from the test examples.
    """
    rows = rows.sort_values(["dial", "setting"])
    best = rows.iloc[int(rows["transfer"].to_numpy().argmax())]
    found = {"dials": len(rows), "setting": str(best["setting"]), "dial": float(best["dial"])}
    found |= {"nats": float(best["information"]), "height": float(best["transfer"])}
    if not best["seed_freedom"]:
        return found | dict.fromkeys(column for column in COLUMNS[2:] if column not in found)
    held = rows.take([at for at, row in enumerate(rows.to_dict("records")) if not beaten(row, rows, errors)])
    found |= {"low": float(held["dial"].min()), "high": float(held["dial"].max()), "ties": len(held)}
    found |= {"nats_low": float(held["information"].min()), "nats_high": float(held["information"].max())}
    tail = ALPHA / 2 / len(rows)
    seeds = -stdtrit(rows["seed_freedom"], tail) * rows["seed_sd"] / np.sqrt(rows["seeds"])
    arms = np.hypot(seeds, -ndtri(tail) * rows["example_se"])
    ends = {"height_low": (rows["transfer"] - arms).max(), "height_high": (rows["transfer"] + arms).max()}
    return found | {end: float(np.clip(value, 0.0, 100.0)) for end, value in ends.items()}


def beaten(row: Any, rows: pd.DataFrame, errors: pd.DataFrame) -> bool:
    """Whether another dial is better, one-sidedly and corrected for how many others there are."""
    for other in rows.to_dict("records"):
        gap = other["transfer"] - row["transfer"]
        if gap > 0:
            error = errors.loc[[row["setting"]], [other["setting"]]].to_numpy(float).item()
            p = interval(gap, seed_errors(row, other), error)["p"]
            if p is not None and p / 2 < ALPHA / (len(rows) - 1):
                return True
    return False
