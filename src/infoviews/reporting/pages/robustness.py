"""The page on what the answer rests on: objectives, agreement of estimators, the test repeated."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from infoviews.files import write_text
from infoviews.names import label
from infoviews.reporting.inputs import Inputs, averages
from infoviews.reporting.wording import tables as wording
from infoviews.tables import Table, number, p_value

TEXTS = {
    "objectives": (
        "Which objective transfers better?",
        wording.OBJECTIVES,
        ["objective", "against", "differs", "task", "over", "settings", "pairs", "difference", "low", "high", "p_holm"],
    ),
    "scatter": ("How much do results scatter?", wording.SCATTER, ["what", "of", "sd", "freedom"]),
    "tightness": (
        "Does the tighter bound transfer better?",
        wording.TIGHTNESS,
        ["objective", "settings", "bound", "gap", "transfer", "tau"],
    ),
    "agreement": ("Do estimators agree?", wording.AGREEMENT, ["first", "second", "n", "tau", "p"]),
    "sensitivity": (
        "Does the test's answer depend on how information is measured?",
        wording.SENSITIVITY,
        ["variant", "n", "limits", "slope_low", "slope_high", "p"],
    ),
    "error": (
        "Does error in measuring information change the answer?",
        wording.ERROR,
        ["quantity", "measured", "corrected", "error"],
    ),
}
"""Question, how the table is read, and columns of each table."""

HEADINGS = {"p_holm": "p", "tau": "τ", "n": "settings", "slope_low": "slope before", "slope_high": "slope after"}
HEADINGS |= {"differs": "differs in", "sd": "standard deviation", "freedom": "degrees of freedom"}


def robustness_tables(inputs: Inputs) -> dict[str, Table]:
    """The tables that have rows, by name; of several tasks the average alone."""
    tables = {name: table(name, averages(getattr(inputs.record, name))) for name in TEXTS}
    return {name: found for name, found in tables.items() if found.rows}


def table(name: str, rows: list[dict[str, Any]]) -> Table:
    """Rows of the record as shown."""
    columns = TEXTS[name][2]
    cells = [[cell(column, row[column]) for column in columns] for row in rows]
    left = sum(isinstance(rows[0][column], str) for column in columns) if rows else 1
    return Table([HEADINGS.get(column, column) for column in columns], cells, left)


def cell(column: str, value: Any) -> str:
    """A value as shown; ``first`` and ``second`` are measures, an estimator and what its critic reads."""
    if column in ("first", "second"):
        estimator, _, features = value.partition("_")
        return f"{label(estimator)} on {features}" if features else label(estimator)
    if isinstance(value, str):
        return ", ".join(label(name) for name in value.split(", "))
    return p_value(value) if column in ("p", "p_holm") else number(value)


def write_robustness(inputs: Inputs, out: Path) -> None:
    """Write ``robustness.md``, and one CSV and LaTeX file per table that has rows."""
    parts = [f"# What the answer rests on: {inputs.study}"]
    tables = robustness_tables(inputs)
    for name, (title, text, columns) in TEXTS.items():
        paths = [out / f"{name}{suffix}" for suffix in (".csv", ".tex")]
        if name not in tables:
            for path in paths:
                path.unlink(missing_ok=True)
            continue
        parts += [f"## {title}", text, tables[name].markdown().rstrip()]
        every = getattr(inputs.record, name)
        single = [row for row in every if row not in averages(every)]
        parts += [table(name, single).folded("The single tasks").rstrip()] if single else []
        frame = pd.DataFrame(getattr(inputs.record, name))[columns]
        write_text(paths[0], frame.to_csv(index=False, float_format="%.5f", lineterminator="\n"))
        write_text(paths[1], tables[name].latex(f"{title} {text}", f"tab:{name}-{inputs.study}"))
    if len(parts) == 1:
        parts.append("Nothing was measured in more than one way.")
    write_text(out / "robustness.md", "\n\n".join(parts) + "\n")
