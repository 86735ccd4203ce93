"""Write files so that a reader never sees half of one: temporary name, flush to disk, rename."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np


@contextmanager
def replacing(path: Path | str) -> Iterator[Path]:
    """A temporary path next to ``path``: renamed to ``path`` if the block succeeds, removed if it fails."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield temporary
        with temporary.open("rb+") as written:
            os.fsync(written.fileno())
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def write_text(path: Path | str, text: str) -> None:
    """Write UTF-8 text with ``\\n`` line ends."""
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")


def json_text(value: Any) -> str:
    """JSON with sorted keys; NaN and infinity are errors, since JSON has none."""
    return json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"


def write_json(path: Path | str, value: Any) -> None:
    """Write ``json_text``."""
    write_text(path, json_text(value))


def read_json(path: Path | str) -> Any:
    """Read a JSON file."""
    return json.loads(Path(path).read_text(encoding="utf-8"))


def write_table(path: Path | str, rows: list[dict[str, Any]], columns: list[str] | None = None) -> None:
    """Write CSV; columns are the keys in the order in which they first appear, what a row lacks stays empty."""
    text = io.StringIO()
    names = columns or list(dict.fromkeys(name for row in rows for name in row))
    table = csv.DictWriter(text, names, restval="", extrasaction="ignore", lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    write_text(path, text.getvalue())


def write_array(path: Path | str, array: np.ndarray) -> None:
    """Write one array as ``.npy``, never pickled."""
    with replacing(path) as temporary, temporary.open("wb") as file:
        np.save(file, array, allow_pickle=False)


def read_array(path: Path | str, mapped: bool = True) -> np.ndarray:
    """Read one ``.npy`` array, memory-mapped unless told otherwise."""
    return np.load(path, mmap_mode="r" if mapped else None, allow_pickle=False)


def stamp(*paths: Path) -> tuple[tuple[str, int, int], ...]:
    """What changes when a file is written anew: names, times and sizes, a key for what was read from them."""
    return tuple((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in paths)


def text_hash(text: str) -> bytes:
    """Eight bytes that are the same for the same text on every machine."""
    return hashlib.blake2b(text.encode(), digest_size=8).digest()


def digest_of(text: str) -> str:
    """Sixteen hex digits that stand for a text: a spec, or what a result was made from."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def sha256(path: Path | str) -> str:
    """Hex digest of a file's bytes."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
