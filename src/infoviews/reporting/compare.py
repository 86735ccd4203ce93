"""Whether a study was reproduced: the same verdict, and every number within the interval that the first report gives.

On another kind of processor sums come out in other last digits, training carries them on, and a report differs in the
third digit of many numbers. What counts is whether any of them says something else.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from infoviews.analysis.evidence.records import table
from infoviews.files import read_json

METRICS = "metrics.json"

ESTIMATES = ("estimate", "difference", "transfer")
"""What columns named just ``low`` and ``high`` are the interval of: the first of these that the table has."""

KEYS: tuple[str, ...] = (
    "group",
    "kind",
    "name",
    "title",
    "objective",
    "against",
    "differs",
    "over",
    "setting",
    "family",
    "task",
)
KEYS += ("estimator", "features", "k", "variant")
"""Columns that say what a row is about."""

VOID = "void: trained cells do not separate from the control setting"
"""What stands in place of the verdict of a void study."""

ROUNDING = 1e-4
"""Differences up to this are those of the printed digits."""


@dataclass(frozen=True)
class Difference:
    """One number of two reports.

    Attributes:
        where: file, row and column.
        first, second: its two values.
        low, high: the first report's 95 % interval.
    """

    where: str
    first: float
    second: float
    low: float
    high: float

    @property
    def share(self) -> float:
        """The difference, as a share of half the interval's width."""
        gap, half = abs(self.second - self.first), (self.high - self.low) / 2
        return 0.0 if gap <= ROUNDING else gap / half if half > 0 else math.inf

    @property
    def within(self) -> bool:
        """Whether the second value is in the first's interval."""
        return self.low - ROUNDING <= self.second <= self.high + ROUNDING


@dataclass
class Comparison:
    """What two reports of one study have in common.

    Attributes:
        verdicts: of the first and of the second report.
        numbers: every number that has an interval in both reports.
        unlike: what only one of the reports has, one sentence each.
    """

    verdicts: tuple[str, str]
    numbers: list[Difference] = field(default_factory=list)
    unlike: list[str] = field(default_factory=list)

    @property
    def outside(self) -> list[Difference]:
        """Numbers outside their intervals, the furthest first."""
        return sorted((n for n in self.numbers if not n.within), key=lambda n: -n.share)

    @property
    def reproduced(self) -> bool:
        """The same verdict, the same rows, and every number within its interval."""
        return self.verdicts[0] == self.verdicts[1] and not self.unlike and not self.outside

    def lines(self, most: int = 10) -> list[str]:
        """What a reader is told, the answer first."""
        first, second = self.verdicts
        same = f"same verdict, {first!r}" if first == second else f"the verdict is {second!r}, it was {first!r}"
        told = [f"{'reproduced' if self.reproduced else 'not reproduced'}: {same}"]
        told += self.unlike[:most]
        inside = len(self.numbers) - len(self.outside)
        told.append(f"{inside} of {len(self.numbers)} numbers are within their 95 % intervals")
        told += [f"outside: {_told(number)}" for number in self.outside[:most]]
        if self.numbers:
            told.append(f"largest difference: {_told(max(self.numbers, key=lambda n: (n.share, n.where)))}")
        return told


def compare(first: Path, second: Path) -> Comparison:
    """Compare two folders of reports on the same study.

    Raises:
        FileNotFoundError: a folder holds no ``metrics.json``.
    """
    metrics = [_metrics(folder) for folder in (first, second)]
    found = Comparison((_verdict(metrics[0]), _verdict(metrics[1])))
    tables = [{path.name for path in folder.glob("*.csv")} for folder in (first, second)]
    found.unlike += [f"{name} is in one report only" for name in sorted(tables[0] ^ tables[1])]
    _compare_rows(METRICS, pd.DataFrame([metrics[0]]), pd.DataFrame([metrics[1]]), found)
    for name in sorted(tables[0] & tables[1]):
        _compare_rows(name, _table(first / name), _table(second / name), found)
    return found


def _compare_rows(name: str, first: pd.DataFrame, second: pd.DataFrame, found: Comparison) -> None:
    """Add the numbers of a table that have an interval; what only one table has a row or a value of is unlike."""
    bounds = {column: interval for column, interval in _intervals(first) if column in second}
    if not bounds:
        return
    rows = _rows(first), _rows(second)
    for row in sorted(rows[0].keys() ^ rows[1].keys()):
        found.unlike.append(f"{name}: only the {'first' if row in rows[0] else 'second'} report has {row or 'a row'}")
    for row in (row for row in rows[0] if row in rows[1]):
        one, other, place = rows[0][row], rows[1][row], f"{name}, {row}" if row else name
        for column, (low, high) in bounds.items():
            values = [float(value) for value in (one[column], other[column], one[low], one[high])]
            if math.isfinite(values[0]) != math.isfinite(values[1]):
                found.unlike.append(f"{place}: {column} is {values[1]:g}, was {values[0]:g}")
            elif all(map(math.isfinite, values)):
                found.numbers.append(Difference(f"{place}, {column}", *values))


def _rows(table: pd.DataFrame) -> dict[str, pd.Series]:
    """Rows by what they are about: sorted by a number, they may come in another order in another report."""
    found: dict[str, pd.Series] = {}
    for _, row in table.iterrows():
        name = " ".join(str(row[key]) for key in KEYS if key in table and pd.notna(row[key]))
        again = sum(known == name or known.startswith(f"{name} (") for known in found)
        found[f"{name} ({again + 1})" if again else name] = row
    return found


def _intervals(table: pd.DataFrame) -> Iterator[tuple[str, tuple[str, str]]]:
    """Columns of numbers with the columns of their lower and upper ends."""
    for column in table:
        ends = (f"{column}_low", f"{column}_high")
        if set(ends) <= set(table) and _is_number(table[column]):
            yield str(column), ends
    plain = next((column for column in ESTIMATES if column in table), None)
    if plain is not None and {"low", "high"} <= set(table):
        yield plain, ("low", "high")


def _is_number(column: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)


def _verdict(metrics: dict[str, Any]) -> str:
    """Of the main curve, or why it has none: a study whose trained cells do not separate from its control is void."""
    return VOID if metrics.get("void") else str(metrics["verdict"])


def _metrics(folder: Path) -> dict[str, Any]:
    path = folder / METRICS
    if not path.is_file():
        raise FileNotFoundError(f"{path}: no such file; give two folders of reports, as reports/<study>")
    return read_json(path)


def _table(path: Path) -> pd.DataFrame:
    try:
        return table(path)
    except pd.errors.EmptyDataError:
        return pd.DataFrame()


def _told(number: Difference) -> str:
    return (
        f"{number.where}: {number.second:g}, was {number.first:g} [{number.low:g}, {number.high:g}], "
        f"{100 * number.share:.0f} % of half the interval"
    )
