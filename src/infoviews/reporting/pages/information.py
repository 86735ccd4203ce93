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
from infoviews.tables import MISSING, Table, interval, number

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
    """Of all estimates those that place the settings on the curve; where the axis is exact, the chosen InfoNCE."""
    axis, frame = inputs.record.information, inputs.estimates
    for estimator, features in ((axis["estimator"], axis["features"]), ("infonce", "chosen")):
        found = frame[frame["estimator"].eq(estimator) & frame["features"].eq(features)]
        if len(found):
            return found
    return frame


def settings_table(frame: pd.DataFrame) -> Table:
    """The estimates of the axis, with the shares of equal and of repeated texts where a setting has some."""
    table = information_table(frame)
    shares = frame[["equal", "repeated"]].astype(float).fillna(0.0)
    if shares.to_numpy().max(initial=0.0) < OFTEN:
        return table
    rows = [
        [*row, *(f"{100 * share:.0f} %" if share >= OFTEN else MISSING for share in own)]
        for row, own in zip(table.rows, shares.itertuples(index=False), strict=True)
    ]
    return Table([*table.columns, "equal texts", "repeated"], rows, table.left)


def verdict(row: Mapping[Hashable, Any]) -> str:
    """``trusted``, or ``lower limit only`` or ``not usable`` with the reason; the flag where a record says neither."""
    if not isinstance(row["verdict"], str):
        return row["flag"] if isinstance(row["flag"], str) else ""
    return f"{row['verdict']}: {row['because']}" if row["because"] else row["verdict"]


def reading(table: Table) -> str:
    """How ``settings_table`` is read."""
    return wording.INFORMATION + (f" {wording.TEXTS}" if "repeated" in table.columns else "")


def write_information(inputs: Inputs, out: Path) -> None:
    """Write ``information.md``, ``.csv`` and ``.tex``."""
    frame, axis = inputs.estimates, on_axis(inputs)
    table, first = information_table(frame), settings_table(axis)
    parts = [f"# Information: {inputs.study}", reading(first), first.markdown().rstrip()]
    parts += [table.folded("Every estimator").rstrip()] if len(axis) < len(frame) else []
    write_text(out / "information.md", "\n\n".join(parts) + "\n")
    write_text(out / "information.csv", frame.to_csv(index=False, float_format="%.5f", lineterminator="\n"))
    write_text(out / "information.tex", table.latex(wording.INFORMATION, f"tab:information-{inputs.study}"))
