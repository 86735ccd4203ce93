"""Parameters of the corpus phase, checked when they are made; every default is what the studies use."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from infoviews.contracts import SPLITS

SPLITTERS = ("nupunkt", "lines")


def _tenth_each() -> dict[str, float]:
    return {"critic": 0.1, "heldout": 0.1}


@dataclass(frozen=True)
class Params:
    """How a corpus is made.

    Attributes:
        source: source names, each with its parameters; several are read one after another.
        vocabulary: size of the WordPiece vocabulary trained on the train documents (at least 256).
        tokenizer: hub name or folder of a model whose own tokenizer is taken instead, or ``None``.
        tokenizer_revision: commit or tag, for hub names.
        splitter: ``nupunkt``, or ``lines`` for text with one sentence a line.
        minimum_words: documents with fewer after cleaning are left out.
        maximum_tokens: longer sentences are cut into consecutive ones of at most so many tokens.
        split: share of documents of every split but train.
        exact_duplicates: letters and digits from which on a repeated paragraph or sentence is dropped, so that
            a short "Yes, sir." may recur; ``None`` keeps all repetitions, those of whole documents too.
        near_duplicates: Jaccard similarity from which on a document is a near duplicate, or ``None``.
    """

    source: dict[str, dict[str, Any] | None] = field(default_factory=lambda: {"embedded": {}})
    vocabulary: int = 8000
    tokenizer: str | None = None
    tokenizer_revision: str | None = None
    splitter: str = "nupunkt"
    minimum_words: int = 20
    maximum_tokens: int = 256
    split: dict[str, float] = field(default_factory=_tenth_each)
    exact_duplicates: int | None = 40
    near_duplicates: float | None = 0.8

    def __post_init__(self) -> None:
        others = SPLITS[1:]
        _require(bool(self.source), "source", self.source, "at least one source name")
        _require(self.vocabulary >= 256, "vocabulary", self.vocabulary, "at least 256")
        _require(self.splitter in SPLITTERS, "splitter", self.splitter, " or ".join(SPLITTERS))
        _require(self.minimum_words >= 1, "minimum_words", self.minimum_words, "at least 1")
        _require(self.maximum_tokens >= 8, "maximum_tokens", self.maximum_tokens, "at least 8")
        _require(set(self.split) <= set(others), "split", self.split, f"shares of {' and '.join(others)} only")
        inside = all(share >= 0 for share in self.split.values()) and sum(self.split.values()) < 1
        _require(inside, "split", self.split, "shares of at least 0 with a sum below 1")
        exact, near = self.exact_duplicates, self.near_duplicates
        _require(exact is None or exact >= 1, "exact_duplicates", exact, "null or at least 1")
        _require(near is None or 0.1 <= near < 1, "near_duplicates", near, "null or from 0.1 to below 1")


def _require(met: bool, key: str, given: Any, allowed: str) -> None:
    if not met:
        raise ValueError(f"corpus: {key} is {given!r}; allowed: {allowed}")
