"""What pages of docs/ may ask for in double braces: numbers and tables of the reports, and the names of modules."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path
from typing import Any

import jinja2

TOP = Path(__file__).parents[2]
REPORTS = TOP / "reports"


def environment() -> jinja2.Environment:
    found = jinja2.Environment(undefined=jinja2.StrictUndefined)
    found.globals |= {"metrics": _metrics, "shape": _shape, "number": _number, "table": _table, "modules": _modules}
    return found


def _metrics(study: str) -> dict[str, Any]:
    return json.loads((REPORTS / study / "metrics.json").read_text("utf-8"))


def _rows(path: str) -> list[dict[str, Any]]:
    """The rows of a report's table, numbers as such."""
    with (REPORTS / path).open(encoding="utf-8", newline="") as lines:
        return [{column: _value(cell) for column, cell in row.items()} for row in csv.DictReader(lines)]


def _shape(study: str) -> dict[str, Any]:
    """The first tested curve of a study: its main objective's, for the average over tasks."""
    return next(row for row in _rows(f"{study}/shapes.csv") if row["task"] == "average" and row["p"] != "")


def _table(path: str, *columns: str, where: dict[str, str] | None = None, by: str | None = None) -> str:
    """Columns of a report's table, of the rows that ``where`` names, as Markdown."""
    rows = [row for row in _rows(path) if all(row[column] == value for column, value in (where or {}).items())]
    if not rows:
        raise ValueError(f"{path} has no row where {where}")
    if by is not None:
        rows.sort(key=lambda row: row[by])
    marks = ["--:" if isinstance(rows[0][column], float) else "---" for column in columns]
    heads = [column.replace("_", " ") for column in columns]
    lines = [heads, marks, *([_number(row[column]) for column in columns] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _value(cell: str) -> str | float:
    try:
        return float(cell)
    except ValueError:
        return cell


def _number(value: str | float, digits: int = 2) -> str:
    return value if isinstance(value, str) else "" if math.isnan(value) else f"{value:.{digits}f}"


def _modules(room: str) -> list[str]:
    return sorted(p.stem for p in (TOP / "src/infoviews" / room).glob("*.py") if not p.name.startswith("_"))
