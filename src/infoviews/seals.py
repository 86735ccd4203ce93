"""Results that tell when they were changed: a record holds size and sha256 of the files next to it, and its own.

A result is a folder of files with a record (``run.json``, ``facts.json``, …), or a record alone. Who writes it puts
``seal(folder)`` under the record's key ``files`` and writes the record last, by ``write_record``. Who reads the files
calls ``read_whole`` first; who needs the record alone calls ``read_record``.
"""

from __future__ import annotations

import hashlib
import json
import logging
import math
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from infoviews.files import json_text, sha256, write_text

log = logging.getLogger(__name__)

TRUST = "INFOVIEWS_TRUST"
"""Environment variable; where it is 1, files are taken as they are."""

OWN = "sha256"
"""Key of a record under which its own digest stands, over its text with ``BLANK`` in that place."""

BLANK = "0" * 64

WHOLE = ("corpus", "tasks", "sweetspot")
"""Folders of a study that are one result; the others hold one result a name."""

RECORDS = ("facts.json", "run.json", "statistics.json", "manifest.json")

Sealed = Mapping[str, Mapping[str, Any]]
"""File name relative to the folder → ``bytes`` and ``sha256``."""

_seen: dict[Path, tuple[str, tuple[int, int, int]]] = {}
"""Files found whole by this process: digest, and size, time of change and number of the file that had it."""


class DamagedResult(ValueError):
    """A result on disk is not what the stage that made it wrote there."""


def seal(folder: Path | str, names: Iterable[str] | None = None) -> dict[str, dict[str, Any]]:
    """Size in bytes and sha256 of files, by name.

    Args:
        folder: of the files.
        names: relative to ``folder``, with forward slashes; by default all files below it that have no dot in front
            of their name or their folder's, less the ``RECORDS`` and the states of a run that is not over.
    """
    folder = Path(folder)
    sealed = {}
    for name in sorted(_files(folder) if names is None else names):
        path, digest = folder / name, sha256(folder / name)
        _seen[path.absolute()] = (digest, _mark(path))
        sealed[name] = {"bytes": path.stat().st_size, "sha256": digest}
    return sealed


def check(folder: Path | str, sealed: Sealed) -> None:
    """Compare files with their seals, each at most once a process as long as it does not change.

    Raises:
        DamagedResult: a file is missing or another; the message says what was expected and found, and what to do.
    """
    for fault in faults(folder, sealed):
        raise DamagedResult(fault)


def faults(folder: Path | str, sealed: Sealed) -> Iterator[str]:
    """What ``check`` raises, for every file that is damaged."""
    if _trusting():
        return
    for name, stated in sealed.items():
        path = Path(folder) / name
        found = _found(path, stated)
        if found is not None:
            yield f"{path}: {found}. {remedy(path)}"


def walk(folder: Path | str) -> tuple[int, list[str]]:
    """How many records there are below a folder, and what is wrong with them and their files, one sentence each."""
    folder, found, named, unread = Path(folder), list[str](), set[Path](), set[Path]()
    paths = [path for path in sorted(folder.rglob("*.json")) if _counts(path.relative_to(folder))]
    paths.sort(key=lambda path: path.name not in RECORDS)  # these name other JSON files, which are no records
    records = 0
    for path in paths:
        if path in named or unread & {*path.parents}:
            continue
        records += 1
        try:
            record = read_record(path)
        except DamagedResult as fault:
            found.append(str(fault))
            unread |= {path.parent} if path.name in RECORDS else set()
            continue
        sealed = record.get("files", {})
        named |= {path} | {path.parent / name for name in sealed}
        found += faults(path.parent, sealed)
        for result in record.get("results", {}).values():  # of a shard's manifest, which names them from the top
            found += faults(folder, result["files"])
    return records, list(dict.fromkeys(found))


def identity(sealed: Sealed) -> str:
    """One digest of all files; a record that names it says which files it was made from."""
    return hashlib.sha256(json_text({name: sealed[name]["sha256"] for name in sealed}).encode()).hexdigest()


def write_record(path: Path | str, record: Mapping[str, Any]) -> None:
    """Write the text of a record."""
    write_text(path, record_text(record))


def record_text(record: Mapping[str, Any]) -> str:
    """A record as JSON with its own digest under the key ``sha256``."""
    text = json_text({**record, OWN: BLANK})
    return text.replace(BLANK, _digest(text.encode()))


def read_record(path: Path | str) -> dict[str, Any]:
    """A record, less its own digest.

    Raises:
        DamagedResult: it is missing, is not JSON, has no digest, or its digest is not that of its text.
    """
    path = Path(path)
    try:
        content = path.read_bytes()
        record = json.loads(content)
    except FileNotFoundError:
        raise DamagedResult(f"{path}: missing. {remedy(path)}") from None
    except ValueError as error:  # of JSON or UTF-8
        raise DamagedResult(
            f"{path}: expected a record in JSON, found {_kind(content)} ({error}). {remedy(path)}"
        ) from None
    stated = record.pop(OWN, None) if isinstance(record, dict) else None
    if not isinstance(stated, str):
        raise DamagedResult(f"{path}: expected a record with its own {OWN}, found none. {remedy(path)}")
    found = _digest(content.replace(stated.encode(), BLANK.encode()))
    if found != stated and not _trusting():
        raise DamagedResult(f"{path}: expected sha256 {stated}, found {found}. {remedy(path)}")
    return record


def read_whole(path: Path | str) -> dict[str, Any]:
    """A record, less its own digest, after the files that it names under ``files`` were checked.

    Raises:
        DamagedResult: the record is damaged, or a file next to it.
    """
    record = read_record(path)
    check(Path(path).parent, record["files"])
    return record


def count(path: Path, name: str, value: Any) -> int:
    """A count read from a file: a whole number from 0.

    Raises:
        DamagedResult: any other value.
    """
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise DamagedResult(f"{path}: {name} is {value!r}; expected a whole number from 0. {remedy(path)}")
    return value


def between(path: Path, name: str, value: Any, low: float = -math.inf, high: float = math.inf) -> float | None:
    """A number read from a file, or ``None`` where it has none.

    Raises:
        DamagedResult: no finite number, or one out of range.
    """
    if value is None:
        return None
    number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if not number or not low <= value <= high:
        allowed = "a finite number" if math.isinf(low) and math.isinf(high) else f"a number from {low:g} to {high:g}"
        raise DamagedResult(f"{path}: {name} is {value!r}; expected {allowed} or nothing. {remedy(path)}")
    return float(value)


def remedy(path: Path) -> str:
    """How to make a file of a study again; of a file from elsewhere, where to get it."""
    parts = path.parts
    if "data" not in parts[:-2]:
        return "Copy it again from where it came, or make it again"
    study = len(parts) - parts[::-1].index("data")
    depth = 1 if parts[study + 1] in WHOLE else 2
    result = Path(*parts[: study + 1 + depth])
    return f"To make it again: rm -r {result} && snakemake --cores all --use-conda --config study={parts[study]}"


def _files(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*"):
        name = path.relative_to(folder)
        if path.is_file() and _counts(name) and name.as_posix() not in RECORDS:
            yield name.as_posix()


def _counts(name: Path) -> bool:
    """Whether a file belongs to a result: what begins with a dot is half-written, states are of runs not over."""
    return not any(part.startswith(".") or part == "state" for part in name.parts)


def _found(path: Path, stated: Mapping[str, Any]) -> str | None:
    """What is wrong with a file, or ``None``."""
    if not path.is_file():
        return f"missing (expected {stated['bytes']} bytes)"
    mark = _mark(path)
    if mark[0] != stated["bytes"]:
        return f"expected {stated['bytes']} bytes, found {mark[0]}"
    if _seen.get(path.absolute()) == (stated["sha256"], mark):
        return None
    digest = sha256(path)
    if digest != stated["sha256"]:
        return f"expected sha256 {stated['sha256']}, found {digest}"
    _seen[path.absolute()] = (digest, mark)
    return None


def _mark(path: Path) -> tuple[int, int, int]:
    """Size, time of change and number of a file."""
    now = path.stat()
    return now.st_size, now.st_mtime_ns, now.st_ino


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _kind(content: bytes) -> str:
    return f"{len(content)} bytes that are none" if content else "an empty file"


_told = False


def _trusting() -> bool:
    """Whether files are taken as they are; said once in the log."""
    global _told
    trusting = os.environ.get(TRUST) == "1"
    if trusting and not _told:
        log.warning("%s=1: files are taken as they are, damaged ones too", TRUST)
        _told = True
    return trusting
