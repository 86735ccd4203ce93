"""Protocol ``converged``: SentEval's tasks, folds and features, each classifier the optimum of its objective."""

from __future__ import annotations

import logging
from dataclasses import dataclass

import numpy as np

from infoviews.transfer import folds
from infoviews.transfer.embed import Task as Parts
from infoviews.transfer.score import Outcome, classified, majority
from infoviews.transfer.solvers.logistic import solve_path
from infoviews.transfer.tasks._task import Task

log = logging.getLogger(__name__)

MOST_FOLDS = 80
"""TREC's rarest class has 86 examples to train on, and every fold needs one."""

GRID = (0.00003, 0.0003, 0.003, 0.03, 0.3, 3.0, 30.0)
"""Values of C on standardised features, in decades, as the weight decays of SentEval's torch path are. Embeddings of
some hundred columns mostly choose 0.0003 to 0.03; averages of static word vectors and narrow embeddings choose up to
30, where little penalty is left. How many choices fall on an end of the grid is in every result (``at_edge``).
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
        if not 2 <= self.folds <= MOST_FOLDS:
            raise ValueError(f"folds must be from 2 to {MOST_FOLDS}, found {self.folds}")
        if not self.grid or self.grid[0] <= 0:
            raise ValueError(f"grid holds values of C, all above 0; found {list(self.grid)}")
        if not 0 < self.tolerance <= 1e-3:
            raise ValueError(f"tolerance must be in (0, 0.001], found {self.tolerance}")


def score(task: Task, parts: Parts, params: Params, seed: int) -> Outcome:
    """Score one classification task.

    Args:
        task: what to score.
        parts: its embedded parts, in file order.
        params: the protocol's settings.
        seed: of the bootstrap; folds are SentEval's for every seed.

    Returns:
        Its facts are ``regularisation`` (chosen C, one per outer fold where nested), ``at_edge`` (how many of them are
        the ``lowest`` and the ``highest`` value of the grid), ``majority`` (accuracy of the commonest class),
        ``absent`` (classes without an example to train on) and, where the task has it, ``f1``.

    Raises:
        ValueError: a task without classes, or a class with too few examples for the folds.
    """
    if task.scheme not in SCHEMES:
        raise ValueError(f"task {task.name!r} is scored by scheme {task.scheme!r}, not by a classifier")
    orders = {name: part.order() for name, part in parts.items()}
    ordered = {name: part.take(orders[name]) for name, part in parts.items()}
    train_labels = parts["all" if task.scheme == "nested" else "train"].labels
    missing = folds.absent(task, train_labels, params.folds)
    scheme = {"nested": _nested, "folds": _folds, "dev": _dev}[task.scheme]
    predicted, dev, chosen = scheme(ordered, list(params.grid), params)
    test = "all" if task.scheme == "nested" else "test"
    in_file_order = np.empty_like(predicted)
    in_file_order[orders[test]] = predicted
    return classified(
        task.name,
        parts[test].labels,
        in_file_order,
        dev=dev,
        seed=seed,
        f1=task.f1,
        regularisation=chosen,
        at_edge=at_edge(task.name, chosen, params.grid),
        majority=majority(train_labels, parts[test].labels),
        absent=missing,
    )


def at_edge(name: str, chosen: float | list[float], grid: tuple[float, ...]) -> dict[str, int]:
    """How many of a task's choices of C are the grid's ``lowest`` and ``highest`` value; a warning if any is."""
    values = np.atleast_1d(chosen)
    found = {"lowest": int((values == grid[0]).sum()), "highest": int((values == grid[-1]).sum())}
    if any(found.values()) and len(grid) > 1:
        log.warning(
            "%s: of %d choices of C, %d are the lowest of the grid (%g) and %d the highest (%g)",
            *(name, len(values), found["lowest"], grid[0], found["highest"], grid[-1]),
        )
    return found


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
