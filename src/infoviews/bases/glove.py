"""GloVe word vectors (Pennington, Socher & Manning 2014) of the corpus, averaged: no order, no context, no layers.

The factorisation visits the co-occurrence matrix in square blocks of random rows and random columns rather than entry
by entry: the same weighted least squares, but a step is a few matrix products. A step follows the gradient's sum over
a block, so that there are fewer steps than the authors' program makes, each worth a larger rate.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from scipy import sparse
from torch import nn

from infoviews.bases._materials import Materials
from infoviews.contracts import Ragged
from infoviews.encoders.static import StaticEncoder

CITATION = (
    "Pennington, Socher & Manning 2014, GloVe: Global vectors for word representation, EMNLP, doi:10.3115/v1/D14-1162"
)
BLOCK = 512
"""Rows and columns of a block: small enough for many steps an epoch, large enough for fast matrix products."""
CHUNK = 2**20
"""Tokens whose pairs are counted at once, which bounds the memory; the counts do not depend on it."""


@dataclass(frozen=True)
class Params:
    """Counting and factorisation; ``window`` and ``alpha`` as in the paper.

    Attributes:
        epochs: visits to every entry.
        window: tokens to either side, within the sentence; a pair ``distance`` apart counts 1 / distance.
        x_max: count from which an entry has full weight; the paper has 100 for 6 billion tokens, the authors'
            demonstration 10 for 17 million.
        alpha: power of the weight below ``x_max``.
        rate: AdaGrad's learning rate; a step's gradient is the sum over a block.
        smallest: least count of an entry that is kept.
        seed: added to the study's.
    """

    epochs: int = 20
    window: int = 10
    x_max: float = 10.0
    alpha: float = 0.75
    rate: float = 0.2
    smallest: float = 0.5
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("epochs", "window"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1; given {getattr(self, name)}")
        if self.seed < 0:
            raise ValueError(f"seed is {self.seed}; it must be at least 0")
        for name in ("x_max", "alpha", "rate", "smallest"):
            if not 0 < getattr(self, name) < math.inf:
                raise ValueError(f"{name} must be positive and finite; given {getattr(self, name)}")


def static(params: Params) -> bool:
    """Whether it holds word vectors alone, with nothing to pretrain."""
    return True


def build(params: Params, materials: Materials) -> tuple[StaticEncoder, dict[str, Any]]:
    """Static vectors of the study's width, averaged over a sentence.

    Raises:
        ValueError: no co-occurrence count reaches ``smallest``.
    """
    tokenizer = materials.tokenizer()
    counts = cooccurrences(materials.train_sentences(), len(tokenizer), params.window, params.smallest)
    vectors, history = factorise(counts, materials.shape.width, params, materials.seed + params.seed)
    finite = math.isfinite(history[-1]["loss"])
    failure = None if finite else {"reason": f"the loss is {history[-1]['loss']}"}
    return StaticEncoder(vectors, tokenizer), {"history": history, "entries": counts.nnz, "failure": failure}


def cooccurrences(rows: Ragged, vocabulary: int, window: int, smallest: float, chunk: int = CHUNK) -> sparse.csr_array:
    """Symmetric matrix of how often tokens occur near each other, each occurrence weighted by 1 / distance.

    Sums are of whole numbers, multiples of 1 / lcm(1, ..., window), so that ``chunk`` cannot change them by rounding.

    Returns:
        float32 sparse array (vocabulary, vocabulary) of the entries that reach ``smallest``.
    """
    unit = math.lcm(*range(1, window + 1))
    shape = (vocabulary, vocabulary)
    upper = sparse.csr_array(shape, dtype=np.int64)  # half of the matrix is all that has to be held
    for some in _chunks(rows, chunk):
        low, high, weight = _pairs(some, window, unit)
        upper = upper + sparse.coo_array((weight, (low, high)), shape=shape).tocsr()
    upper.data[upper.data < smallest * unit] = 0
    upper.eliminate_zeros()
    kept = sparse.csr_array(((upper.data / unit).astype(np.float32), upper.indices, upper.indptr), shape=shape)
    return (kept + sparse.triu(kept, 1).T).tocsr()


def _chunks(rows: Ragged, tokens: int) -> Iterator[Ragged]:
    """Consecutive whole rows, about so many tokens at a time."""
    inner = np.searchsorted(rows.offsets[:-1], np.arange(0, rows.offsets[-1], tokens))
    for first, last in pairwise(np.unique([0, *inner, len(rows)])):
        begin, end = rows.offsets[first], rows.offsets[last]
        yield Ragged(rows.ids[begin:end], rows.offsets[first : last + 1] - begin)


def _pairs(rows: Ragged, window: int, unit: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pairs within a window: lower id, higher id, both int32 (pairs,), and weight in multiples of 1 / ``unit``.

    A token next to itself counts twice, as each is in the other's window.
    """
    ids = np.asarray(rows.ids, dtype=np.int32)
    ends = np.repeat(rows.offsets[1:], rows.lengths)  # (tokens,)
    left = [np.flatnonzero(np.arange(len(ids)) + distance < ends) for distance in range(1, window + 1)]
    a = np.concatenate([ids[places] for places in left])
    b = np.concatenate([ids[places + distance] for distance, places in enumerate(left, 1)])
    weight = np.repeat([unit // distance for distance in range(1, window + 1)], [len(places) for places in left])
    return np.minimum(a, b), np.maximum(a, b), weight * (1 + (a == b))


@torch.sparse.check_sparse_tensor_invariants(False)  # torch made the sparse gradients itself; undecided, it warns
def factorise(
    counts: sparse.csr_array, width: int, params: Params, seed: int
) -> tuple[np.ndarray, list[dict[str, float]]]:
    """AdaGrad on blocks of the matrix; a token's vector is w + w̃.

    Returns:
        float32 array (vocabulary, width), tokens without entries near zero; the history, one row an epoch, whose loss
        is the mean of equation 8's terms over the entries.

    Raises:
        ValueError: the matrix has no entries.
    """
    if not counts.nnz:
        raise ValueError(f"no co-occurrence count reaches {params.smallest}; lower smallest or give more text")
    rng = np.random.default_rng(seed)
    start = rng.uniform(-0.5, 0.5, size=(2, counts.shape[0], width + 1)).astype(np.float32) / width  # as the authors'
    words, contexts = (nn.Embedding.from_pretrained(torch.from_numpy(t), freeze=False, sparse=True) for t in start)
    optimiser = torch.optim.Adagrad([words.weight, contexts.weight], lr=params.rate, initial_accumulator_value=1.0)
    logs, weights = counts.copy(), counts.copy()
    logs.data, weights.data = np.log(counts.data), weight(counts.data, params)
    history = []
    for epoch in range(1, params.epochs + 1):
        total = 0.0
        for rows, columns, block_logs, block_weights in _blocks(logs, weights, rng):
            loss = block_loss(words(rows), contexts(columns), block_logs, block_weights)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            total += loss.item()
        history.append({"step": epoch, "loss": total / counts.nnz})
    return (words.weight + contexts.weight).detach().numpy()[:, :-1].copy(), history


def weight(counts: np.ndarray, params: Params) -> np.ndarray:
    """Equation 9, f(X) = min(1, (X / x_max)^alpha), of each count."""
    return np.minimum(counts / params.x_max, 1) ** params.alpha


def block_loss(words: torch.Tensor, contexts: torch.Tensor, logs: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    """Equation 8: sum of f(X) (w · w̃ + b + b̃ - log X)² over a block.

    Args:
        words, contexts: (R, d + 1) and (C, d + 1), the bias in the last column.
        logs, weights: log X and f(X), (R, C); a weight of zero where X is zero.
    """
    scores = torch.addmm(words[:, -1:] + contexts[:, -1], words[:, :-1], contexts[:, :-1].T)
    return (weights * (scores - logs).square()).sum()


def _blocks(
    logs: sparse.csr_array, weights: sparse.csr_array, rng: np.random.Generator
) -> Iterator[list[torch.Tensor]]:
    """Every entry once: rows (R,), columns (C,), and logs and weights (R, C) of random rows by random columns."""
    number = math.ceil(logs.shape[0] / BLOCK)
    order = rng.permutation(logs.shape[0])
    columns = torch.from_numpy(order).tensor_split(number)
    for rows in np.array_split(rng.permutation(logs.shape[0]), number):
        strips = [torch.from_numpy(matrix[rows][:, order].toarray()) for matrix in (logs, weights)]
        blocks = list(zip(columns, *(strip.tensor_split(number, dim=1) for strip in strips), strict=True))
        for place in rng.permutation(number):
            yield [torch.from_numpy(rows), *blocks[place]]
