"""The documents between the two passes of the corpus phase: on disk, in order, without duplicates, counted."""

from __future__ import annotations

import json
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from infoviews.contracts import SPLITS
from infoviews.corpus.duplicates import NearDuplicates, first_seen
from infoviews.corpus.prepare import Prepared

OUTCOMES = {
    "documents": ("read", "kept", "too short", "exact duplicate", "near duplicate"),
    "paragraphs": ("kept", "evaluation overlap", "duplicate", "markup", "no letters", "undecodable"),
    "sentences": ("kept", "duplicate", "cut", "without tokens"),
    "words": ("read", "kept"),
    "tokens": ("kept", "unknown"),
}
"""What is counted; all but "read", "kept", "cut" (into several that are kept) and "unknown" were left out."""


class Tally:
    """Counts of ``OUTCOMES`` by source and split."""

    def __init__(self) -> None:
        self._counts: defaultdict[tuple[str, str], Counter[tuple[str, str]]] = defaultdict(Counter)

    def counter(self, source: str, split: str) -> Callable[[str, str, int], None]:
        """A function ``(unit, outcome, number)`` that counts for this source and split."""
        counts = self._counts[source, split]

        def count(unit: str, outcome: str, number: int) -> None:
            assert outcome in OUTCOMES[unit], f"{unit}: {outcome}"
            counts[unit, outcome] += int(number)

        return count

    @property
    def read(self) -> int:
        """Documents read."""
        return sum(counts["documents", "read"] for counts in self._counts.values())

    def reasons(self) -> str:
        """Why documents and paragraphs went, in words."""
        total = sum(self._counts.values(), Counter[tuple[str, str]]())
        return ", ".join(
            f"{number} {unit} {outcome}"
            for (unit, outcome), number in sorted(total.items())
            if number and unit in ("documents", "paragraphs") and outcome not in ("read", "kept")
        )

    def table(self) -> dict[str, Any]:
        """Counts in all (``total``), per source (``sources``) and per split (``splits``)."""
        sources = sorted({source for source, _ in self._counts})
        return {
            "total": self._sum(sources, SPLITS),
            "sources": {source: self._sum([source], SPLITS) for source in sources},
            "splits": {split: self._sum(sources, [split]) for split in SPLITS},
        }

    def _sum(self, sources: Sequence[str], splits: Sequence[str]) -> dict[str, dict[str, int]]:
        found = (self._counts[key] for key in product(sources, splits) if key in self._counts)
        total = sum(found, Counter[tuple[str, str]]())
        return {unit: {outcome: total[unit, outcome] for outcome in known} for unit, known in OUTCOMES.items()}


@dataclass(frozen=True)
class Kept:
    """A document that stays: sentences by paragraph, and its words."""

    id: str
    source: str
    title: str
    split: str
    paragraphs: list[list[str]]
    words: int


class Pile:
    """Takes prepared documents one by one, then gives back those that stay, as often as asked.

    Text is kept on disk; memory holds 8 bytes per sentence and paragraph, and the MinHash index.
    """

    def __init__(self, path: Path, minimum_words: int, exact: int | None, near: float | None) -> None:
        """See ``infoviews.corpus.spec.Params`` for ``minimum_words``, ``exact`` and ``near``."""
        self.path, self.tally = path, Tally()
        self._file = path.open("w", encoding="utf-8", newline="\n")
        self._minimum, self._exact = minimum_words, exact is not None
        self._near = NearDuplicates(near) if near is not None else None
        self._documents: set[int] = set()
        self._keys = {"paragraphs": array("q"), "sentences": array("q")}
        self._first: dict[str, np.ndarray] = {}
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def add(self, document: Prepared, split: str) -> None:
        """Put a document on the pile unless it is too short or a duplicate of an earlier one."""
        count = self.tally.counter(document.source, split)
        count("documents", "read", 1)
        count("words", "read", document.given)
        for reason, number in document.left_out.items():
            count("paragraphs", reason, number)
        if document.words < self._minimum:
            count("documents", "too short", 1)
        elif self._exact and document.fingerprint in self._documents:
            count("documents", "exact duplicate", 1)
        elif self._near is not None and document.signature is not None and self._near.seen(document.signature):
            count("documents", "near duplicate", 1)
        else:
            self._documents.add(document.fingerprint)
            self._keys["paragraphs"].extend(document.paragraph_keys)
            self._keys["sentences"].extend(document.sentence_keys)
            row = [document.id, document.source, document.title, split, document.paragraphs]
            self._file.write(json.dumps(row, ensure_ascii=False) + "\n")
            self._length += 1

    def close(self) -> None:
        """No more documents come: find the paragraphs and sentences that appear for the first time."""
        self._file.close()
        for unit, keys in self._keys.items():
            fingerprints = np.frombuffer(keys, dtype=np.int64)
            self._first[unit] = first_seen(fingerprints) | (fingerprints == 0)  # 0: too short to be a duplicate
        self._near = None

    def read(self, tally: Tally) -> Iterator[Kept]:
        """The documents that stay, without repeated paragraphs and sentences, which are counted in ``tally``."""
        new_paragraphs, new_sentences = (
            iter(self._first["paragraphs"].tolist()),
            iter(self._first["sentences"].tolist()),
        )
        with self.path.open(encoding="utf-8") as file:
            for line in file:
                id, source, title, split, paragraphs = json.loads(line)
                count = tally.counter(source, split)
                kept = []
                for paragraph in paragraphs:
                    new = [sentence for sentence in paragraph if next(new_sentences)]
                    if not next(new_paragraphs):
                        count("paragraphs", "duplicate", 1)
                        continue
                    count("sentences", "duplicate", len(paragraph) - len(new))
                    if new:
                        kept.append(new)
                words = sum(len(sentence.split()) for paragraph in kept for sentence in paragraph)
                if words < self._minimum:
                    count("documents", "too short", 1)
                else:
                    yield Kept(id, source, title, split, kept, words)
