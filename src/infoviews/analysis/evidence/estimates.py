"""Information between the views of each setting: every estimate in a row of its own, and those of the curve."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from infoviews.analysis.evidence.records import information_record

EXACT = "exact"
"""Estimator of values that follow from how views are drawn, as from the synthetic language; they have no features."""

MARGIN = 1.5
"""Nats below log K within which an InfoNCE value says only 'at least this much'."""

AXIS = ["information", "information_low", "information_high", "information_flag", "censored"]
COLUMNS = ["setting", "estimator", "features", *AXIS[:4], "ceiling"]


def estimates(data: Path, settings: list[str]) -> pd.DataFrame:
    """Every estimate of the settings that were measured.

    Returns:
        Columns ``COLUMNS`` and ``censored``, nats. Of several numbers of candidates the largest, whose ceiling is the
        highest, counts.
    """
    rows = []
    for setting in settings:
        there = (data / "information" / f"{setting}.json").exists()
        record = information_record(data, setting) if there else {}
        for found in sorted(record.get("estimates", []), key=lambda e: e.get("k") or 0):
            value = [found["estimate"], found["low"], found["high"], found.get("flag") or "", found.get("ceiling")]
            rows.append([setting, found["estimator"], found["features"], *value])
        if record.get("exact"):
            rows.append([setting, EXACT, "", *[record["exact"]["information"]] * 3, "", None])
    table = pd.DataFrame(rows, columns=COLUMNS).drop_duplicates(COLUMNS[:3], keep="last", ignore_index=True)
    numbers = [*AXIS[:3], "ceiling"]
    table[numbers] = table[numbers].apply(pd.to_numeric, errors="coerce")
    return table.assign(censored=censored(table))


def censored(table: pd.DataFrame) -> pd.Series:
    """Whether an estimate is only a lower limit: flagged so, or within ``MARGIN`` nats of its ceiling."""
    near = (table["ceiling"] - table["information"]) < MARGIN
    return near | table["information_flag"].str.contains("censored")


def axis(found: pd.DataFrame, spec: dict[str, Any]) -> tuple[str, str]:
    """Estimator and features of the curve: exact values where every setting measured has one, else as the study says.

    Of several feature sets the one named in ``sweetspot.features`` counts, or else the base that the cells start from.

    Args:
        found: ``estimates`` of the settings that have cells.
        spec: of the analysis.
    """
    if len(found) and set(found["setting"]) == set(found.loc[found["estimator"] == EXACT, "setting"]):
        return EXACT, ""
    options = spec.get("sweetspot", {})
    estimator = str(options.get("estimator", "infonce"))
    measured = sorted(found.loc[found["estimator"] == estimator, "features"].unique())
    wanted = [options.get("features"), spec.get("start"), *measured]
    return estimator, next((str(name) for name in wanted if name in measured), "base")


def on_axis(found: pd.DataFrame, chosen: tuple[str, str]) -> pd.DataFrame:
    """Columns ``AXIS`` by setting: the estimates of one estimator on one set of features.

    A value below another valid bound of the same setting is not what is known of it, and counts as not measured.
    """
    mine = found[(found["estimator"] == chosen[0]) & (found["features"] == chosen[1])].set_index("setting")[AXIS]
    mine.loc[mine["information_flag"].str.contains("below another bound"), AXIS[:3]] = np.nan
    return mine


def name_of(estimator: str, features: str) -> str:
    """Name of an estimate in tables: ``infonce_base``, ``exact``."""
    return f"{estimator}_{features}" if features else estimator
