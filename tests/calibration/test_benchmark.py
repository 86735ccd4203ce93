"""Each of the benchmark's forty tasks: its map undone, the log ratio of what lies beneath averages to its information.

Nothing here uses the formulas of ``truth``: densities are scipy's, covariances are written out, and a map that could
not be undone would lose information, so undoing it is the proof that it does not.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
from scipy.special import ndtr, ndtri
from scipy.stats import multivariate_normal, multivariate_t
from scipy.stats import t as student_t

from infoviews.calibration.draws import Sides, wiggly
from infoviews.calibration.tasks import tasks

PAIRS = 60_000
Undo = Callable[[np.ndarray], np.ndarray]
Ratio = Callable[[np.ndarray, np.ndarray], np.ndarray]

GRID = np.linspace(-9, 9, 400_001)


def same(rows: np.ndarray) -> np.ndarray:
    return rows


def uncube(rows: np.ndarray) -> np.ndarray:
    return np.sign(rows) * np.abs(rows) ** (2 / 3)


def unbimodal(rows: np.ndarray) -> np.ndarray:
    return ndtri(0.5 * (ndtr(rows + 2) + ndtr(rows - 2)))


def unwiggle(rows: np.ndarray, rising: Undo) -> np.ndarray:
    heights = rising(GRID)
    assert (np.diff(heights) > 0).all()
    return np.interp(rows, heights, GRID)


def other_wiggly(y: np.ndarray) -> np.ndarray:
    return y - 0.4 * np.sin(0.4 * y) + 0.17 * np.sin(1.3 * y + 3.5)


def unroll(rows: np.ndarray) -> np.ndarray:
    """The angle of the curve is its radius, so the radius tells the place on it."""
    return ndtri((21 * np.linalg.norm(rows, axis=1, keepdims=True) / (1.5 * math.pi) - 1) / 2)


def unspiral(rows: np.ndarray, plane: int) -> np.ndarray:
    angle, back = (rows**2).mean(1), rows.copy()
    turn = np.stack([np.stack([np.cos(angle), np.sin(angle)], 1), np.stack([-np.sin(angle), np.cos(angle)], 1)], 1)
    back[:, plane : plane + 2] = np.einsum("nij,nj->ni", turn, rows[:, plane : plane + 2])
    return back


def unspiral_cdf(rows: np.ndarray, plane: int) -> np.ndarray:
    return ndtri(unspiral(rows, plane))


def gaussian(covariance: np.ndarray) -> Ratio:
    d = len(covariance) // 2

    def ratio(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        parts = multivariate_normal(cov=covariance[:d, :d]), multivariate_normal(cov=covariance[d:, d:])
        both = multivariate_normal(cov=covariance).logpdf(np.concatenate([x, y], axis=1))
        return both - parts[0].logpdf(x) - parts[1].logpdf(y)

    return ratio


def dense(d: int) -> Ratio:
    return gaussian(np.where(np.eye(2 * d) == 1, 1.0, 0.5))


def pairs(*correlations: float) -> Ratio:
    covariance = np.eye(2 * len(correlations))
    for i, rho in enumerate(correlations):
        covariance[i, i + len(correlations)] = covariance[i + len(correlations), i] = rho
    return gaussian(covariance)


def two_pairs(d: int) -> Ratio:
    return pairs(*([0.8, 0.8] + [0.0] * (d - 2)))


def student(df: float) -> Ratio:
    def side(rows: np.ndarray) -> np.ndarray:
        width = rows.shape[1]
        return (
            student_t(df).logpdf(rows[:, 0]) if width == 1 else multivariate_t(shape=np.eye(width), df=df).logpdf(rows)
        )

    return lambda x, y: side(np.concatenate([x, y], axis=1)) - side(x) - side(y)


def additive(noise: float) -> Ratio:
    def ratio(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        assert (np.abs(y - x) <= noise).all()
        covered = np.minimum(1, y + noise) - np.maximum(0, y - noise)  # of the x that could have given y
        return -np.log(covered[:, 0])  # p(y | x) = 1 / 2e and p(y) = covered / 2e

    return ratio


def beneath() -> dict[str, tuple[Undo, Undo, Ratio]]:
    """Task → how x and y are undone, and the log ratio of what is then left."""
    normal = pairs(0.75)
    found: dict[str, tuple[Undo, Undo, Ratio]] = {
        "normal-1": (same, same, normal),
        "normal-cdf-1": (ndtri, ndtri, normal),
        "bimodal-1": (unbimodal, unbimodal, normal),
        "wiggly-1": (partial(unwiggle, rising=wiggly), partial(unwiggle, rising=other_wiggly), normal),
        "half-cube-1": (uncube, uncube, normal),
        "swiss-roll": (unroll, ndtri, normal),
        "student-1-1-df1": (same, same, student(1)),
        "asinh-student-1-1-df1": (np.sinh, np.sinh, student(1)),
        "additive-0.1": (same, same, additive(0.1)),
        "additive-0.75": (same, same, additive(0.75)),
    }
    found |= {f"dense-{d}": (same, same, dense(d)) for d in (2, 3, 5, 25, 50)}
    found |= {f"2-pair-{d}": (same, same, two_pairs(d)) for d in (2, 3, 5, 25)}
    for d in (3, 5, 25):
        found[f"cdf-2-pair-{d}"] = ndtri, ndtri, two_pairs(d)
        found[f"half-cube-2-pair-{d}"] = uncube, uncube, two_pairs(d)
        found[f"spiral-2-pair-{d}"] = partial(unspiral, plane=0), partial(unspiral, plane=1), two_pairs(d)
        found[f"spiral-cdf-2-pair-{d}"] = partial(unspiral_cdf, plane=0), partial(unspiral_cdf, plane=1), two_pairs(d)
    for d, df in ((2, 1), (2, 2), (3, 2), (3, 3), (5, 2), (5, 3)):
        found[f"student-{d}-{d}-df{df}"] = same, same, student(df)
    for d, df in ((2, 1), (3, 2), (5, 2)):
        found[f"asinh-student-{d}-{d}-df{df}"] = np.sinh, np.sinh, student(df)
    return found


def test_every_task_of_the_benchmark_is_held_against_its_densities() -> None:
    groups = {name: task.group for name, task in tasks().items()}
    assert set(beneath()) == {n for n, group in groups.items() if group not in ("beyond", "null", "consistency")}
    assert len(beneath()) == 40


@pytest.mark.parametrize("name", list(beneath()))
def test_information_by_averaging_the_log_ratio_beneath(name: str) -> None:
    undo_x, undo_y, ratio = beneath()[name]
    x, y = drawn(name)
    local = ratio(undo_x(x), undo_y(y))
    error = local.std() / math.sqrt(len(local))
    assert error < 0.02
    assert local.mean() == pytest.approx(tasks()[name].information, abs=4 * error)


def drawn(name: str) -> Sides:
    return tasks()[name].draw(PAIRS, np.random.default_rng(0))
