"""Does measured information add over simpler predictors, and do measures of a representation predict transfer?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import kendalltau

from infoviews.analysis.answers._answer import Evidence, listed
from infoviews.analysis.answers.prediction import LEVEL
from infoviews.analysis.record import AVERAGE, Answer

DRAWS = 1000
QUALITY = "quality_"
"""Prefix of columns that measure a checkpoint."""


def representation(evidence: Evidence) -> Answer:
    """Kendall's τ between every measure of a checkpoint and its transfer."""
    note = (
        "Measured on one encoder of each setting, on sentences of the tasks: I(noised input; representation) by MINE, "
        "and the neural dependency of its coordinates (Hjelm et al. 2019). Kendall's τ with average transfer over "
        "settings, main objective; percentile bootstrap over settings."
    )
    cells = evidence.cells
    cells = cells[(cells["task"] == AVERAGE) & (cells["objective"] == evidence.main)]
    rows = []
    for column in sorted(c for c in cells.columns if c.startswith(QUALITY)):
        means = cells.assign(value=pd.to_numeric(cells[column], errors="coerce"))
        means = means.dropna(subset=["value"]).groupby("setting")[["value", "transfer"]].mean()
        name = column.removeprefix(QUALITY).replace("_", " ")
        rows.append({"measure": name, "settings": len(means), **tau(means.to_numpy(float), len(means))})
    known = [row for row in rows if row["tau"] is not None]
    columns = ["measure", "settings", "tau", "low", "high"]
    question = "Do I(input; representation) and neural dependency predict transfer?"
    return Answer("representation", question, sentence(known), note, columns if rows else [], rows)


def tau(values: np.ndarray, seed: int) -> dict[str, Any]:
    """Kendall's τ of two columns (n, 2) with a percentile bootstrap interval over rows; null below five rows."""
    empty = {"tau": None, "low": None, "high": None}
    if len(values) < 5 or min(len(np.unique(column)) for column in values.T) < 3:
        return empty
    rng = np.random.default_rng(seed)
    drawn = [kendalltau(*values[rows].T).statistic for rows in rng.integers(0, len(values), (DRAWS, len(values)))]
    low, high = np.nanquantile(drawn, [0.025, 0.975])
    return {"tau": float(kendalltau(*values.T).statistic), "low": float(low), "high": float(high)}


def sentence(rows: list[dict[str, Any]]) -> str:
    """Which measures go with transfer."""
    if not rows:
        return (
            "This study has no measure of I(input; representation) or neural dependency for five settings or more, so "
            "it cannot say whether they predict transfer: name more view settings in params.yaml, and keep the "
            "weights of their cells."
        )
    said = []
    for row in rows:
        how = "does not clearly predict transfer"
        if row["low"] > 0 or row["high"] < 0:
            how = "predicts transfer" if row["low"] > 0 else "predicts transfer negatively, the more the worse"
        said.append(f"{row['measure']} {how} (τ = {row['tau']:.2f} [{row['low']:.2f}, {row['high']:.2f}])")
    text = listed(said)
    return text[0].upper() + text[1:] + "."


def information(evidence: Evidence, rows: list[dict[str, Any]]) -> Answer:
    """Does measured information add to dial, token overlap, alignment, uniformity and loss?

    Args:
        rows: what ``infoviews.analysis.answers.prediction`` found.
    """
    note = (
        "R² on view settings left out one at a time (below zero: worse than the mean of the others), by least squares "
        f"with a level of its own for every family of at least {LEVEL} settings (fixed effects), the rest sharing one; "
        "gain is what information adds to the rival, with a 95 % interval from a bootstrap of the left-out settings' "
        "squared errors. Each row is about the settings that have both predictors. The units of dials differ between "
        "families, so a dial counts by its rank within its family, and only families with levels of their own count."
    )
    question = "Does information predict transfer beyond the dial, token overlap, alignment and uniformity?"
    columns = ["rival", "n", "alone", "information", "both", "gain", "low", "high"]
    known = [row for row in rows if row["gain"] is not None]
    if not known:
        text = (
            "Too few view settings have both uncensored information and a rival to compare them as predictors of "
            "transfer: name more settings under views.settings and in the grid of params.yaml."
        )
        return Answer("rivals", question, text, note)
    adds = [row["rival"] for row in known if row["low"] is not None and row["low"] > 0]
    rest = [row["rival"] for row in known if row["rival"] not in adds]
    said = [f"information adds to {listed(adds)}"] if adds else []
    if rest:
        said.append(f"{'it' if adds else 'information'} cannot be shown to add to {listed(rest)}")
    same = [row for row in known if row["n"] == max(row["n"] for row in known)]
    best, own = max(same, key=lambda row: row["alone"]), same[0]["information"]
    text = (
        f"On settings left out, {'; '.join(said)}; information alone has an R² of {own:.2f}, the best rival on the "
        f"same {best['n']} settings, {best['rival']}, one of {best['alone']:.2f}."
    )
    if max(own, best["alone"]) <= 0:
        text += " None of these predicts a setting's transfer better than the mean of the other settings does."
    if "dial" not in {row["rival"] for row in known}:
        text += f" The dial is left out: too few settings are in families of at least {LEVEL}."
    return Answer("rivals", question, text, note, columns, rows)
