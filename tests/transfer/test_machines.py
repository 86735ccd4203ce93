"""Classifiers fitted in the pieces that suit a GPU, beside the same ones fitted in those that suit a CPU."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from infoviews.transfer import folds
from infoviews.transfer.protocols import senteval
from infoviews.transfer.protocols.converged import GRID
from infoviews.transfer.solvers import sgd
from infoviews.transfer.solvers.logistic import solve_path
from infoviews.transfer.solvers.machine import Machine

CPU = Machine(torch.device("cpu"))
LIKE_A_GPU = Machine(torch.device("cpu"), rows=2**16, batched=True, bytes=2**32)


def data(n: int, d: int, classes: int, apart: float = 0.6) -> tuple[np.ndarray, np.ndarray]:
    """Overlapping classes in correlated columns of unlike size, one of them constant, as embeddings are."""
    rng = np.random.default_rng(classes)
    labels = rng.integers(0, classes, n)
    centres = apart * rng.normal(size=(classes, d))
    mixed = (centres[labels] + rng.normal(size=(n, d))) @ rng.normal(size=(d, d)) * np.geomspace(0.01, 10, d)
    mixed[:, 3] = 7
    return mixed.astype(np.float32), labels


@pytest.mark.parametrize(("classes", "scheme"), [(2, "nested"), (2, "folds"), (6, "folds")])
def test_logistic_regressions_predict_alike_in_both_forms(classes: int, scheme: str) -> None:
    features, labels = data(400, 24, classes)
    train = folds.nested(labels, 3)[0] if scheme == "nested" else folds.single(labels[:300], 5, 400)[0]
    plain, batched = (solve_path(features, labels, train, list(GRID), 2e-7, m) for m in (CPU, LIKE_A_GPU))
    assert (batched.gradient <= 2e-7).all()
    assert (plain.predicted == batched.predicted).mean() >= 0.9998
    np.testing.assert_allclose(plain.objective, batched.objective, rtol=1e-6)


def test_problems_that_the_common_hessian_serves_badly_get_their_own_in_both_forms() -> None:
    rng = np.random.default_rng(4)
    labels = rng.integers(0, 6, 500)
    features = (rng.normal(size=(6, 40))[labels] * 0.5 + rng.normal(size=(500, 40))).astype(np.float32)
    train, _ = folds.single(labels, 6, 500)
    plain, batched = (solve_path(features, labels, train, [4.0, 64.0], 1e-8, m) for m in (CPU, LIKE_A_GPU))
    assert (batched.gradient <= 1e-8).all()
    assert (plain.predicted == batched.predicted).mean() >= 0.9998


@pytest.mark.parametrize("configuration", senteval.CONFIGURATIONS)
def test_stepped_classifiers_predict_alike_in_both_forms(configuration: str) -> None:
    features, labels = data(240, 16, 3)
    k, settings = senteval.CONFIGURATIONS[configuration]
    fits = [sgd.Fit(a, b, senteval.DECAYS) for a, b in folds.stratified(labels, k)]
    found = [sgd.train(features, labels, 3, fits, settings, 1111, m) for m in (CPU, LIKE_A_GPU)]
    rows = np.arange(len(labels))
    predicted = [np.array([sgd.predict(features, rows, one) for fit in models for one in fit]) for _, models in found]
    assert (predicted[0] == predicted[1]).mean() >= 0.9998
    np.testing.assert_allclose(found[0][0], found[1][0], atol=0.02)


@pytest.mark.parametrize("classes", [2, 5])
def test_logistic_regressions_on_a_device_mix_no_arrays(classes: int, pretended, monkeypatch) -> None:
    features, labels = data(200, 8, classes)
    train = np.random.default_rng(0).random((200, 3)) < 0.7
    here = solve_path(features, labels, train, [1e-3, 0.1, 10.0], 1e-7, LIKE_A_GPU)
    with pretended.PretendedCard(monkeypatch):
        there = solve_path(features, labels, train, [1e-3, 0.1, 10.0], 1e-7)
    np.testing.assert_allclose(there.objective, here.objective, rtol=1e-9)
    assert (there.predicted == here.predicted).all()
