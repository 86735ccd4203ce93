"""The batched solver against scikit-learn, fit by fit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedKFold
from sklearn.preprocessing import StandardScaler

from infoviews.transfer import folds, score
from infoviews.transfer.solvers.logistic import solve_path

GRID = [0.01, 1.0, 32.0]


def data(n: int, d: int, classes: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, classes, n)
    centres = rng.normal(size=(classes, d))
    features = (centres[labels] + 1.5 * rng.normal(size=(n, d))) * rng.uniform(0.01, 10, d) + rng.normal(size=d)
    return features.astype(np.float32), labels


def objective(model: LogisticRegression, x: np.ndarray, y: np.ndarray, c: float) -> float:
    log_p = model.predict_log_proba(x)[np.arange(len(y)), y]
    return float(-log_p.mean() + (model.coef_**2).sum() / (2 * c * len(y)))


@pytest.mark.parametrize(("n", "d", "classes"), [(300, 12, 2), (200, 30, 4), (60, 80, 2), (90, 40, 3)])
def test_optimum_equals_scikit_learn(n: int, d: int, classes: int) -> None:
    features, labels = data(n, d, classes)
    train, _ = folds.nested(labels, 3)
    path = solve_path(features, labels, train, GRID, 1e-7)
    assert (path.gradient <= 1e-7).all()
    for g, c in enumerate(GRID):
        for p in range(train.shape[1]):
            rows = train[:, p]
            x = StandardScaler().fit(features[rows].astype(float)).transform(features.astype(float))
            model = LogisticRegression(C=c, tol=1e-10, max_iter=20000).fit(x[rows], labels[rows])
            assert path.objective[g, p] == pytest.approx(objective(model, x[rows], labels[rows], c), rel=1e-6)
            assert (model.predict(x) == path.predicted[g, :, p]).mean() >= 0.999


def test_constant_column_changes_nothing() -> None:
    features, labels = data(120, 5, 2)
    train, _ = folds.single(labels, 4, 120)
    wider = np.hstack([features, np.full((120, 1), 3.7, dtype=np.float32)])
    plain, padded = (solve_path(x, labels, train, GRID) for x in (features, wider))
    np.testing.assert_array_equal(plain.predicted, padded.predicted)
    np.testing.assert_allclose(plain.objective, padded.objective, rtol=1e-7)


def test_scale_of_features_changes_nothing() -> None:
    features, labels = data(150, 6, 3)
    train, _ = folds.single(labels, 3, 150)
    plain = solve_path(features, labels, train, GRID, 1e-8)
    scaled = solve_path(features.astype(float) * np.geomspace(1e-6, 1e6, 6) - 5, labels, train, GRID, 1e-8)
    np.testing.assert_allclose(plain.objective, scaled.objective, rtol=1e-6)


def test_separable_classes_and_hardly_any_penalty() -> None:
    """Subsets whose optimum is decided by few rows: the Hessian of all rows is of little use to them."""
    rng = np.random.default_rng(4)
    labels = rng.integers(0, 6, 700)
    features = (rng.normal(size=(6, 60))[labels] * 0.5 + rng.normal(size=(700, 60))).astype(np.float32)
    train, _ = folds.single(labels, 10, 700)
    path = solve_path(features, labels, train, [4.0, 16.0, 64.0], 1e-8)
    assert (path.gradient <= 1e-8).all() and path.rounds < 500
    rows = train[:, 3]
    x = StandardScaler().fit(features[rows].astype(float)).transform(features.astype(float))
    model = LogisticRegression(C=64.0, tol=1e-10, max_iter=20000).fit(x[rows], labels[rows])
    assert path.objective[2, 3] == pytest.approx(objective(model, x[rows], labels[rows], 64.0), rel=1e-6)
    assert (model.predict(x) == path.predicted[2, :, 3]).mean() >= 0.999


def test_nothing_to_learn_from_gives_the_majority() -> None:
    """All columns constant: the optimum is the intercept, log of the class frequencies."""
    labels = np.array([0] * 30 + [1] * 50 + [2] * 20)
    train, _ = folds.single(labels, 5, 100)
    path = solve_path(np.full((100, 4), 2.5, dtype=np.float32), labels, train, GRID)
    assert (path.predicted == 1).all()
    share = np.array([0.3, 0.5, 0.2])
    np.testing.assert_allclose(path.objective, -(share * np.log(share)).sum(), rtol=1e-6)


def test_class_that_no_subset_trains_on_is_never_predicted() -> None:
    features, labels = data(120, 6, 3)
    train = (labels != 1)[:, None]
    path = solve_path(features, labels, train, GRID)
    assert (path.gradient <= 1e-6).all() and not (path.predicted == 1).any()


def test_one_class_is_an_error() -> None:
    with pytest.raises(ValueError, match="fewer than two classes"):
        solve_path(np.eye(4), np.array([0, 0, 1, 1]), np.array([[True], [True], [False], [False]]), [1.0])


def test_same_inputs_same_bytes() -> None:
    features, labels = data(100, 7, 3)
    train, _ = folds.nested(labels, 3)
    first, second = (solve_path(features, labels, train, GRID) for _ in range(2))
    assert first.objective.tobytes() == second.objective.tobytes()


@given(st.lists(st.integers(0, 4), min_size=1, max_size=120), st.integers(2, 6))
def test_folds_are_those_of_scikit_learn(rest: list[int], count: int) -> None:
    labels = np.array(sorted(set(rest), reverse=True) * count + rest)
    splitter = StratifiedKFold(count, shuffle=True, random_state=folds.SEED)
    expected = splitter.split(np.zeros(len(labels)), labels)
    for (train, held), (its_train, its_held) in zip(folds.stratified(labels, count), expected, strict=True):
        np.testing.assert_array_equal(train, its_train)
        np.testing.assert_array_equal(held, its_held)


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1)), min_size=1))
def test_f1_is_that_of_scikit_learn(rows: list[tuple[int, int]]) -> None:
    labels, predicted = np.array(rows).T
    assert score.f1_score(labels, predicted) == f1_score(labels, predicted, zero_division=0.0)
