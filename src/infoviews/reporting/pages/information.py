"""The information table: every estimate of every view setting, and the truth where it is known."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from infoviews.files import write_text
from infoviews.names import label
from infoviews.reporting.inputs import Inputs
from infoviews.tables import Table, interval, number

CAPTION = (
    "Measured on held-out documents with a critic fitted on others; 95 % intervals from a bootstrap of documents. "
    "`chosen` are the estimates of the critic that did best on other documents than those measured. "
    "InfoNCE cannot exceed its ceiling, log K; "
    "DV and NWJ hardly theirs, since scores are cut at the log of the pairs that fitted the critic, which say nothing "
    "of larger ratios. DV and SMILE are estimates, not bounds. An estimate is trusted if more pairs for the critic, "
    "and a critic of twice the size, would hardly find more. The interval of the chosen InfoNCE reaches up to what "
    "they would find."
)

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


def verdict(row: Mapping[Hashable, Any]) -> str:
    """``trusted``, or ``lower limit only`` or ``not usable`` with the reason; the flag where a record says neither."""
    if not isinstance(row["verdict"], str):
        return row["flag"] if isinstance(row["flag"], str) else ""
    return f"{row['verdict']}: {row['because']}" if row["because"] else row["verdict"]


def texts(frame: pd.DataFrame) -> str:
    """Which settings' views are often the same text, or come again among the candidates; empty where none do."""
    said = []
    for row in frame.drop_duplicates("setting").to_dict("records"):
        shares = [0.0 if pd.isna(row[key]) else float(row[key]) for key in ("equal", "repeated")]
        if max(shares) >= OFTEN:
            said.append(f"{row['setting']} {100 * shares[0]:.0f} % and {100 * shares[1]:.0f} %")
    if not said:
        return ""
    return f"Pairs whose two texts are equal, and candidates whose text another has: {'; '.join(said)}.\n\n"


def write_information(inputs: Inputs, out: Path) -> None:
    """Write ``information.md``, ``.csv`` and ``.tex``."""
    frame = inputs.estimates
    known = (inputs.information(setting["name"]).get("quantity") for setting in inputs.spec["settings"])
    quantity = next((f"{said} " for said in known if said), "")
    text = (
        f"# Information: {inputs.study}\n\n{quantity}{CAPTION}\n\n{texts(frame)}{information_table(frame).markdown()}"
    )
    write_text(out / "information.md", text)
    write_text(out / "information.csv", frame.to_csv(index=False, float_format="%.5f", lineterminator="\n"))
    write_text(out / "information.tex", information_table(frame).latex(CAPTION, f"tab:information-{inputs.study}"))
