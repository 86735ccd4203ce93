"""Texts that are equal to a positive are no negatives: they are found by a hash of their tokens."""

from __future__ import annotations

import numpy as np
import torch

from infoviews.contracts import Ragged


def false_negatives(anchors: np.ndarray, candidates: np.ndarray) -> torch.Tensor:
    """Off-diagonal places (i, j) whose candidate is the same text as row i's own anchor or partner, bool (B, B).

    Args:
        anchors: content hashes of the texts of the rows (B,).
        candidates: content hashes of the texts of the columns (B,); the partner of row i is column i.
    """
    same = (candidates[None, :] == candidates[:, None]) | (candidates[None, :] == anchors[:, None])
    np.fill_diagonal(same, False)
    return torch.from_numpy(same)


def content_hashes(rows: Ragged) -> np.ndarray:
    """A 64-bit hash of each row's ids, uint64 array (rows,): equal texts are found without comparing strings."""
    if not len(rows):
        return np.empty(0, np.uint64)
    position = np.arange(rows.offsets[-1] - rows.offsets[0]) - np.repeat(
        rows.offsets[:-1] - rows.offsets[0], rows.lengths
    )
    keys = np.random.default_rng(0).integers(1, 2**63, size=int(rows.lengths.max(initial=0)) + 1, dtype=np.uint64)
    own = np.asarray(rows.ids[rows.offsets[0] : rows.offsets[-1]]).astype(np.uint64) + np.uint64(1)
    running = np.concatenate([np.zeros(1, np.uint64), np.cumsum(own * keys[position], dtype=np.uint64)])
    ends = rows.offsets - rows.offsets[0]
    return running[ends[1:]] - running[ends[:-1]]
