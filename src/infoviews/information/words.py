"""Texts as counts of words, and the directions in which the counts of two views go together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import LinearOperator, eigsh

from infoviews.contracts import Ragged

SEEN = 5
"""Times that a token must be seen in the critic's split to have a vector of its own."""

RARE = 10.0
"""Times seen below which a word's weight is damped: two rare words that met by chance would fill all directions."""


@dataclass(frozen=True)
class Vocabulary:
    """Token ids (n, T) → rows of a table of vectors (n, T), int64; padding and tokens seen too seldom are row 0.

    Attributes:
        known: token ids with a vector of their own, sorted; ``known[i]`` has row i + 1.
    """

    known: np.ndarray

    def __call__(self, ids: np.ndarray) -> np.ndarray:
        """Rows of the table, of the shape of ``ids``."""
        if len(self.known) == 0:
            return np.zeros(ids.shape, dtype=np.int64)
        place = np.minimum(np.searchsorted(self.known, ids), len(self.known) - 1)
        return np.where(self.known[place] == ids, place + 1, 0)


def learn_vocabulary(*sides: np.ndarray) -> Vocabulary:
    """The vocabulary of padded ids, (n, T) each, in which -1 is padding."""
    values, counts = np.unique(np.concatenate([side.ravel() for side in sides]), return_counts=True)
    return Vocabulary(values[(values >= 0) & (counts >= SEEN)])


def padded(rows: Ragged) -> np.ndarray:
    """Rows as one int64 array (n, longest), -1 where a row has ended."""
    lengths = rows.lengths
    inner = np.arange(int(lengths.max(initial=1)))[None] < lengths[:, None]
    ids = np.full(inner.shape, -1, dtype=np.int64)
    ids[inner] = rows.take(np.arange(len(rows))).ids
    return ids


def counts(rows: np.ndarray, words: int) -> sparse.csr_array:
    """How often each word is in each text: rows of the table (n, T) → (n, words + 1), row 0 of the table left out."""
    text, place = np.nonzero(rows)
    return sparse.csr_array((np.ones(len(text)), (text, rows[text, place])), shape=(len(rows), words + 1))


def common_axes(x: np.ndarray, y: np.ndarray, words: int, most: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Vectors of words whose sums over a text go together in the two views, strongest first.

    Eigenvectors of the symmetric part of the covariance of the two views' counts, each word in units of the square
    root of its mean count (of its standard deviation, were counts Poisson): the correspondence analysis of the words.

    Args:
        x, y: rows of the table (n, T) of the two views. words: rows of the table without row 0.
        most: axes wanted; there are at most words - 1. seed: of the vector that the iteration starts from.

    Returns:
        vectors (words + 1, axes) and the means (axes,) of their sums, in units of those sums' standard deviation.
    """
    first, second = counts(x, words), counts(y, words)
    n, total = len(x), first.sum(axis=0) + second.sum(axis=0)
    scale = 1 / np.sqrt((total + RARE) / (2 * n))
    mean = scale * total / (2 * n)

    def multiply(v: np.ndarray) -> np.ndarray:
        inner = scale * v.ravel()
        both = first.T @ (second @ inner) + second.T @ (first @ inner)
        return scale * both / (2 * n) - mean * (mean @ v.ravel())

    operator = LinearOperator((words + 1, words + 1), matvec=multiply, dtype=np.float64)
    begin = np.random.default_rng([seed, 0x61786573]).standard_normal(words + 1)
    values, vectors = eigsh(operator, k=min(most, words - 1), which="LM", v0=begin)
    vectors = vectors[:, np.argsort(-np.abs(values), kind="stable")] * scale[:, None]
    vectors[0] = 0
    sums = np.concatenate([first @ vectors, second @ vectors])
    spread = np.maximum(sums.std(axis=0), 1e-9)
    return vectors / spread, sums.mean(axis=0) / spread
