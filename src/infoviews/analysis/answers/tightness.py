"""Does the tighter bound transfer better (Tschannen et al. 2020, arXiv:1907.13625)?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from infoviews import registry
from infoviews.analysis.answers._answer import Evidence
from infoviews.analysis.evidence.designs import GAP, GLOBAL, gap, others, summarise
from infoviews.analysis.record import AVERAGE, Z95, Answer

COLUMNS = ["setting", "critic", "seed", "tighter", "looser", "tightness", "difference", "low", "high"]

SAME = ["setting", "seed", "trained_start", "trained_critic", "trained_contrast", "trained_additions", "trained_params"]
"""What two cells have in common that differ in their bound alone."""


def answer(evidence: Evidence) -> Answer:
    """On every setting and seed, the encoder of the tightest lower bound against that of the loosest, critics alike.

    The fact ``gap`` is the mean difference with its interval, ``apart`` how far the two bounds are apart (nats).
    """
    found = contests(evidence.cells)
    if found.empty:
        return Answer("tightness")
    facts = {"gap": summarise(found, ["task"], evidence.levels)[0], "apart": float(found["tightness"].mean())}
    rows: list[Any] = found[COLUMNS].to_dict("records")
    return Answer("tightness", COLUMNS, rows, facts)


def contests(cells: pd.DataFrame) -> pd.DataFrame:
    """One row per group of cells that differ in nothing but the bound and have two or more lower bounds."""
    rows: list[dict[str, Any]] = []
    cells = cells[cells["task"] == AVERAGE]
    if "bound" in cells and "trained_bound" in cells:
        fair = cells["trained_bound"].map(is_lower_bound) & (cells["trained_contrast"] == GLOBAL)
        cells = cells[fair & (cells["trained_additions"] == "")].dropna(subset=["bound"])
        cells = cells.assign(trained_params=others(cells["trained_params"], "trained_bound"))
        for _, mine in cells.groupby(SAME, sort=True):
            ranked: list[Any] = mine.sort_values(["bound", "objective"]).to_dict("records")
            tight = ranked[-1]
            loose = next((row for row in ranked if row["trained_bound"] != tight["trained_bound"]), tight)
            if tight["bound"] > loose["bound"]:
                rows.append(contest(tight, loose))
    return pd.DataFrame(rows, columns=list(dict.fromkeys([*COLUMNS, *GAP])))


def is_lower_bound(name: Any) -> bool:
    """Whether an objective's module declares its value a lower bound of the information."""
    known = isinstance(name, str) and name in registry.names("objectives")
    return known and registry.declared("objectives", name, "KIND") == "lower bound"


def contest(tight: dict[str, Any], loose: dict[str, Any]) -> dict[str, Any]:
    """Difference in bound (nats) and in transfer (points) of two cells."""
    difference = tight["transfer"] - loose["transfer"]
    error = np.hypot(tight["high"] - tight["low"], loose["high"] - loose["low"]) / (2 * Z95)
    where = {"setting": tight["setting"], "critic": tight["trained_critic"], "seed": tight["seed"]}
    who = {"tighter": tight["objective"], "looser": loose["objective"], "tightness": tight["bound"] - loose["bound"]}
    interval = {"difference": difference, "low": difference - Z95 * error, "high": difference + Z95 * error}
    return gap(tight, loose) | where | who | interval
