"""Rows of a benchmark: each measured in a process of its own and kept at once, so that a broken-off run goes on."""

from __future__ import annotations

import csv
import multiprocessing
import resource
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any


class Table:
    """A CSV file that grows by a row at a time; rows that it holds already are not measured again."""

    def __init__(self, path: Path, columns: list[str], key: str) -> None:
        self.path, self.columns, self.key = path, columns, key

    def rows(self) -> list[dict[str, str]]:
        """What has been measured."""
        return read(self.path) if self.path.is_file() else []

    def measure(self, name: str, work: Callable[..., dict[str, Any]], *given: Any) -> None:
        """Add the row ``name`` out of ``work(*given)``, done in a fresh process: its peak memory is its own."""
        if name in {row[self.key] for row in self.rows()}:
            return
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(1, mp_context=context) as pool:
            row = dict.fromkeys(self.columns, "") | pool.submit(work, *given).result() | {self.key: name}
        fresh = not self.path.is_file()
        with self.path.open("a", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, self.columns, lineterminator="\n")
            if fresh:
                writer.writeheader()
            writer.writerow(row)
        print(row, flush=True)


def read(path: Path) -> list[dict[str, str]]:
    """All rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def peak_gib() -> float:
    """Largest resident size of this process so far."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 2)
