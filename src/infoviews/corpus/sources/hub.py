"""A published data set: hub name, revision and text column, streamed by the ``datasets`` library."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from infoviews.corpus.documents import Document
from infoviews.sources import SourceError

LICENCE = "stated by the data set's own card"
CITATION = "Lhoest et al., EMNLP 2021 (datasets); the data set's own card says whose texts they are"


@dataclass(frozen=True)
class Params:
    """Which data set, and how much of it.

    Attributes:
        dataset: hub name, or a local folder of parquet, JSON or text files.
        revision: commit or tag; needed for a hub name, since data sets change in place.
        text: column that holds the document.
        title: column that holds its title, or ``None``.
        config: configuration of the data set, or ``None`` where it has one only.
        split: split of the data set (not of this study).
        limit: documents to take from the beginning, or ``None`` for all.
    """

    dataset: str
    revision: str | None = None
    text: str = "text"
    title: str | None = None
    config: str | None = None
    split: str = "train"
    limit: int | None = None

    def __post_init__(self) -> None:
        if self.limit is not None and self.limit < 1:
            raise ValueError(f"hub: limit is {self.limit}; allowed: null or at least 1")


def documents(params: Params, mirror: Path | None) -> Iterator[Document]:
    """Rows in the order of the data set, read as a stream; nothing is kept on disk by this function."""
    rows = iter(_open(params))
    for i, row in enumerate(_guarded(islice(rows, params.limit), params)):
        title = _cell(row, params.title, params) if params.title else ""
        yield Document(f"{params.split}-{i}", Path(params.dataset).name, title, _cell(row, params.text, params))


def _cell(row: dict[str, Any], column: str, params: Params) -> str:
    """The text of a column, empty where the data set has none for this row."""
    value = row.get(column, 0)
    if value is not None and not isinstance(value, str):
        known = ", ".join(key for key, other in row.items() if isinstance(other, str))
        raise SourceError(f"hub: {params.dataset} has no text column {column!r}; has: {known or 'none'}")
    return value or ""


def _open(params: Params) -> Any:
    from datasets import load_dataset

    local = Path(params.dataset).is_dir()
    if not local and params.revision is None:
        raise ValueError(f"hub: give the revision (commit or tag) of {params.dataset}; data sets change in place")
    try:
        return load_dataset(
            params.dataset,
            params.config,
            split=params.split,
            streaming=True,
            revision=None if local else params.revision,
        )
    except Exception as error:  # the library raises some twenty kinds, its own and those of its back ends
        raise _failed(params, error) from error


def _guarded(rows: Iterator[Any], params: Params) -> Iterator[Any]:
    try:
        yield from rows
    except OSError as error:  # the connection broke in the middle of the stream
        raise _failed(params, error) from error


def _failed(params: Params, error: Exception) -> SourceError:
    reason = (str(error) or type(error).__name__).splitlines()[0]
    return SourceError(
        f"hub: {params.dataset} (revision {params.revision}, split {params.split}) could not be read: {reason}. "
        "Tried: a local folder of that name, then the Hugging Face hub. Give a folder that holds the data set, "
        "or run where the hub can be reached."
    )
