"""A table of text cells as Markdown or LaTeX; numbers with intervals as text."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

MISSING = "–"

PAGE = 32
"""Rows of a LaTeX table that fit on a page together with its caption."""


@dataclass(frozen=True)
class Table:
    """Cells as shown; ``**bold**`` is the only mark-up. The first ``left`` columns are aligned left."""

    columns: list[str]
    rows: list[list[str]]
    left: int = 1

    def markdown(self) -> str:
        """GitHub Markdown."""
        marks = ["---" if i < self.left else "--:" for i in range(len(self.columns))]
        lines = [self.columns, marks, *self.rows]
        return "\n".join("| " + " | ".join(escaped(cell) for cell in line) + " |" for line in lines) + "\n"

    def folded(self, summary: str) -> str:
        """GitHub Markdown that a reader opens; nothing without rows."""
        if not self.rows:
            return ""
        return f"<details><summary>{summary}</summary>\n\n{self.markdown()}\n</details>\n"

    def latex(self, caption: str, label: str) -> str:
        """``table`` environments for the packages booktabs and graphicx.

        What is wider than the text is made smaller, and rows beyond ``PAGE`` go on in another table.
        """
        parts = [self.rows[start : start + PAGE] for start in range(0, max(len(self.rows), 1), PAGE)]
        heads = [rf"\caption{{{tex(caption)}}}\label{{{label}}}", *[r"\caption{Continued.}"] * len(parts)]
        return "\n".join(self._floating(rows, head) for rows, head in zip(parts, heads, strict=False))

    def _floating(self, rows: list[list[str]], caption: str) -> str:
        """Some of the rows as one ``table`` environment."""
        align = "l" * self.left + "r" * (len(self.columns) - self.left)
        head, *body = [" & ".join(tex(cell) for cell in row) + r" \\" for row in (self.columns, *rows)]
        lines = [
            r"\begin{table}",
            r"\centering",
            caption,
            r"\resizebox{\ifdim\width>\linewidth\linewidth\else\width\fi}{!}{%",
        ]
        lines += [rf"\begin{{tabular}}{{{align}}}", r"\toprule", head, r"\midrule", *body, r"\bottomrule"]
        return "\n".join([*lines, r"\end{tabular}}", r"\end{table}"]) + "\n"


def records(frame: pd.DataFrame) -> list[Any]:
    """Rows as named tuples."""
    return list(frame.itertuples(index=False))


def escaped(cell: str) -> str:
    """A cell that cannot break a Markdown row."""
    return re.sub(r"\s*\n\s*", " ", cell).replace("|", r"\|")


def tex(cell: str) -> str:
    """LaTeX text of a cell."""
    text = re.sub(r"([&%$#_{}])", r"\\\1", cell.replace("\\", r"\textbackslash "))
    text = text.replace("~", r"\textasciitilde{}").replace("^", r"\textasciicircum{}")
    text = re.sub(r"\*\*(.+?)\*\*", r"\\textbf{\1}", text)
    for character, command in SYMBOLS.items():
        text = text.replace(character, command)
    return text


SYMBOLS = {"–": "--", "×": r"$\times$", "τ": r"$\tau$", "≥": r"$\geq$", "²": "$^2$", "±": r"$\pm$"}
SYMBOLS |= {"≤": r"$\leq$", "→": r"$\rightarrow$", "−": "$-$", "∫": r"$\int$"}
SYMBOLS |= {"α": r"$\alpha$", "`": "", "<": "$<$", ">": "$>$", "|": "$|$", "…": r"\ldots{}"}
"""What LaTeX needs a command for."""


def number(value: float | int | None, digits: int = 2) -> str:
    """A number with fixed decimals, or a dash."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)) or pd.isna(value):
        return MISSING
    if float(value).is_integer() and isinstance(value, int):
        return f"{value:,}"
    return f"{value:.{digits}f}".replace("-0." + "0" * digits, "0." + "0" * digits)


def p_value(p: float | None) -> str:
    """A p value with three decimals, or that it is below the last of them."""
    return "< 0.001" if p is not None and p < 0.001 else number(p, 3)


def interval(value: float | None, low: float | None, high: float | None, digits: int = 1) -> str:
    """``value [low, high]``; without the bracket where there is no interval."""
    text = number(value, digits)
    if text == MISSING or number(low, digits) == MISSING or number(high, digits) == MISSING:
        return text
    return f"{text} [{number(low, digits)}, {number(high, digits)}]"


def clearly_best(values: Sequence[float], lows: Sequence[float], highs: Sequence[float]) -> int | None:
    """Index of the best value if its lead over each other exceeds the interval of that difference, else ``None``.

    The second best may be more certain than the third, so every other value is tested. Two half-widths are added as
    independent, which is on the safe side: all scores share their test examples. Values without an interval are left
    out.
    """
    known = [i for i, v in enumerate(values) if math.isfinite(v) and math.isfinite(highs[i]) and math.isfinite(lows[i])]
    if len(known) < 2:
        return None
    best = max(known, key=lambda i: values[i])
    below = values[best] - lows[best]
    leads = [values[best] - values[i] > math.hypot(below, highs[i] - values[i]) for i in known if i != best]
    return best if all(leads) else None


def frame_table(frame: pd.DataFrame, left: int = 1, digits: int = 2) -> Table:
    """A table of a frame whose numbers are shown with fixed decimals."""
    rows = [
        [cell if isinstance(cell, str) else number(cell, digits) for cell in row]
        for row in frame.astype(object).itertuples(index=False, name=None)
    ]
    return Table([str(c).replace("_", " ") for c in frame.columns], rows, left)
