"""The page of the study's questions: each with its sentence and its table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from infoviews.analysis.record import Answer
from infoviews.files import write_text
from infoviews.names import label
from infoviews.reporting.inputs import Inputs, averages
from infoviews.reporting.wording.questions import Worded
from infoviews.reporting.wording.say import plain
from infoviews.tables import MISSING, Table, interval, number

HEADINGS = {
    "p": "p",
    "p_holm": "p",
    "tau": "τ",
    "location": "peak (nats)",
    "power": "power at 1 point",
    "amount": "best amount (nats)",
    "height": "height (%)",
    "nats": "information (nats)",
    "ties": "dials that tie",
    "family": "views",
    "what": "part",
    "distance": "profile distance (points)",
    "cka": "CKA",
    "difference": "difference (points)",
    "tightness": "tightness (nats)",
    "gain": "gain of R²",
    "alone": "R² alone",
    "information": "R² of information",
    "both": "R² of both",
    "from_nats": "from (nats)",
    "to_nats": "to (nats)",
    "dimension": "embedding size",
    "against": "compared with",
}
WITH_INTERVAL = {
    "difference": ("low", "high"),
    "location": ("low", "high"),
    "amount": ("low", "high"),
    "dial": ("low", "high"),
    "nats": ("nats_low", "nats_high"),
    "height": ("height_low", "height_high"),
    "cka": ("low", "high"),
    "tau": ("low", "high"),
    "gain": ("low", "high"),
    "distance": ("distance_low", "distance_high"),
}
"""Columns shown together with the columns of their interval, which then do not stand alone."""

DIGITS = {"difference": 1, "distance": 1, "height": 1, "p": 3, "p_holm": 3}
AS_NAMED = ("what", "against", "family", "setting", "at", "from", "to")
"""Columns whose names are parts or views: an addition ``mlm`` is no control of that name."""
LIMITS = {end for ends in WITH_INTERVAL.values() for end in ends}


def question_table(answer: Answer) -> Table:
    """The table of one answer that has rows; of several tasks the average alone."""
    return table(answer, averages(answer.rows))


def table(answer: Answer, rows: list[dict[str, Any]]) -> Table:
    """Rows of one answer as shown."""
    shown = [c for c in answer.columns if c not in LIMITS]
    cells = [[cell(row, column) for column in shown] for row in rows]
    left = next((i for i, c in enumerate(shown) if not isinstance(answer.rows[0][c], str)), len(shown))
    return Table([HEADINGS.get(column, column) for column in shown], cells, left)


def cell(row: dict[str, Any], column: str) -> str:
    """One value as shown, with its interval where it has one."""
    value = row[column]
    if isinstance(value, str):
        return value if column in AS_NAMED else label(value)
    digits = DIGITS.get(column, 2)
    if column in WITH_INTERVAL:
        low, high = (row[end] for end in WITH_INTERVAL[column])
        return interval(value, low, high, digits)
    if column in ("n", "settings", "seed", "dimension", "dials", "ties") and value is not None:
        return number(int(value))
    return number(value, digits) if value is not None else MISSING


def write_questions(inputs: Inputs, out: Path) -> None:
    """Write ``questions.md``, and per question that the study asks ``questions/<name>.csv`` and ``.tex``."""
    parts = [f"# The study's questions: {inputs.study}"]
    for question in inputs.questions:
        answer, found = question.found, question_table(question.found)
        stem = out / "questions" / answer.name
        parts += [f"## {question.question}", f"**{question.sentence}**", question.note, found.markdown().rstrip()]
        single = [row for row in answer.rows if row not in averages(answer.rows)]
        parts += [table(answer, single).folded("The single tasks").rstrip()] if single else []
        frame = pd.DataFrame(answer.rows)[answer.columns]
        write_text(stem.with_suffix(".csv"), frame.to_csv(index=False, float_format="%.5f", lineterminator="\n"))
        caption = f"{question.question} {plain(question.sentence)} {question.note}"
        write_text(stem.with_suffix(".tex"), found.latex(caption, f"tab:{answer.name}-{inputs.study}"))
    for question in inputs.unasked:
        for suffix in (".csv", ".tex"):
            (out / "questions" / question.found.name).with_suffix(suffix).unlink(missing_ok=True)
    parts.append(not_asked(inputs.unasked))
    write_text(out / "questions.md", "\n\n".join(part for part in parts if part) + "\n")


def not_asked(questions: list[Worded]) -> str:
    """The questions that the study does not ask with what each needs, folded; empty without any."""
    if not questions:
        return ""
    lines = "\n".join(f"- {q.question} Needs {q.needs}." for q in questions)
    return f"<details><summary>Questions that this study does not ask</summary>\n\n{lines}\n\n</details>"
