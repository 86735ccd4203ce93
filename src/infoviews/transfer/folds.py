"""SentEval's stratified folds as columns of one mask matrix, so that all fits are one batched problem."""

from __future__ import annotations

import logging

import numpy as np

from infoviews.transfer.tasks._task import Task

log = logging.getLogger(__name__)

SEED = 1111
"""SentEval's seed; hard-wired there for the nested scheme, the default elsewhere."""


def absent(task: Task, labels: np.ndarray, folds: int) -> list[str]:
    """Classes of a task that its train part lacks, after the others were found to have enough examples.

    Nested cross-validation needs two examples more than folds: an outer fold holds out up to two of so few, and each
    of its inner folds must have one.

    Args:
        task: what is to be scored.
        labels: class ids of the part that is trained on, (n,).
        folds: of the protocol; a task with a dev part has none.

    Raises:
        ValueError: a class with too few examples, or only one class; task, class, count and need are named.
    """
    needed = {"nested": folds + 2, "folds": folds, "dev": 1}[task.scheme]
    counts = np.bincount(labels, minlength=len(task.classes))
    held = {name: int(count) for name, count in zip(task.classes, counts, strict=True) if count}
    for name, count in held.items():
        if count < needed:
            raise ValueError(
                f"task {task.name!r}: class {name!r} has {count} examples to train on, but {folds} folds need {needed} "
                "(two more than folds where they are nested); add examples of it or leave the task out"
            )
    if len(held) < 2:
        raise ValueError(
            f"task {task.name!r}: all {len(labels)} examples to train on are of class {', '.join(held)!r}; "
            "add examples of another class or leave the task out"
        )
    missing = [name for name in task.classes if name not in held]
    if missing:
        log.warning("%s: no example to train on of class %s", task.name, ", ".join(missing))
    return missing


def stratified(labels: np.ndarray, folds: int, seed: int = SEED) -> list[tuple[np.ndarray, np.ndarray]]:
    """Train and held-out rows of each fold, as scikit-learn's ``StratifiedKFold`` shuffles them (1.9).

    The examples of all classes, one class after the other, are dealt out like cards, which says how many of a class
    each fold gets; which ones is drawn. It is written out here because that import takes longer than many a probe.

    Raises:
        ValueError: a class with fewer examples than folds, which some fold would have to do without.
    """
    classes, counts = np.unique(labels, return_counts=True)
    if counts.min() < folds:
        raise ValueError(f"class {classes[counts.argmin()]} has {counts.min()} examples, fewer than the {folds} folds")
    random = np.random.RandomState(seed)
    held = np.empty(len(labels), dtype=np.int64)  # the fold that holds out each row
    dealt = labels[np.sort(np.unique(labels, return_index=True)[1])]  # classes in the order of their first rows
    sizes = np.array([counts[classes == name][0] for name in dealt])
    order = np.repeat(np.arange(len(dealt)), sizes)
    for number, name in enumerate(dealt):
        shares = [np.count_nonzero(order[fold::folds] == number) for fold in range(folds)]
        given = np.repeat(np.arange(folds), shares)
        random.shuffle(given)
        held[labels == name] = given
    return [(np.flatnonzero(held != fold), np.flatnonzero(held == fold)) for fold in range(folds)]


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
