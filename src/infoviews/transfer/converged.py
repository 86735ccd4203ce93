"""Protocol ``converged``: SentEval's tasks, folds and features, each classifier the optimum of its objective."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from infoviews.transfer import folds
from infoviews.transfer.embed import Task as Parts
from infoviews.transfer.logistic import solve_path
from infoviews.transfer.score import Outcome, classified, majority
from infoviews.transfer.tasks._task import Task

GRID = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1)
"""Values of C on standardised features. SentEval's start at 0.25 on raw features, where a unit-length embedding of
some hundred dimensions has entries near 0.05; on standardised ones its strongest penalty is always chosen and too weak.
"""

SCHEMES = ("nested", "folds", "dev")


@dataclass(frozen=True)
class Params:
    """Settings of the protocol.

    Attributes:
        folds: outer, inner and single folds; SentEval's comparable setting is 10.
        grid: values of C.
        tolerance: bound on the largest gradient entry, see ``logistic.solve_path``; small enough for an objective
            within 1e-6 of the optimum, relatively, where the classes nearly separate and the objective is small too.
    """

    folds: int = 10
    grid: tuple[float, ...] = GRID
    tolerance: float = 2e-7

    def __post_init__(self) -> None:
        object.__setattr__(self, "grid", tuple(sorted(float(c) for c in self.grid)))
        if self.folds < 2:
            raise ValueError(f"folds must be 2 or more, found {self.folds}")
        if not self.grid or self.grid[0] <= 0:
            raise ValueError(f"grid holds values of C, all above 0; found {list(self.grid)}")
        if not 0 < self.tolerance <= 1e-3:
            raise ValueError(f"tolerance must lie in (0, 0.001], found {self.tolerance}")


def score(task: Task, parts: Parts, params: Params, seed: int) -> Outcome:
    """Score one classification task.

    Args:
        task: what to score.
        parts: its embedded parts, in file order.
        params: the protocol's settings.
        seed: of the bootstrap; folds are SentEval's whatever the seed.
    """
    if task.scheme not in SCHEMES:
        raise ValueError(f"task {task.name!r} is scored by scheme {task.scheme!r}, not by a classifier")
    orders = {name: part.order() for name, part in parts.items()}
    ordered = {name: part.take(orders[name]) for name, part in parts.items()}
    scheme = {"nested": _nested, "folds": _folds, "dev": _dev}[task.scheme]
    predicted, dev, chosen = scheme(ordered, list(params.grid), params)
    test = "all" if task.scheme == "nested" else "test"
    in_file_order = np.empty_like(predicted)
    in_file_order[orders[test]] = predicted
    train_labels = parts["all" if task.scheme == "nested" else "train"].labels
    return classified(
        task.name,
        parts[test].labels,
        in_file_order,
        dev=dev,
        seed=seed,
        f1=task.f1,
        regularisation=chosen,
        majority=majority(train_labels, parts[test].labels),
    )


Scored = tuple[np.ndarray, float, float | list[float]]
"""Predicted class of each test row, dev accuracy in percent, chosen C (one per outer fold where nested)."""


def accuracies(predicted: np.ndarray, labels: np.ndarray, held: np.ndarray) -> np.ndarray:
    """Accuracy in percent of each fit on its held-out rows: predicted (grid, n, P), held (n, P) → (grid, P)."""
    right = (predicted == labels[:, None]) & held
    return 100 * right.sum(1) / held.sum(0)


def _nested(parts: Parts, grid: list[float], params: Params) -> Scored:
    part, k = parts["all"], params.folds
    train, held = folds.nested(part.labels, k)
    path = solve_path(part.features(), part.labels, train, grid, params.tolerance)
    scores = accuracies(path.predicted, part.labels, held).reshape(len(grid), k, k + 1)
    inner = scores[:, :, :k].mean(2).round(2)  # (grid, outer folds); equal scores: the strongest penalty
    predicted = np.empty_like(part.labels)
    for fold, best in enumerate(inner.argmax(0)):
        refit = fold * (k + 1) + k
        predicted[held[:, refit]] = path.predicted[best, held[:, refit], refit]
    return predicted, float(inner.max(0).mean()), [grid[best] for best in inner.argmax(0)]


def _folds(parts: Parts, grid: list[float], params: Params) -> Scored:
    train, test = parts["train"], parts["test"]
    features = np.vstack([train.features(), test.features()])
    labels = np.concatenate([train.labels, test.labels])
    masks, held = folds.single(train.labels, params.folds, len(labels))
    path = solve_path(features, labels, masks, grid, params.tolerance)
    inner = accuracies(path.predicted, labels, held)[:, :-1].mean(1).round(2)
    best = int(inner.argmax())
    return path.predicted[best, len(train.labels) :, -1].astype(np.int64), float(inner[best]), grid[best]


def _dev(parts: Parts, grid: list[float], params: Params) -> Scored:
    train, dev, test = parts["train"], parts["dev"], parts["test"]
    features = np.vstack([train.features(), dev.features(), test.features()])
    labels = np.concatenate([train.labels, dev.labels, test.labels])
    rows = np.arange(len(labels))
    n, m = len(train.labels), len(train.labels) + len(dev.labels)
    path = solve_path(features, labels, (rows < n)[:, None], grid, params.tolerance)
    inner = accuracies(path.predicted, labels, ((rows >= n) & (rows < m))[:, None])[:, 0].round(2)
    best = int(inner.argmax())
    return path.predicted[best, m:, 0].astype(np.int64), float(inner[best]), grid[best]
