"""Encode every distinct sentence once, sorted by length, and lay the rows out as the protocols need them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from infoviews.contracts import Encode, Split

LEAST, MOST = 1e-9, 1e9
"""Bounds on the largest absolute value of an array: classifiers square products of two entries in float32, which holds
numbers from 1e-38 to 3e38."""

SAME = 1e-6
"""Difference, relative to the largest value, below which rows are the same but for rounding."""


@dataclass(frozen=True)
class Embedded:
    """One part of a task with its embeddings, rows in file order.

    Attributes:
        vectors: one float array (n, d) per text of an example.
        labels: int64 class ids or float64 graded scores, (n,).
        tokens: whitespace tokens of each text, int64 (n, texts); SentEval sorts rows by them.
        notes: what a reader of the scores should know of the vectors.
    """

    vectors: tuple[np.ndarray, ...]
    labels: np.ndarray
    tokens: np.ndarray
    notes: tuple[str, ...] = ()

    def features(self) -> np.ndarray:
        """What a classifier sees: ``u`` of a single text, ``[|u - v|, u * v]`` of a pair (SentEval mrpc.py)."""
        if len(self.vectors) == 1:
            return self.vectors[0]
        u, v = self.vectors
        return np.hstack([np.abs(u - v), u * v])

    def order(self) -> np.ndarray:
        """SentEval's row order: stable by tokens of the first text, of the second, then label."""
        return np.lexsort((self.labels, *self.tokens.T[::-1]))

    def take(self, rows: np.ndarray) -> Embedded:
        """The given rows."""
        vectors = tuple(side[rows] for side in self.vectors)
        return replace(self, vectors=vectors, labels=self.labels[rows], tokens=self.tokens[rows])


Task = dict[str, Embedded]
"""Part name → part."""


def encode_tasks(encode: Encode, tasks: dict[str, dict[str, Split]]) -> dict[str, Task]:
    """Embed all parts of all tasks, each distinct sentence once.

    Raises:
        ValueError: the encoder gave an array that ``checked`` refuses.
    """
    texts = {text for parts in tasks.values() for part in parts.values() for side in part.texts for text in side}
    ordered = sorted(texts, key=lambda text: (len(text.split()), text))
    table = checked(encode(ordered), len(ordered), "the encoder's output")
    row = {text: number for number, text in enumerate(ordered)}

    def part_of(split: Split) -> Embedded:
        return with_vectors(split, tuple(table[[row[text] for text in side]] for side in split.texts))

    return {name: {part: part_of(split) for part, split in parts.items()} for name, parts in tasks.items()}


def with_vectors(split: Split, vectors: Iterable[np.ndarray]) -> Embedded:
    """A part joined with arrays of its embeddings, in file order; quantised ones become float32, which is noted."""
    tokens = np.array([[len(text.split()) for text in side] for side in split.texts], dtype=np.int64).T
    given = tuple(vectors)
    kinds = sorted({str(side.dtype) for side in given if side.dtype.kind in "iu"})
    notes = tuple(
        f"{kind} embeddings, taken as the numbers that they are; bits packed into bytes would need "
        "numpy.unpackbits first"
        for kind in kinds
    )
    return Embedded(tuple(map(widened, given)), split.labels, tokens, notes)


def widened(vectors: np.ndarray) -> np.ndarray:
    """float64 as it is, everything else as float32.

    Half precision would overflow or lose digits in products and squares, and whole numbers have none.
    """
    return vectors if vectors.dtype == np.float64 else vectors.astype(np.float32)


def doubts(name: str, parts: Task) -> list[str]:
    """What makes the scores of a task say little: notes on its vectors, and parts whose rows are all the same."""
    found = [note for part in parts.values() for note in part.notes]
    for part, given in parts.items():
        for side in given.vectors:
            largest = float(np.abs(side).max(initial=0))
            if len(side) > 1 and float(np.ptp(side, axis=0).max()) <= SAME * largest:
                value = "all zeros" if not largest else "the same row for every text"
                found.append(f"{name}, {part}: the embeddings are {value}, so its scores say nothing of the texts")
    return list(dict.fromkeys(found))


def checked(vectors: np.ndarray, rows: int, name: str) -> np.ndarray:
    """``vectors``, after shape and values were checked, real ones as ``widened`` gives them.

    Whole numbers of one byte are taken, as sentence-transformers quantises to; others are rather labels or counts.

    Raises:
        ValueError: not a (rows, d) array of real numbers or of bytes, with a column at least; NaN or infinity in it
            (the first such row is named); or values so large, or all so small, that float32 cannot hold what is made
            of them.
    """
    vectors = np.asarray(vectors)
    real = vectors.dtype.kind == "f" or vectors.dtype in (np.int8, np.uint8)
    if vectors.ndim != 2 or not real or not vectors.shape[1]:
        raise ValueError(
            f"{name}: expected an array (n, d) of real numbers, int8 or uint8, with at least one column, found "
            f"{vectors.dtype} {vectors.shape}"
        )
    if len(vectors) != rows:
        raise ValueError(f"{name}: expected {rows} rows, one per sentence, found {len(vectors)}")
    bad = ~np.isfinite(vectors).all(1)
    if bad.any():
        raise ValueError(f"{name}: {int(bad.sum())} rows hold NaN or infinity, the first is row {int(bad.argmax())}")
    values = vectors if vectors.dtype.kind == "f" else widened(vectors)  # there is no 128 in int8
    largest = float(np.abs(values).max(initial=0))
    if largest and not LEAST <= largest <= MOST:
        raise ValueError(
            f"{name}: the largest absolute value is {largest:.3g}, outside {LEAST:g} to {MOST:g}, where float32 holds "
            "products and squares; rescale the embeddings"
        )
    return widened(vectors) if vectors.dtype.kind == "f" else vectors  # bytes are widened where they are noted
