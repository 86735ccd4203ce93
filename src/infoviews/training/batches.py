"""Which rows meet in which batch: bucketed by length within wide random windows, a function of seed and step alone."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

WINDOW = 64
"""Batches per window: rows are sorted by length only inside a random window of this many batches, so that a batch's
negatives stay a random draw of texts of like length instead of the neighbours of one sorted list."""


@dataclass
class Batches:
    """Endless batches over ``lengths.size`` rows; batch ``step`` is the same whenever it is asked for.

    Args:
        lengths: tokens of each row (the longest view of a pair), int array (rows,).
        size: rows per batch.
        seed: seed of every draw.
        window: batches per window; 1 draws every batch from all rows, regardless of length.

    Raises:
        ValueError: fewer rows than one batch.
    """

    lengths: np.ndarray
    size: int
    seed: int
    window: int = WINDOW
    _epoch: int = field(default=-1, init=False)
    _order: np.ndarray = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if len(self.lengths) < self.size:
            raise ValueError(f"a batch of {self.size} needs as many pairs; there are {len(self.lengths)}")

    @property
    def per_epoch(self) -> int:
        """Whole batches in one pass over the rows; the remainder waits for the next pass."""
        return len(self.lengths) // self.size

    def __getitem__(self, step: int) -> np.ndarray:
        """Row numbers of batch ``step``, int array (size,)."""
        epoch, index = divmod(step, self.per_epoch)
        if epoch != self._epoch:
            self._order, self._epoch = self._shuffle(epoch), epoch
        return self._order[index]

    def _shuffle(self, epoch: int) -> np.ndarray:
        rng = np.random.default_rng([self.seed, epoch])
        rows = rng.permutation(len(self.lengths))[: self.per_epoch * self.size]
        span = self.window * self.size
        windows = [rows[start : start + span] for start in range(0, len(rows), span)]
        bucketed = [
            window[np.argsort(self.lengths[window], kind="stable")].reshape(-1, self.size) for window in windows
        ]
        return np.concatenate([batches[rng.permutation(len(batches))] for batches in bucketed])  # (batches, size)
