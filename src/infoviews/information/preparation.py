"""Change coordinates of each side before a critic sees them: information does not change under invertible maps.

Heavy tails are what breaks learned critics (and correlations), so each coordinate is replaced by the normal score of
its rank, after which the side is whitened. Both maps are learned on the critic's split alone. Values outside the range
seen there become its end, which can only lose information: what was a lower bound stays one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import ndtri
from sklearn.covariance import ledoit_wolf

TRANSFORMS = ("ranks", "asinh", "none")


@dataclass(frozen=True)
class Preparation:
    """A fitted map of one side, (n, d) → float32 (n, d).

    Attributes:
        transform: one of ``TRANSFORMS``: what is done to each coordinate.
        values: for ``ranks``, the distinct values seen in each coordinate, sorted.
        scores: their normal scores.
        mean: of the transformed coordinates (d,).
        whitening: (d, d), applied from the right.
    """

    transform: str
    values: list[np.ndarray]
    scores: list[np.ndarray]
    mean: np.ndarray
    whitening: np.ndarray

    def __call__(self, rows: np.ndarray) -> np.ndarray:
        """Prepared rows, float32."""
        return ((self._coordinates(rows) - self.mean) @ self.whitening).astype(np.float32)

    def _coordinates(self, rows: np.ndarray) -> np.ndarray:
        rows = np.asarray(rows, dtype=np.float64)
        if self.transform == "ranks":
            columns = zip(rows.T, self.values, self.scores, strict=True)
            return np.stack([np.interp(column, v, s) for column, v, s in columns], axis=1)
        return np.arcsinh(rows) if self.transform == "asinh" else rows


def prepare(rows: np.ndarray, transform: str = "ranks", whiten: bool = True) -> Preparation:
    """Learn the map of one side from the critic's split.

    Args:
        rows: features (n, d), n >= 2.
        transform: ``ranks`` (normal scores; ties share their middle rank), ``asinh``, or ``none``.
        whiten: also make the coordinates uncorrelated with variance 1; otherwise they are only centred.

    Raises:
        ValueError: another transform, another shape, or values that are not finite.
    """
    if transform not in TRANSFORMS:
        raise ValueError(f"transform is {transform!r}; allowed: {', '.join(TRANSFORMS)}")
    if rows.ndim != 2 or len(rows) < 2 or not np.isfinite(rows).all():
        raise ValueError(f"features of shape {rows.shape} must be (n, d), n >= 2, with finite values only")
    values, scores = [], []
    if transform == "ranks":
        for column in np.asarray(rows, dtype=np.float64).T:
            value, count = np.unique(column, return_counts=True)
            values.append(value)
            scores.append(ndtri((np.cumsum(count) - 0.5 * count) / len(column)))
    width = rows.shape[1]
    partial = Preparation(transform, values, scores, np.zeros(width), np.eye(width))
    coordinates = partial._coordinates(rows)
    mean = coordinates.mean(axis=0)
    if not whiten:
        return replace(partial, mean=mean)
    covariance, _ = ledoit_wolf(coordinates - mean, assume_centered=True)
    variance, axes = np.linalg.eigh(covariance)
    usable = variance > 1e-9 * max(variance.max(), 1e-300)  # constant coordinates carry nothing and become zero
    scale = np.where(usable, 1 / np.sqrt(np.where(usable, variance, 1.0)), 0.0)
    return Preparation(transform, values, scores, mean, axes * scale @ axes.T)
