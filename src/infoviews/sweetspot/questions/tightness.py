"""Does the tighter bound transfer better (Tschannen et al. 2020, arXiv:1907.13625)?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from infoviews import registry
from infoviews.sweetspot.collect import AVERAGE, Z95
from infoviews.sweetspot.designs import GLOBAL, effect, summarise
from infoviews.sweetspot.questions._answer import Answer, Evidence, points

COLUMNS = ["setting", "seed", "tighter", "looser", "tightness", "difference", "low", "high"]


def answer(evidence: Evidence) -> Answer:
    """On every setting and seed, the encoder of the tightest lower bound against that of the loosest."""
    found = contests(evidence.cells)
    return Answer(
        "tightness",
        "Does the tighter bound transfer better?",
        sentence(found),
        "Only objectives whose value is a lower bound of the information compete, on the same views and seed: the "
        "higher value at the end of training is the tighter bound. Differences in average transfer, points; "
        "intervals of rows over test examples, that of the sentence over settings, or seeds where there is one.",
        COLUMNS,
        list_of_rows(found[COLUMNS]),
    )


def contests(cells: pd.DataFrame) -> pd.DataFrame:
    """One row per setting, seed and start from which two or more lower bounds were trained."""
    rows: list[dict[str, Any]] = []
    cells = cells[cells["task"] == AVERAGE]
    if "bound" in cells and "trained_bound" in cells:
        fair = cells["trained_bound"].map(is_lower_bound) & (cells["trained_contrast"] == GLOBAL)
        cells = cells[fair & (cells["trained_additions"] == "")].dropna(subset=["bound"])
        for (setting, seed, _), mine in cells.groupby(["setting", "seed", "trained_start"], sort=True):
            ranked = list_of_rows(mine.sort_values(["bound", "objective"]))
            if len(ranked) > 1 and ranked[-1]["bound"] > ranked[0]["bound"]:
                rows.append({"setting": setting, "seed": seed, **contest(ranked[-1], ranked[0])})
    return pd.DataFrame(rows, columns=[*COLUMNS, "gap", "example_se", "task"])


def list_of_rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as dictionaries."""
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]


def is_lower_bound(name: Any) -> bool:
    """Whether an objective's module declares its value a lower bound of the information."""
    known = isinstance(name, str) and name in registry.names("objectives")
    return known and registry.get("objectives", name).KIND == "lower bound"


def contest(tight: dict[str, Any], loose: dict[str, Any]) -> dict[str, Any]:
    """Difference in bound (nats) and in transfer (points) of two cells."""
    difference = tight["transfer"] - loose["transfer"]
    error = np.hypot(tight["high"] - tight["low"], loose["high"] - loose["low"]) / (2 * Z95)
    who = {"tighter": tight["objective"], "looser": loose["objective"], "tightness": tight["bound"] - loose["bound"]}
    interval = {"difference": difference, "low": difference - Z95 * error, "high": difference + Z95 * error}
    return who | interval | {"gap": difference, "example_se": error, "task": AVERAGE}


def sentence(found: pd.DataFrame) -> str:
    """The mean difference, or what the study lacks."""
    if found.empty:
        return (
            "This study trains no two lower bounds on the same views and seed, so it cannot say whether the tighter "
            "bound transfers better: add an objective such as `nwj` under objectives and to the grid in params.yaml."
        )
    row = summarise(found, ["task"])[0]
    says = {
        "better": "The tighter bound transfers better",
        "worse": "The tighter bound transfers worse",
        "no clear difference": "That the tighter bound transfers better, or worse, cannot be told",
    }[effect(row)]
    return (
        f"{says}: {points(row)} in average transfer for the tightest lower bound against the loosest, "
        f"which end {found['tightness'].mean():.2f} nats apart ({len(found)} pairs of cells, interval over "
        f"{row['over']})."
    )
