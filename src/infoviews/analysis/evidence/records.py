"""The results that the analysis reads: undamaged, made from the files that they name, and with numbers in range."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from infoviews.provenance import check_origin, read_run
from infoviews.seals import DamagedResult, between, check, count, read_record, remedy

HISTORY = "history.csv"

LOWEST = {"spearman": -100.0}
"""Least value of a metric, percent; of the others it is 0."""


def table(path: Path) -> pd.DataFrame:
    """A CSV file of ours, in which only an empty field is missing: a setting may be called ``nan`` or ``null``."""
    return pd.read_csv(path, keep_default_na=False, na_values=[""])


def transfer_record(data: Path, name: str) -> dict[str, Any]:
    """Transfer of one encoder, scores in percent.

    Args:
        data: folder of the study.
        name: of the cell or base.

    Raises:
        DamagedResult: the record is damaged, of another encoder or of other weights, or has a score out of range.
    """
    path = data / "transfer" / f"{name}.json"
    record = read_record(path)
    if record.get("name", name) != name:
        raise DamagedResult(f"{path}: expected name {name}, found {record['name']}. {remedy(path)}")
    check_origin(path, record, data)
    for task, entry in record.get("tasks", {}).items():
        low = LOWEST.get(entry.get("metric", ""), 0.0)
        _percent(path, f"tasks.{task}", entry, ("dev", "test", "low", "high", "majority"), low)
        _percent(path, f"tasks.{task}", entry, ("f1",), 0.0)
        count(path, f"tasks.{task}.n", entry.get("n", 0))
    for key, entry in record.get("averages", {}).items():
        _percent(path, f"averages.{key}", entry or {}, ("test", "low", "high"), min(LOWEST.values()))
    return record


def information_record(data: Path, setting: str) -> dict[str, Any]:
    """Measured information of one view setting, nats.

    Raises:
        DamagedResult: the record is damaged, of another setting or of other views, or has a value that is neither
            finite nor absent.
    """
    path = data / "information" / f"{setting}.json"
    record = read_record(path)
    if record.get("setting") != setting:
        raise DamagedResult(f"{path}: expected setting {setting}, found {record.get('setting')}. {remedy(path)}")
    check_origin(path, record, data)
    for at, entry in enumerate(record.get("estimates", [])):
        for key in ("estimate", "low", "high", "ceiling"):
            between(path, f"estimates.{at}.{key}", entry.get(key))
        for key in ("n", "k", "failures"):
            count(path, f"estimates.{at}.{key}", entry.get(key) or 0)
    between(path, "exact.information", (record.get("exact") or {}).get("information"), low=0.0)
    return record


def history(data: Path, cell: str) -> pd.DataFrame:
    """The rows of ``history.csv`` of a cell; an empty table where it left none.

    Raises:
        DamagedResult: it is not the one that the cell's record names.
    """
    folder = data / "checkpoints" / cell
    if (folder / "run.json").is_file():
        sealed = read_run(folder)["files"]
        check(folder, {name: sealed[name] for name in sealed if name == HISTORY})
    try:
        return table(folder / HISTORY)
    except (FileNotFoundError, pd.errors.EmptyDataError):  # a cell that failed at once has no rows
        return pd.DataFrame()


def _percent(path: Path, where: str, entry: dict[str, Any], keys: tuple[str, ...], low: float) -> None:
    for key in keys:
        between(path, f"{where}.{key}", entry.get(key), low, 100.0)
