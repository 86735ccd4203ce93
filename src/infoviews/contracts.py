"""The types that stages, views, critics, objectives and tasks agree on; imports nothing of this package."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:  # views, corpus and tasks do without torch, whose import takes longer than their work
    import torch

SPLITS = ("train", "critic", "heldout")
"""Splits by document: encoders train on the first, critics are fitted on the second, the third is only measured."""

Encode = Callable[[list[str]], np.ndarray]
"""Sentences in, float32 array (n, d) out, rows in the order given."""


@dataclass(frozen=True)
class Ragged:
    """Rows of token ids of unequal length: row i is ``ids[offsets[i]:offsets[i + 1]]``.

    Attributes:
        ids: integer array (total,).
        offsets: int64 array (rows + 1,), starting at 0, never falling.
    """

    ids: np.ndarray
    offsets: np.ndarray

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, row: int) -> np.ndarray:
        return self.ids[self.offsets[row] : self.offsets[row + 1]]

    def __iter__(self) -> Iterator[np.ndarray]:
        return (self[row] for row in range(len(self)))

    @property
    def lengths(self) -> np.ndarray:
        """Tokens in each row, int64 array (rows,)."""
        return np.diff(self.offsets)

    def take(self, rows: np.ndarray) -> Ragged:
        """The given rows, in the given order."""
        starts, lengths = self.offsets[:-1][rows], self.lengths[rows]
        return slices(self.ids, starts, lengths)


def ragged(rows: Sequence[Sequence[int]], dtype: npt.DTypeLike) -> Ragged:
    """Rows of token ids, given as lists, with ids of type ``dtype``."""
    flat = np.fromiter(chain.from_iterable(rows), dtype)
    return Ragged(flat, offsets([len(row) for row in rows]))


def concatenated(parts: Sequence[Ragged]) -> Ragged:
    """The rows of all parts, one part after another."""
    return Ragged(np.concatenate([part.ids for part in parts]), offsets(np.concatenate([p.lengths for p in parts])))


def offsets(lengths: npt.ArrayLike) -> np.ndarray:
    """Where rows of these lengths start, and where the last one ends: int64 array (rows + 1,), from 0."""
    return np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])


def slices(ids: np.ndarray, starts: np.ndarray, lengths: np.ndarray) -> Ragged:
    """Gather ``ids[starts[i] : starts[i] + lengths[i]]`` for every i, with no Python loop."""
    ends = offsets(lengths)
    positions = np.arange(ends[-1]) + np.repeat(starts - ends[:-1], lengths)
    return Ragged(ids[positions], ends)


@dataclass(frozen=True)
class Corpus:
    """Documents → sentences → token ids (no special tokens), memory-mapped.

    Attributes:
        sentences: one row of token ids per sentence, in reading order.
        documents: int64 array (documents + 1,); document d holds sentences ``documents[d]:documents[d + 1]``.
        split: uint8 array (documents,), an index into ``SPLITS``.
        folder: its place on disk (the tokenizer is in ``folder / "tokenizer"``,
            titles and sources in ``folder / "documents.parquet"``).
    """

    sentences: Ragged
    documents: np.ndarray
    split: np.ndarray
    folder: Path

    def document_of(self, sentences: np.ndarray) -> np.ndarray:
        """Index of the document that holds each given sentence."""
        return np.searchsorted(self.documents, sentences, side="right") - 1


@dataclass(frozen=True)
class Pairs:
    """Views of the same anchors.

    Attributes:
        views: one ``Ragged`` per view (two or more), all of the same number of rows.
        anchors: int64 array (rows,), the corpus sentence that each row was drawn from; anchors that gave no
            pair (too short, say) are left out and counted by the caller as skipped.
        labels: integer array (rows,) of classes from 0, where people judged the pairs (entailment, say).
        documents: int64 array (rows,), the corpus document of each anchor; anchors of a family's own files are
            documents of their own, with the anchors' negative numbers. ``build`` fills it in where the family does not.
    """

    views: tuple[Ragged, ...]
    anchors: np.ndarray
    labels: np.ndarray | None = None
    documents: np.ndarray | None = None


class ViewFamily(Protocol):
    """What a module ``infoviews.views.<name>`` offers.

    ``Params`` is a frozen dataclass whose ``__post_init__`` raises ``ValueError`` for a dial out of range; every
    field has a default except the dial. ``DIAL`` names the dial, ``CITATION`` says where the family comes from.
    """

    Params: type
    DIAL: str
    CITATION: str

    def draw(self, corpus: Corpus, anchors: np.ndarray, rng: np.random.Generator, params: Any) -> Pairs:
        """Draw at most one pair per anchor sentence; vectorised, deterministic given ``rng``."""


@dataclass(frozen=True)
class Bound:
    """Value of a bound or estimate on one score matrix.

    Attributes:
        value: scalar tensor, nats, what is reported.
        loss: scalar tensor to descend; for most bounds ``-value``.
        state: running quantities for the next call (MINE's moving average), else ``None``.
    """

    value: torch.Tensor
    loss: torch.Tensor
    state: Any = None


class Objective(Protocol):
    """What a module ``infoviews.objectives.<name>`` offers; scores ``S[i, j] = f(x_i, y_j)``, diagonal joint."""

    Params: type
    CITATION: str

    def bound(self, scores: torch.Tensor, params: Any, state: Any = None) -> Bound:
        """The bound of a square score matrix (B, B), in nats."""


@runtime_checkable
class Critic(Protocol):
    """What ``infoviews.critics.<name>.Critic(params, dimension)`` gives: a ``torch.nn.Module``.

    Called with x (B, d) and y (C, d) it returns scores (B, C), ``S[i, j] = f(x_i, y_j)``.
    """

    def __call__(self, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor: ...


@dataclass(frozen=True)
class Split:
    """One part of a transfer task, in file order: texts (or pairs of texts) and labels."""

    texts: tuple[list[str], ...]
    labels: np.ndarray


@dataclass(frozen=True)
class Estimate:
    """One measured information value, in nats, with what is needed to distrust it."""

    estimator: str
    features: str
    estimate: float
    low: float
    high: float
    n: int
    k: int
    ceiling: float
    flag: str
    failures: int = 0
    notes: dict[str, Any] = field(default_factory=dict)
