"""Linear centred kernel alignment of encoders on the same sentences (Kornblith et al. 2019, arXiv:1905.00414)."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
from scipy import stats


def unbiased_gram(vectors: np.ndarray) -> np.ndarray:
    """U-centred linear kernel of vectors (n, d), (n, n): inner products of two such give unbiased HSIC.

    Plain linear CKA is near one for any two wide random representations of few sentences; the U-statistic of Song et
    al. (2012, eq. 5), as Nguyen et al. (2021) use it for CKA, has expectation zero there.

    Raises:
        ValueError: fewer than four rows.
    """
    n = len(vectors)
    if n < 4:
        raise ValueError(f"unbiased CKA needs at least 4 sentences, given {n}")
    gram = vectors @ vectors.T
    np.fill_diagonal(gram, 0.0)
    means = gram.sum(axis=0) / (n - 2)
    centred = gram - means[None] - means[:, None] + means.sum() / (n - 1)
    np.fill_diagonal(centred, 0.0)
    return centred


def cka(vectors: dict[str, np.ndarray], groups: int = 10) -> list[dict[str, Any]]:
    """Alignment of every two encoders: mean over disjoint groups of sentences, with Student's 95 % interval.

    Args:
        vectors: encoder → float array (n, d_encoder), rows the same sentences in the same order.
        groups: disjoint groups of sentences, each an independent estimate.

    Returns:
        Rows ``first``, ``second``, ``cka``, ``low``, ``high``, ``sentences``; 1 is the same up to rotation and scale,
        0 is unrelated. ``cka`` is null where an encoder is constant.

    Raises:
        ValueError: encoders with different numbers of rows, or fewer than four sentences a group.
    """
    if len({len(v) for v in vectors.values()}) > 1:
        raise ValueError(f"rows differ: { {name: len(v) for name, v in vectors.items()} }")
    n = len(next(iter(vectors.values()))) if vectors else 0
    pairs = list(combinations(vectors, 2))
    found = np.full((groups, len(pairs)), np.nan)
    for index in range(groups):
        rows = slice(index * n // groups, (index + 1) * n // groups)
        grams = {name: unbiased_gram(np.asarray(v[rows], dtype=np.float64)) for name, v in vectors.items()}
        own = {name: float((gram**2).sum()) for name, gram in grams.items()}
        for column, (first, second) in enumerate(pairs):
            size = np.sqrt(own[first] * own[second])
            if size > 0:
                found[index, column] = float((grams[first] * grams[second]).sum()) / size
    return [
        {"first": first, "second": second, **estimate(found[:, column]), "sentences": n}
        for column, (first, second) in enumerate(pairs)
    ]


def estimate(values: np.ndarray) -> dict[str, float | None]:
    """Mean of independent estimates with Student's 95 % interval; null where any is lacking."""
    if not np.isfinite(values).all():
        return {"cka": None, "low": None, "high": None}
    mean = float(values.mean())
    half = float(stats.t.ppf(0.975, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values)))
    return {"cka": mean, "low": mean - half, "high": mean + half}


def principal_plane(vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The first two principal components of vectors (n, d): coordinates (n, 2) and shares of variance (2,).

    The sign of a component is arbitrary; here its largest loading is positive, so that a map never flips.
    """
    centred = np.asarray(vectors, dtype=np.float64) - np.mean(vectors, axis=0, dtype=np.float64)
    _, sizes, axes = np.linalg.svd(centred, full_matrices=False)
    axes = axes[:2] * np.sign(axes[np.arange(2), np.abs(axes[:2]).argmax(axis=1)])[:, None]
    variance = sizes**2
    return centred @ axes.T, variance[:2] / max(float(variance.sum()), 1e-300)
