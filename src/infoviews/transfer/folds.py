"""SentEval's stratified folds as columns of one mask matrix, so that all fits are one batched problem."""

from __future__ import annotations

import numpy as np
from sklearn.model_selection import StratifiedKFold

SEED = 1111
"""SentEval's seed; hard-wired there for the nested scheme, the default elsewhere."""


def stratified(labels: np.ndarray, folds: int, seed: int = SEED) -> list[tuple[np.ndarray, np.ndarray]]:
    """Train and held-out rows of each fold.

    Raises:
        ValueError: a class with fewer examples than folds, which some fold would have to do without.
    """
    classes, counts = np.unique(labels, return_counts=True)
    if counts.min() < folds:
        raise ValueError(
            f"class {classes[counts.argmin()]} has {counts.min()} examples, fewer than the {folds} folds; "
            "use fewer folds or more data"
        )
    splitter = StratifiedKFold(n_splits=folds, shuffle=True, random_state=seed)
    return list(splitter.split(np.zeros(len(labels)), labels))


def nested(labels: np.ndarray, folds: int) -> tuple[np.ndarray, np.ndarray]:
    """All fits of nested cross-validation.

    Returns:
        train and held-out rows, bool (n, folds * (folds + 1)): for each outer fold its inner folds, then the refit on
        the whole outer train part, whose held-out rows are the outer test fold.
    """
    train, held = [], []
    for outer, test in stratified(labels, folds):
        for inner, validation in stratified(labels[outer], folds):
            train.append(_mask(len(labels), outer[inner]))
            held.append(_mask(len(labels), outer[validation]))
        train.append(_mask(len(labels), outer))
        held.append(_mask(len(labels), test))
    return np.stack(train, 1), np.stack(held, 1)


def single(labels: np.ndarray, folds: int, rows: int) -> tuple[np.ndarray, np.ndarray]:
    """Cross-validation on the first ``len(labels)`` of ``rows`` rows, then the refit on all of them.

    Returns:
        train and held-out rows, bool (rows, folds + 1); the refit's held-out rows are those after the labels.
    """
    n = len(labels)
    train, held = [], []
    for inner, validation in stratified(labels, folds):
        train.append(_mask(rows, inner))
        held.append(_mask(rows, validation))
    train.append(np.arange(rows) < n)
    held.append(np.arange(rows) >= n)
    return np.stack(train, 1), np.stack(held, 1)


def _mask(rows: int, chosen: np.ndarray) -> np.ndarray:
    mask = np.zeros(rows, dtype=bool)
    mask[chosen] = True
    return mask
