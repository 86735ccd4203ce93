"""Tasks with exact information: the 40 of the Beyond Normal benchmark rebuilt from their formulas, and more.

Every invertible map of one side leaves information as it was, so most tasks are a Gaussian or Student-t in disguise.
Source: Czyż, Grabowski, Vogt, Beerenwinkel, Marx (2023), Beyond normal: on the evaluation of mutual information
estimators; Gao, Kannan, Oh, Viswanath (2017) for the mixtures.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from infoviews.calibration import truth
from infoviews.calibration.draws import (
    Draw,
    Sides,
    additive,
    bimodal,
    channels,
    gao_mixture,
    half_cube,
    multinormal,
    pairs_covariance,
    spiral,
    student,
    swiss_roll,
    through,
    wiggly,
    zero_inflated_poisson,
)

ROLL = "swiss-roll"
"""The task whose changes show whether an estimator is consistent with itself: no correlation tells anything of it."""


@dataclass(frozen=True)
class Task:
    """Pairs of known information.

    Attributes:
        group: heading in the table.
        information: nats.
        draw: (n, rng) → x (n, dx) and y (n, dy), row by row.
    """

    group: str
    information: float
    draw: Draw


def tasks() -> dict[str, Task]:
    """All tasks by name, in the order of the table."""
    plain = _plain()
    return {**plain, **_dense_and_sparse(), **_students(), **_transformed(), **_beyond(), **_changed(plain[ROLL])}


def _plain() -> dict[str, Task]:
    """One dimension a side, and the swiss roll."""
    covariance = pairs_covariance([0.75])
    normal, information = multinormal(covariance), truth.gaussian(covariance, 1)

    def alike(on_x: Callable, on_y: Callable) -> Task:
        return Task("1 × 1", information, through(normal, on_x, on_y))

    found = {
        "normal-1": Task("1 × 1", information, normal),
        "normal-cdf-1": alike(ndtr, ndtr),
        "bimodal-1": alike(bimodal, bimodal),
        "wiggly-1": alike(wiggly, lambda y: y - 0.4 * np.sin(0.4 * y) + 0.17 * np.sin(1.3 * y + 3.5)),
        "half-cube-1": alike(half_cube, half_cube),
        "swiss-roll": alike(lambda x: swiss_roll(ndtr(x)), ndtr),
        "student-1-1-df1": Task("1 × 1", truth.student(1, 1, 1), student(1, 1, 1)),
        "asinh-student-1-1-df1": Task(
            "1 × 1", truth.student(1, 1, 1), through(student(1, 1, 1), np.arcsinh, np.arcsinh)
        ),
    }
    noisy = {f"additive-{e}": Task("1 × 1", truth.additive_uniform(e), additive(e)) for e in (0.1, 0.75)}
    return found | noisy


def _dense_and_sparse() -> dict[str, Task]:
    """Gaussians in which every coordinate correlates with every other, and those in which two pairs do."""
    found = {}
    for d in (2, 3, 5, 25, 50):
        covariance = 0.5 * np.eye(2 * d) + 0.5
        found[f"dense-{d}"] = Task("dense", truth.gaussian(covariance, d), multinormal(covariance))
    for d in (2, 3, 5, 25):
        covariance = pairs_covariance([0.8, 0.8] + [0.0] * (d - 2))
        found[f"2-pair-{d}"] = Task("2-pair", truth.gaussian(covariance, d), multinormal(covariance))
    return found


def _students() -> dict[str, Task]:
    found = {}
    for dx, dy, df in [(2, 2, 1), (2, 2, 2), (3, 3, 2), (3, 3, 3), (5, 5, 2), (5, 5, 3)]:
        task = Task("Student", truth.student(dx, dy, df), student(dx, dy, df))
        found[f"student-{dx}-{dy}-df{df}"] = task
    for dx, dy, df in [(2, 2, 1), (3, 3, 2), (5, 5, 2)]:
        draw = through(student(dx, dy, df), np.arcsinh, np.arcsinh)
        found[f"asinh-student-{dx}-{dy}-df{df}"] = Task("Student", truth.student(dx, dy, df), draw)
    return found


def _transformed() -> dict[str, Task]:
    """Two correlated pairs behind the normal distribution function, the half-cube, a spiral, and both."""
    found = {}
    for d in (3, 5, 25):
        covariance = pairs_covariance([0.8, 0.8] + [0.0] * (d - 2))
        draw, information = multinormal(covariance), truth.gaussian(covariance, d)
        maps: dict[str, tuple[Callable, Callable]] = {
            "cdf": (ndtr, ndtr),
            "half-cube": (half_cube, half_cube),
            "spiral": (lambda x: spiral(x, 0), lambda y: spiral(y, 1)),
            "spiral-cdf": (lambda x: spiral(ndtr(x), 0), lambda y: spiral(ndtr(y), 1)),
        }
        for name, (on_x, on_y) in maps.items():
            found[f"{name}-2-pair-{d}"] = Task("2-pair, mapped", information, through(draw, on_x, on_y))
    return found


def _beyond() -> dict[str, Task]:
    """Tasks that the benchmark lacks: more information, mixtures, symbols, and none at all."""
    found = {}
    for d, information in ((5, 2.0), (20, 4.0)):
        covariance = pairs_covariance([truth.gaussian_correlation(information, d)] * d)
        found[f"gaussian-{d}-{information:g}"] = Task("beyond", information, multinormal(covariance))
    five = found["gaussian-5-2"].draw
    found["cubed-5-2"] = Task("beyond", 2.0, through(five, lambda x: x**3, lambda y: y**3))
    found["additive-0.3"] = Task("beyond", truth.additive_uniform(0.3), additive(0.3))
    found["gao-mixture-5"] = Task("beyond", truth.gao_mixture(5), gao_mixture(5))
    found["zero-inflated-poisson"] = Task("beyond", truth.zero_inflated_poisson(0.15), zero_inflated_poisson(0.15))
    for symbols, first, second in ((2, 0.1, 0.1), (4, 0.1, 0.0), (20, 0.1, 0.1)):
        name = f"channel-{symbols}-{first:g}-{second:g}"
        found[name] = Task("beyond", truth.two_channels(symbols, first, second), channels(symbols, first, second))
    found["null-5"] = Task("null", 0.0, multinormal(np.eye(10)))
    heavy = student(1, 1, 1)  # x of one draw with y of another
    found["null-student-1"] = Task("null", 0.0, lambda n, rng: (heavy(n, rng)[0], heavy(n, rng)[1]))
    return found


def _changed(roll: Task) -> dict[str, Task]:
    """The self-consistency checks of Song and Ermon (2020), section 5: what must shrink, stay, and double.

    The swiss roll with y in four parts only, with functions of y beside y, and two independent rolls side by side.
    """

    def twice(n: int, rng: np.random.Generator) -> Sides:
        (x, y), (more_x, more_y) = roll.draw(n, rng), roll.draw(n, rng)
        return np.concatenate([x, more_x], axis=1), np.concatenate([y, more_y], axis=1)

    def beside(y: np.ndarray) -> np.ndarray:
        return np.concatenate([y, np.sin(5 * y), y**3], axis=1)

    quarters = through(roll.draw, lambda x: x, lambda y: np.floor(4 * y))
    return {
        f"{ROLL}-quarters": Task("consistency", truth.gaussian_quantised(0.75, 4), quarters),
        f"{ROLL}-beside": Task("consistency", roll.information, through(roll.draw, lambda x: x, beside)),
        f"{ROLL}-twice": Task("consistency", 2 * roll.information, twice),
    }
