"""Does measured information add over simpler predictors, and do measures of a representation predict transfer?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import kendalltau

from infoviews.analysis.answers._answer import Evidence
from infoviews.analysis.record import AVERAGE, Answer

DRAWS = 1000
QUALITY = "quality_"
"""Prefix of columns that measure a checkpoint."""


def representation(evidence: Evidence) -> Answer:
    """Kendall's τ between every measure of a checkpoint and its transfer."""
    cells = evidence.cells
    cells = cells[(cells["task"] == AVERAGE) & (cells["objective"] == evidence.main)]
    rows = []
    for column in sorted(c for c in cells.columns if c.startswith(QUALITY)):
        means = cells.assign(value=pd.to_numeric(cells[column], errors="coerce"))
        means = means.dropna(subset=["value"]).groupby("setting")[["value", "transfer"]].mean()
        name = column.removeprefix(QUALITY).replace("_", " ")
        rows.append({"measure": name, "settings": len(means), **tau(means.to_numpy(float), len(means))})
    return Answer("representation", ["measure", "settings", "tau", "low", "high"] if rows else [], rows)


def tau(values: np.ndarray, seed: int) -> dict[str, Any]:
    """Kendall's τ of two columns (n, 2) with a percentile bootstrap interval over rows; null below five rows."""
    empty = {"tau": None, "low": None, "high": None}
    if len(values) < 5 or min(len(np.unique(column)) for column in values.T) < 3:
        return empty
    rng = np.random.default_rng(seed)
    drawn = [kendalltau(*values[rows].T).statistic for rows in rng.integers(0, len(values), (DRAWS, len(values)))]
    low, high = np.nanquantile(drawn, [0.025, 0.975])
    return {"tau": float(kendalltau(*values.T).statistic), "low": float(low), "high": float(high)}


def information(rows: list[dict[str, Any]]) -> Answer:
    """What information adds to dial, token overlap, alignment, uniformity and loss, where the gain is known.

    Args:
        rows: what ``infoviews.analysis.answers.prediction`` found.
    """
    columns = ["rival", "n", "alone", "information", "both", "gain", "low", "high"]
    known = any(row["gain"] is not None for row in rows)
    return Answer("rivals", columns if known else [], rows if known else [])
