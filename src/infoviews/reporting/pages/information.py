"""The information table: every estimate of every view setting, and the truth where it is known."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from infoviews.files import write_text
from infoviews.names import label
from infoviews.reporting.inputs import Inputs
from infoviews.reporting.wording import tables as wording
from infoviews.tables import Table, interval, number

OFTEN = 0.01
"""Share of pairs with equal texts, or of repeated candidates, that a reader should know of."""


def information_table(frame: pd.DataFrame) -> Table:
    """The frame as shown; the exact columns only where a setting has an exact value."""
    known = frame["exact"].notna().any()
    columns = ["views", "estimator", "features", "information (nats)", "K", "n", "ceiling", "for the axis"]
    rows = []
    for row in frame.to_dict("records"):
        estimator = label(row["estimator"]) if isinstance(row["estimator"], str) else "not measured"
        features = row["features"] if isinstance(row["features"], str) else ""
        counts = [number(None if pd.isna(row[key]) else int(row[key])) for key in ("k", "n")]
        cells = [row["setting"], estimator, features, interval(row["estimate"], row["low"], row["high"], 2)]
        cells += [*counts, number(row["ceiling"]), verdict(row)]
        rows.append(cells + ([number(row["exact"]), number(row["error"])] if known else []))
    return Table(columns + (["exact", "error"] if known else []), rows, left=3)


def on_axis(inputs: Inputs) -> pd.DataFrame:
    """Of all estimates those that place the settings on the curve, for the page; all where the axis is exact."""
    axis, frame = inputs.record.information, inputs.estimates
    chosen = frame["estimator"].eq(axis["estimator"]) & frame["features"].eq(axis["features"])
    return frame[chosen] if chosen.any() else frame


def verdict(row: Mapping[Hashable, Any]) -> str:
    """``trusted``, or ``lower limit only`` or ``not usable`` with the reason; the flag where a record says neither."""
    if not isinstance(row["verdict"], str):
        return row["flag"] if isinstance(row["flag"], str) else ""
    return f"{row['verdict']}: {row['because']}" if row["because"] else row["verdict"]


def texts(frame: pd.DataFrame) -> str:
    """Which settings' views are often the same text, or come again among the candidates; empty where none do."""
    shares = {}
    for row in frame.drop_duplicates("setting").to_dict("records"):
        equal, repeated = (0.0 if pd.isna(row[key]) else float(row[key]) for key in ("equal", "repeated"))
        if max(equal, repeated) >= OFTEN:
            shares[row["setting"]] = (equal, repeated)
    return f"{wording.texts(shares)}\n\n" if shares else ""


def write_information(inputs: Inputs, out: Path) -> None:
    """Write ``information.md``, ``.csv`` and ``.tex``."""
    frame = inputs.estimates
    table = information_table(frame)
    text = f"# Information: {inputs.study}\n\n{wording.INFORMATION}\n\n{texts(frame)}{table.markdown()}"
    write_text(out / "information.md", text)
    write_text(out / "information.csv", frame.to_csv(index=False, float_format="%.5f", lineterminator="\n"))
    write_text(out / "information.tex", table.latex(wording.INFORMATION, f"tab:information-{inputs.study}"))
