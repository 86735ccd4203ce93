"""What benchmarks share: options, turns, clocks, peak memory, rows that are kept at once, the machine, and pages."""

from __future__ import annotations

import argparse
import csv
import logging
import multiprocessing
import os
import platform
import resource
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from importlib import metadata
from pathlib import Path
from typing import Any

import pandas as pd
import torch

from infoviews.files import write_text

OUT = Path("reports/benchmarks")
"""Folder of the pages that compare this package with others."""


def options(doc: str | None, **defaults: Any) -> argparse.ArgumentParser:
    """A parser whose help is the script's docstring, with one option a keyword, of its default's type.

    A type as default stands for an option that must be given.
    """
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in defaults.items():
        if isinstance(default, bool):
            parser.add_argument(f"--{name}", action="store_true")
        elif isinstance(default, type):
            parser.add_argument(f"--{name}", type=default, required=True)
        else:
            parser.add_argument(f"--{name}", type=type(default), default=default)
    return parser


def called(parser: argparse.ArgumentParser, given: argparse.Namespace) -> str:
    """The command line, with the options that were not left as they are, for the page that a script writes."""
    changed = [f"--{name} {value}" for name, value in vars(given).items() if value != parser.get_default(name)]
    return " ".join([f"python benchmarks/{Path(sys.argv[0]).name}", *changed])


def quiet(threads: int = 1) -> None:
    """No log below errors, and so many threads for torch."""
    logging.disable(logging.WARNING)
    torch.set_num_threads(threads)


def timed(work: Callable[..., Any], *given: Any) -> tuple[float, float, Any]:
    """CPU seconds of this process, wall seconds, and what ``work(*given)`` gave."""
    cpu, wall = time.process_time(), time.perf_counter()
    result = work(*given)
    return time.process_time() - cpu, time.perf_counter() - wall, result


def turns(contenders: dict[str, Callable[[], Any]], runs: int) -> Iterator[tuple[int, str, float, float, Any]]:
    """Run, name, CPU seconds, wall seconds and result of each contender, in turns: a machine drifts by more than what
    is compared. The order is turned around from run to run, so that none is always first."""
    for run in range(runs):
        for name in sorted(contenders, reverse=bool(run % 2)):
            yield (run, name, *timed(contenders[name]))


class Rows:
    """A CSV file that grows by a row at a time; rows that it holds already are not measured again."""

    def __init__(self, path: Path, columns: list[str], key: str) -> None:
        self.path, self.columns, self.key = path, columns, key

    def measure(self, name: str, work: Callable[..., dict[str, Any]], *given: Any) -> None:
        """Add the row ``name`` out of ``work(*given)``, done in a fresh process: its peak memory is its own."""
        if self.path.is_file() and name in {row[self.key] for row in read(self.path)}:
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


def write(out: Path, name: str, rows: pd.DataFrame | list[dict[str, Any]], page: str, digits: int = 4) -> None:
    """The page ``name.md`` and its rows, ``name.csv``."""
    text = pd.DataFrame(rows).to_csv(index=False, float_format=f"%.{digits}f", lineterminator="\n")
    write_text(out / f"{name}.csv", text)
    write_text(out / f"{name}.md", page)


def peak_gib() -> float:
    """Largest resident size of this process so far."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 2)


class PeakMemory(threading.Thread):
    """Highest sum over this process and its children of the memory that each holds alone (USS), in bytes."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak, self.done = 0, threading.Event()

    def run(self) -> None:
        import psutil

        root = psutil.Process()
        while not self.done.wait(0.5):
            total = 0
            for process in [root, *root.children(recursive=True)]:
                try:
                    total += process.memory_full_info().uss
                except psutil.Error:  # it has ended since
                    continue
            self.peak = max(self.peak, total)


def machine(*packages: str) -> str:
    """Cores, processor and versions of packages."""
    named = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    processor = named[0].partition(":")[2].strip() if named else platform.machine()
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in packages)
    return f"{os.cpu_count()} cores ({processor}), {versions}"
