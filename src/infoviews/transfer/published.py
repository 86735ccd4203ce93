"""Published rows on the seven tasks, each with its source and whether it was checked against that source."""

from __future__ import annotations

import csv
from importlib.resources import files
from typing import Any

from infoviews.tables import Table
from infoviews.transfer.score import SEVEN

COLUMNS = {"mr": "MR", "cr": "CR", "subj": "SUBJ", "mpqa": "MPQA", "sst2": "SST", "trec": "TREC", "mrpc": "MRPC"}


def rows() -> list[dict[str, str]]:
    """All complete rows: method, family, encoder, the seven accuracies, avg, verified (yes, partly, no), source."""
    text = (files("infoviews.transfer") / "published.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def comparison(result: dict[str, Any], name: str = "this encoder") -> str:
    """A Markdown table of published test accuracies with the result's own row on top; tasks not scored stay empty.

    Published rows come from SentEval's torch path with classifier settings that vary between papers and from other
    encoders, so a gap of a point is no difference.
    """
    own = {task: result["tasks"][task] for task in SEVEN if task in result["tasks"]}
    seven = result["averages"]["seven"]
    cells = [f"{own[task]['test']:.2f}" if task in own else "" for task in SEVEN]
    cells.append(f"{seven['test']:.2f}" if seven else "")
    head = ["method", "encoder", *(COLUMNS[task] for task in SEVEN), "mean", "checked"]
    lines = [[f"**{name}**", f"protocol `{result['protocol']}`", *cells, "measured here"]]
    for row in rows():
        scores = [row[COLUMNS[task]] for task in SEVEN]
        lines.append([row["method"], row["encoder"], *scores, row["avg"], row["verified"]])
    return Table(head, lines, 2).markdown()
