"""Does the tighter bound transfer better (Tschannen et al. 2020, arXiv:1907.13625)?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from infoviews import registry
from infoviews.analysis.answers._answer import Evidence, listed, points
from infoviews.analysis.evidence.designs import GAP, GLOBAL, INTERVALS, effect, gap, others, summarise
from infoviews.analysis.evidence.scatter import Levels
from infoviews.analysis.record import AVERAGE, Z95, Answer

COLUMNS = ["setting", "critic", "seed", "tighter", "looser", "tightness", "difference", "low", "high"]

SAME = ["setting", "seed", "trained_start", "trained_critic", "trained_contrast", "trained_additions", "trained_params"]
"""What two cells have in common that differ in their bound alone."""

FEW = 3
"""So many settings are named in the sentence."""


def answer(evidence: Evidence) -> Answer:
    """On every setting and seed, the encoder of the tightest lower bound against that of the loosest, critics alike."""
    found = contests(evidence.cells)
    return Answer(
        "tightness",
        "Does the tighter bound transfer better?",
        sentence(found, evidence.levels),
        "Only objectives whose value is a lower bound of the information compete, on the same views, seed and start, "
        "with the same critic and all else alike: the higher value at the end of training is the tighter bound. "
        "Differences in average transfer, points; intervals of rows over test examples; of the sentence, "
        f"{INTERVALS}",
        COLUMNS,
        list_of_rows(found[COLUMNS]),
    )


def contests(cells: pd.DataFrame) -> pd.DataFrame:
    """One row per group of cells that differ in nothing but the bound and have two or more lower bounds."""
    rows: list[dict[str, Any]] = []
    cells = cells[cells["task"] == AVERAGE]
    if "bound" in cells and "trained_bound" in cells:
        fair = cells["trained_bound"].map(is_lower_bound) & (cells["trained_contrast"] == GLOBAL)
        cells = cells[fair & (cells["trained_additions"] == "")].dropna(subset=["bound"])
        cells = cells.assign(trained_params=others(cells["trained_params"], "trained_bound"))
        for _, mine in cells.groupby(SAME, sort=True):
            ranked = list_of_rows(mine.sort_values(["bound", "objective"]))
            tight = ranked[-1]
            loose = next((row for row in ranked if row["trained_bound"] != tight["trained_bound"]), tight)
            if tight["bound"] > loose["bound"]:
                rows.append(contest(tight, loose))
    return pd.DataFrame(rows, columns=list(dict.fromkeys([*COLUMNS, *GAP])))


def list_of_rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as dictionaries."""
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]


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


def sentence(found: pd.DataFrame, levels: Levels) -> str:
    """The mean difference and what it rests on, or what the study lacks."""
    if found.empty:
        return (
            "This study trains no two lower bounds with the same critic on the same views and seed, so it cannot say "
            "whether the tighter bound transfers better: add two objectives, such as `nwj` and one with "
            "`bound: infonce`, that name the same critic, to objectives and grid in params.yaml."
        )
    row = summarise(found, ["task"], levels)[0]
    says = {
        "better": "The tighter bound transfers better",
        "worse": "The tighter bound transfers worse",
        "no clear difference": "That the tighter bound transfers better, or worse, cannot be told",
    }[effect(row)]
    over = row["over"] if row["n"] == 1 else f"{row['n']} {row['over']} and test examples"
    pairs = "one pair" if len(found) == 1 else f"{len(found)} pairs"
    return (
        f"{says}: {points(row)} in average transfer for the tightest lower bound against the loosest, "
        f"which end {found['tightness'].mean():.2f} nats apart ({pairs} of cells with the same critic, "
        f"{named(found['critic'])}, on {settings(found['setting'])}; interval over {over})."
    )


def named(values: pd.Series) -> str:
    """Different values, in code."""
    return listed([f"`{value}`" for value in sorted(set(values))])


def settings(values: pd.Series) -> str:
    """``one setting, `tasks```; many are counted only."""
    n = values.nunique()
    counted = "one setting" if n == 1 else f"{n} settings"
    return f"{counted}, {named(values)}" if n <= FEW else counted
