"""What every corpus source yields: documents of plain text, one after another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol


@dataclass(frozen=True)
class Document:
    """One text as its source gives it, before cleaning.

    Attributes:
        id: unique within its source and stable between runs.
        source: short name of the collection, the key of the per-source counts in ``statistics.json``.
        title: empty where there is none; never part of ``text``.
        text: paragraphs parted by ``\\n``. Bytes that were not UTF-8 appear as U+FFFD, which the cleaning step
            counts and removes (see ``infoviews.corpus.cleaning``).
    """

    id: str
    source: str
    title: str
    text: str


class Source(Protocol):
    """What a module ``infoviews.corpus.sources.<name>`` offers.

    ``Params`` is a frozen dataclass whose ``__post_init__`` raises ``ValueError`` for a value out of range;
    ``CITATION`` says where the texts come from.
    """

    Params: type
    CITATION: str

    def documents(self, params: Any, mirror: Path | None) -> Iterator[Document]:
        """Stream the documents in an order that never varies.

        Raises:
            SourceError: a file is at hand neither in ``mirror`` nor at its public place, or is not the right one.
        """
