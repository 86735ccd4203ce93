"""A user's own text: one file, or all matching files of a folder."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from infoviews.corpus.documents import Document
from infoviews.sources import SourceError

LICENCE = "the user's own text"
CITATION = "the user's own text"
UNITS = ("file", "line")


@dataclass(frozen=True)
class Params:
    """Which files, and what in them is a document.

    Attributes:
        path: a file or a folder.
        pattern: which files of a folder, at any depth.
        document: ``file`` (its lines are paragraphs) or ``line`` (read as a stream, so the file may be of any size).
        wrapped: whether lines are broken to a width, so that only blank lines part paragraphs (``file`` only).
    """

    path: str
    pattern: str = "*.txt"
    document: str = "file"
    wrapped: bool = False

    def __post_init__(self) -> None:
        if self.document not in UNITS:
            raise ValueError(f"text: document is {self.document!r}; allowed: {' or '.join(UNITS)}")


def documents(params: Params, mirror: Path | None) -> Iterator[Document]:
    """Files in the order of their names; bytes that are not UTF-8 become U+FFFD."""
    root = Path(params.path)
    files = sorted(file for file in root.rglob(params.pattern) if file.is_file()) if root.is_dir() else [root]
    if not files or not files[0].is_file():
        raise SourceError(f"text: no file at {root} (pattern {params.pattern!r} in a folder); give a file or a folder")
    for path in files:
        name = path.relative_to(root).as_posix() if root.is_dir() else path.name
        name = name.encode(errors="backslashreplace").decode()  # a file name need not be UTF-8 either
        with path.open("rb") as file:
            if file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
                raise SourceError(f"text: {path} is UTF-16; convert it: iconv -f UTF-16 -t UTF-8")
        if params.document == "file":
            text = path.read_bytes().decode("utf-8-sig", errors="replace")
            yield Document(name, "text", Path(name).stem, _unwrap(text) if params.wrapped else text)
        else:
            with path.open(encoding="utf-8-sig", errors="replace", newline="\n") as lines:
                yield from (Document(f"{name}:{i}", "text", "", line) for i, line in enumerate(lines, start=1))


def _unwrap(text: str) -> str:
    paragraphs: list[list[str]] = [[]]
    for line in text.splitlines():
        if line.strip():
            paragraphs[-1].append(line.strip())
        else:
            paragraphs.append([])
    return "\n".join(" ".join(lines) for lines in paragraphs if lines)
