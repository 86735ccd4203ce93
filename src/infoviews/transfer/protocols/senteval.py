"""Protocol ``senteval``: the torch path of SentEval's tools/validation.py in its two published configurations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from infoviews.transfer import folds
from infoviews.transfer.embed import Embedded
from infoviews.transfer.embed import Task as Parts
from infoviews.transfer.score import Outcome, classified, majority
from infoviews.transfer.solvers import sgd
from infoviews.transfer.solvers.sgd import Fit, Settings, five_percent, predict
from infoviews.transfer.tasks._task import Task

DECAYS = (1e-5, 1e-4, 1e-3, 1e-2)

CONFIGURATIONS = {
    "default": (10, Settings("adam", batch=64, tenacity=5, epoch_size=4)),
    "prototyping": (5, Settings("rmsprop", batch=128, tenacity=3, epoch_size=2)),
}
"""Folds and classifier; the README calls the first comparable to the literature and the second five times faster."""


@dataclass(frozen=True)
class Params:
    """``configuration``, ``default`` or ``prototyping``, and the ``seed`` that SentEval gives every classifier."""

    configuration: str = "default"
    seed: int = folds.SEED

    def __post_init__(self) -> None:
        if not 0 <= self.seed < 2**32:
            raise ValueError(f"seed must be from 0 to 2^32 - 1, found {self.seed}")
        if self.configuration not in CONFIGURATIONS:
            raise ValueError(f"configuration must be one of {', '.join(CONFIGURATIONS)}; found {self.configuration!r}")


@dataclass(frozen=True)
class _Scored:
    predicted: np.ndarray
    dev: float
    test: float
    chosen: float | list[float]


def score(task: Task, parts: Parts, params: Params, seed: int) -> Outcome:
    """Score one classification task as SentEval does, its rounding included.

    The score is SentEval's (for nested cross-validation the mean of the folds' rounded accuracies); ``seed`` is that
    of the bootstrap alone. Facts are those of ``converged.score`` without ``at_edge``.

    Raises:
        ValueError: a task without classes, or a class with too few examples for the folds.
    """
    schemes = {"nested": _nested, "folds": _folds, "dev": _dev}
    if task.scheme not in schemes:
        raise ValueError(f"task {task.name!r} is scored by scheme {task.scheme!r}, not by a classifier")
    orders = {name: part.order() for name, part in parts.items()}
    ordered = {name: part.take(orders[name]) for name, part in parts.items()}
    test, train = ("all", "all") if task.scheme == "nested" else ("test", "train")
    missing = folds.absent(task, parts[train].labels, CONFIGURATIONS[params.configuration][0])
    found = schemes[task.scheme](ordered, params, len(task.classes))
    predicted = np.empty_like(found.predicted)
    predicted[orders[test]] = found.predicted
    return classified(
        task.name,
        parts[test].labels,
        predicted,
        dev=found.dev,
        seed=seed,
        f1=task.f1,
        test=found.test,
        digits=2,
        regularisation=found.chosen,
        majority=majority(parts[train].labels, parts[test].labels),
        absent=missing,
    )


def _percent(accuracy: float) -> float:
    return round(100 * float(accuracy), 2)


def _means(scores: list[np.ndarray]) -> list[float]:
    """Mean dev accuracy of each decay over the folds, in percent.

    Each mean is summed and rounded by numpy as the original does: half a hundredth may go another way than by Python's
    ``round``, and equal scores decide which decay is chosen.
    """
    return [float(np.round(100 * np.mean([fold[decay] for fold in scores]), 2)) for decay in range(len(DECAYS))]


def _nested(parts: Parts, params: Params, classes: int) -> _Scored:
    k, settings = CONFIGURATIONS[params.configuration]
    x, y = parts["all"].features(), parts["all"].labels
    outer = folds.stratified(y, k)
    inner = [
        Fit(rows[a], rows[b], DECAYS) for rows, _ in outer for a, b in folds.stratified(y[rows], k)
    ]  # outer folds major
    scores, _ = sgd.train(x, y, classes, inner, settings, params.seed)
    rounded = np.array([_means(scores[fold * k : (fold + 1) * k]) for fold in range(k)])
    best = rounded.argmax(1)
    refits = [five_percent(rows, (DECAYS[choice],), params.seed) for (rows, _), choice in zip(outer, best, strict=True)]
    _, models = sgd.train(x, y, classes, refits, settings, params.seed)
    predicted, tests = np.empty_like(y), []
    for (_, held), model in zip(outer, models, strict=True):
        predicted[held] = predict(x, held, model[0])
        tests.append(_percent((predicted[held] == y[held]).mean()))
    return _Scored(
        predicted,
        float(np.round(np.mean(rounded.max(1)), 2)),
        float(np.round(np.mean(tests), 2)),
        [DECAYS[choice] for choice in best],
    )


def _folds(parts: Parts, params: Params, classes: int) -> _Scored:
    k, settings = CONFIGURATIONS[params.configuration]
    x, y, test = parts["train"].features(), parts["train"].labels, parts["test"]
    fits = [Fit(a, b, DECAYS) for a, b in folds.stratified(y, k, params.seed)]
    scores, _ = sgd.train(x, y, classes, fits, settings, params.seed)
    rounded = _means(scores)
    best = int(np.argmax(rounded))
    refit = five_percent(np.arange(len(y)), (DECAYS[best],), params.seed)
    _, models = sgd.train(x, y, classes, [refit], settings, params.seed)
    return _tested(test, models[0][0], rounded[best], DECAYS[best])


def _dev(parts: Parts, params: Params, classes: int) -> _Scored:
    _, settings = CONFIGURATIONS[params.configuration]
    train, dev, test = parts["train"], parts["dev"], parts["test"]
    x, y = np.vstack([train.features(), dev.features()]), np.concatenate([train.labels, dev.labels])
    rows = np.arange(len(y))
    fit = Fit(rows[: len(train.labels)], rows[len(train.labels) :], DECAYS)
    scores, models = sgd.train(x, y, classes, [fit], settings, params.seed)
    rounded = [_percent(accuracy) for accuracy in scores[0]]
    best = int(np.argmax(rounded))  # the refit would repeat this fit: same seed, same rows
    return _tested(test, models[0][best], rounded[best], DECAYS[best])


def _tested(test: Embedded, model: torch.Tensor, dev: float, chosen: float) -> _Scored:
    predicted = predict(test.features(), np.arange(len(test.labels)), model)
    return _Scored(predicted, dev, _percent((predicted == test.labels).mean()), chosen)
