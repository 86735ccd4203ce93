"""Where raw files come from: a local mirror first, then the public location, each checked before use."""

from __future__ import annotations

import gzip
import http.client
import logging
import os
import shutil
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from infoviews.files import replacing, sha256

log = logging.getLogger(__name__)

VARIABLE = "INFOVIEWS_MIRROR"
"""Environment variable that names the mirror; read only by the command line, which passes the folder on."""


class SourceError(RuntimeError):
    """A raw file could not be found, or is not the file that was asked for."""


@dataclass(frozen=True)
class SourceFile:
    """One raw file: its path in the mirror, what it must be, and where it is published.

    Attributes:
        path: relative path in the mirror.
        sha256: hex digest that it must have.
        url: public address, or ``None`` where only the mirror has it.
        rows: lines that it must hold (of the unpacked text where the name ends in ``.gz``), or ``None``.
    """

    path: str
    sha256: str
    url: str | None = None
    rows: int | None = None


def mirror_from_environment() -> Path | None:
    """The folder named by ``INFOVIEWS_MIRROR``, or ``None`` where it is unset or empty."""
    named = os.environ.get(VARIABLE, "")
    return Path(named) if named else None


def fetch(source: SourceFile, destination: Path, mirror: Path | None) -> Path:
    """Copy ``source`` to ``destination`` from the mirror or its public address, checked; nothing half-written.

    Raises:
        SourceError: neither place has it (both are named, with the variable to set), or what was found has
            another digest or row count (file, expected and found are named; the file is not kept).
    """
    with replacing(destination) as temporary:
        origin = _bring(source, temporary, mirror)
        check(source, temporary, origin)
    return destination


def held(source: SourceFile, mirror: Path | None) -> Path:
    """The path of ``source`` in the mirror, checked and not copied.

    Raises:
        SourceError: as ``fetch`` does; a file with a public address has to be fetched instead.
    """
    path = None if mirror is None else mirror / source.path
    if path is None or not path.is_file():
        raise _missing(source, [_looked(path), "no public address: this file was built from other data"])
    check(source, path)
    return path


def check(source: SourceFile, path: Path, origin: str | None = None) -> None:
    """Raise ``SourceError`` unless the file at ``path`` is the one that ``source`` describes."""
    name = origin or str(path)
    found = sha256(path)
    if found != source.sha256:
        raise SourceError(f"{name}: expected sha256 {source.sha256}, found {found}; the file is not used")
    if source.rows is not None:
        rows = _rows(path, packed=source.path.endswith(".gz"))
        if rows != source.rows:
            raise SourceError(f"{name}: expected {source.rows} rows, found {rows}; the file is not used")


def _bring(source: SourceFile, temporary: Path, mirror: Path | None) -> str:
    path = None if mirror is None else mirror / source.path
    if path is not None and path.is_file():
        shutil.copyfile(path, temporary)
        return str(path)
    tried = [_looked(path)]
    if source.url is not None:
        try:
            with urllib.request.urlopen(source.url, timeout=60) as answer, temporary.open("wb") as file:
                shutil.copyfileobj(answer, file)
            return source.url
        except (urllib.error.URLError, http.client.HTTPException, TimeoutError, ConnectionError) as error:
            tried.append(f"{source.url} ({getattr(error, 'reason', error)})")
    raise _missing(source, tried)


def _looked(path: Path | None) -> str:
    return f"a mirror ({VARIABLE} is not set)" if path is None else f"{path} (no such file)"


def _missing(source: SourceFile, tried: list[str]) -> SourceError:
    return SourceError(
        f"{source.path} could not be found. Tried: {'; '.join(tried)}. "
        f"Set {VARIABLE} to a folder that holds {source.path}, or run where the public address can be reached."
    )


def _rows(path: Path, packed: bool) -> int:
    """Lines of a file; a last line without an end counts too."""
    try:
        with gzip.open(path) if packed else path.open("rb") as file:
            return sum(1 for _ in file)
    except (gzip.BadGzipFile, EOFError) as error:
        raise SourceError(f"{path}: not a whole gzip file ({error}); the file is not used") from error
