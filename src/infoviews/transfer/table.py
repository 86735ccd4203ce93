"""A result of the evaluator as a Markdown table: dev and test in columns of their own, the protocol named."""

from __future__ import annotations

from typing import Any

from infoviews.tables import Table
from infoviews.transfer.fetch import get_task


def markdown(result: dict[str, Any]) -> str:
    """One row a task, then the averages; scores times 100."""
    settings = ", ".join(f"{key} {value}" for key, value in sorted(result["params"].items()))
    head = (
        f"Protocol `{result['protocol']}` ({settings}), {result['dimension']}-dimensional embeddings. Scores times 100;"
        " intervals are 95 % over test examples; dev is the score by which the penalty was chosen."
    )
    rows = []
    for name, entry in result["tasks"].items():
        cells = [get_task(name).title, entry["metric"], _number(entry["dev"]), _number(entry["test"])]
        cells += [_interval(entry), _number(entry.get("f1")), _number(entry.get("majority")), str(entry["n"])]
        rows.append(cells)
    for key, found in result["averages"].items():
        if found is not None:
            rows.append([f"mean of {key}", "accuracy", "", _number(found["test"]), _interval(found), "", "", ""])
    columns = ["task", "metric", "dev", "test", "95 % interval", "F1", "majority", "test examples"]
    notes = "".join(f"\n{note}.\n" for note in result.get("notes", []))
    return f"{head}\n\n{Table(columns, rows, 2).markdown()}{notes}"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _interval(entry: dict[str, Any]) -> str:
    return f"{entry['low']:.2f} to {entry['high']:.2f}"
