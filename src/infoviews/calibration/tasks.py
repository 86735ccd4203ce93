"""Tasks with exact information: the 40 of the Beyond Normal benchmark rebuilt from their formulas, and more.

Every invertible map of one side leaves information as it was, so most tasks are a Gaussian or Student-t in disguise.
Source: Czyż, Grabowski, Vogt, Beerenwinkel, Marx (2023), Beyond normal: on the evaluation of mutual information
estimators; Gao, Kannan, Oh, Viswanath (2017) for the mixtures.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from infoviews.calibration import truth

ROLL = "swiss-roll"
"""The task whose changes show whether an estimator is consistent with itself: no correlation tells anything of it."""

Sides = tuple[np.ndarray, np.ndarray]
Draw = Callable[[int, np.random.Generator], Sides]


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


def half_cube(x: np.ndarray) -> np.ndarray:
    """x sqrt|x|: lengthens the tails."""
    return x * np.sqrt(np.abs(x))


def spiral(x: np.ndarray, plane: int) -> np.ndarray:
    """Turn coordinates (plane, plane + 1) by the angle |x|^2 / d: expm(A |x|^2 / d) x."""
    angle = (x * x).sum(1) / x.shape[1]
    turned = x.copy()
    first, second = x[:, plane], x[:, plane + 1]
    turned[:, plane] = np.cos(angle) * first - np.sin(angle) * second
    turned[:, plane + 1] = np.sin(angle) * first + np.cos(angle) * second
    return turned


def swiss_roll(u: np.ndarray) -> np.ndarray:
    """Roll a uniform variable (n, 1) up in the plane, (n, 2)."""
    t = 1.5 * math.pi * (1 + 2 * u[:, 0])
    return np.stack([t * np.cos(t), t * np.sin(t)], axis=1) / 21


def bimodal(x: np.ndarray) -> np.ndarray:
    """Map a normal variable to an even mixture of normals at -2 and 2, by its inverse distribution function."""
    grid = np.linspace(-9, 9, 20001)
    return np.interp(ndtr(x), 0.5 * (ndtr(grid + 2) + ndtr(grid - 2)), grid)


def wiggly(x: np.ndarray) -> np.ndarray:
    """Rising, with a slope that goes up and down."""
    return x + 0.4 * np.sin(x) + 0.2 * np.sin(1.7 * x + 1) + 0.03 * np.sin(3.3 * x - 2.5)


def _multinormal(covariance: np.ndarray) -> Draw:
    factor, d = np.linalg.cholesky(covariance), len(covariance) // 2

    def draw(n: int, rng: np.random.Generator) -> Sides:
        rows = rng.standard_normal((n, 2 * d)) @ factor.T
        return rows[:, :d], rows[:, d:]

    return draw


def _pairs_covariance(correlations: list[float]) -> np.ndarray:
    """Coordinates x_i and y_i correlated, all else independent."""
    d = len(correlations)
    covariance = np.eye(2 * d)
    covariance[range(d), range(d, 2 * d)] = covariance[range(d, 2 * d), range(d)] = correlations
    return covariance


def _through(draw: Draw, on_x: Callable[[np.ndarray], np.ndarray], on_y: Callable[[np.ndarray], np.ndarray]) -> Draw:
    def mapped(n: int, rng: np.random.Generator) -> Sides:
        x, y = draw(n, rng)
        return on_x(x), on_y(y)

    return mapped


def _student(dx: int, dy: int, df: float) -> Draw:
    def draw(n: int, rng: np.random.Generator) -> Sides:
        rows = rng.standard_normal((n, dx + dy)) * np.sqrt(df / rng.chisquare(df, size=(n, 1)))
        return rows[:, :dx], rows[:, dx:]

    return draw


def _additive(noise: float) -> Draw:
    def draw(n: int, rng: np.random.Generator) -> Sides:
        x = rng.uniform(size=(n, 1))
        return x, x + rng.uniform(-noise, noise, size=(n, 1))

    return draw


def _plain() -> dict[str, Task]:
    """One dimension a side, and the swiss roll."""
    covariance = _pairs_covariance([0.75])
    normal, information = _multinormal(covariance), truth.gaussian(covariance, 1)

    def alike(on_x: Callable, on_y: Callable) -> Task:
        return Task("1 × 1", information, _through(normal, on_x, on_y))

    found = {
        "normal-1": Task("1 × 1", information, normal),
        "normal-cdf-1": alike(ndtr, ndtr),
        "bimodal-1": alike(bimodal, bimodal),
        "wiggly-1": alike(wiggly, lambda y: y - 0.4 * np.sin(0.4 * y) + 0.17 * np.sin(1.3 * y + 3.5)),
        "half-cube-1": alike(half_cube, half_cube),
        "swiss-roll": alike(lambda x: swiss_roll(ndtr(x)), ndtr),
        "student-1-1-df1": Task("1 × 1", truth.student(1, 1, 1), _student(1, 1, 1)),
        "asinh-student-1-1-df1": Task(
            "1 × 1", truth.student(1, 1, 1), _through(_student(1, 1, 1), np.arcsinh, np.arcsinh)
        ),
    }
    additive = {f"additive-{e}": Task("1 × 1", truth.additive_uniform(e), _additive(e)) for e in (0.1, 0.75)}
    return found | additive


def _dense_and_sparse() -> dict[str, Task]:
    """Gaussians in which every coordinate correlates with every other, and those in which two pairs do."""
    found = {}
    for d in (2, 3, 5, 25, 50):
        covariance = 0.5 * np.eye(2 * d) + 0.5
        found[f"dense-{d}"] = Task("dense", truth.gaussian(covariance, d), _multinormal(covariance))
    for d in (2, 3, 5, 25):
        covariance = _pairs_covariance([0.8, 0.8] + [0.0] * (d - 2))
        found[f"2-pair-{d}"] = Task("2-pair", truth.gaussian(covariance, d), _multinormal(covariance))
    return found


def _students() -> dict[str, Task]:
    found = {}
    for dx, dy, df in [(2, 2, 1), (2, 2, 2), (3, 3, 2), (3, 3, 3), (5, 5, 2), (5, 5, 3)]:
        task = Task("Student", truth.student(dx, dy, df), _student(dx, dy, df))
        found[f"student-{dx}-{dy}-df{df}"] = task
    for dx, dy, df in [(2, 2, 1), (3, 3, 2), (5, 5, 2)]:
        draw = _through(_student(dx, dy, df), np.arcsinh, np.arcsinh)
        found[f"asinh-student-{dx}-{dy}-df{df}"] = Task("Student", truth.student(dx, dy, df), draw)
    return found


def _transformed() -> dict[str, Task]:
    """Two correlated pairs behind the normal distribution function, the half-cube, a spiral, and both."""
    found = {}
    for d in (3, 5, 25):
        covariance = _pairs_covariance([0.8, 0.8] + [0.0] * (d - 2))
        draw, information = _multinormal(covariance), truth.gaussian(covariance, d)
        maps: dict[str, tuple[Callable, Callable]] = {
            "cdf": (ndtr, ndtr),
            "half-cube": (half_cube, half_cube),
            "spiral": (lambda x: spiral(x, 0), lambda y: spiral(y, 1)),
            "spiral-cdf": (lambda x: spiral(ndtr(x), 0), lambda y: spiral(ndtr(y), 1)),
        }
        for name, (on_x, on_y) in maps.items():
            found[f"{name}-2-pair-{d}"] = Task("2-pair, mapped", information, _through(draw, on_x, on_y))
    return found


def _beyond() -> dict[str, Task]:
    """Tasks that the benchmark lacks: more information, mixtures, symbols, and none at all."""
    found = {}
    for d, information in ((5, 2.0), (20, 4.0)):
        covariance = _pairs_covariance([truth.gaussian_correlation(information, d)] * d)
        found[f"gaussian-{d}-{information:g}"] = Task("beyond", information, _multinormal(covariance))
    five = found["gaussian-5-2"].draw
    found["cubed-5-2"] = Task("beyond", 2.0, _through(five, lambda x: x**3, lambda y: y**3))
    found["additive-0.3"] = Task("beyond", truth.additive_uniform(0.3), _additive(0.3))
    found["gao-mixture-5"] = Task("beyond", truth.gao_mixture(5), _gao_mixture(5))
    found["zero-inflated-poisson"] = Task("beyond", truth.zero_inflated_poisson(0.15), _zero_inflated_poisson(0.15))
    for symbols, first, second in ((2, 0.1, 0.1), (4, 0.1, 0.0), (20, 0.1, 0.1)):
        name = f"channel-{symbols}-{first:g}-{second:g}"
        found[name] = Task("beyond", truth.two_channels(symbols, first, second), _channels(symbols, first, second))
    found["null-5"] = Task("null", 0.0, _multinormal(np.eye(10)))
    heavy = _student(1, 1, 1)  # x of one draw with y of another
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

    quarters = _through(roll.draw, lambda x: x, lambda y: np.floor(4 * y))
    return {
        f"{ROLL}-quarters": Task("consistency", truth.gaussian_quantised(0.75, 4), quarters),
        f"{ROLL}-beside": Task("consistency", roll.information, _through(roll.draw, lambda x: x, beside)),
        f"{ROLL}-twice": Task("consistency", 2 * roll.information, twice),
    }


def _gao_mixture(levels: int) -> Draw:
    def draw(n: int, rng: np.random.Generator) -> Sides:
        x = rng.integers(levels, size=(n, 1)).astype(float)
        return x, x + rng.uniform(0, 2, size=(n, 1))

    return draw


def _zero_inflated_poisson(zero: float) -> Draw:
    def draw(n: int, rng: np.random.Generator) -> Sides:
        x = rng.exponential(size=(n, 1))
        return x, rng.poisson(x) * (rng.uniform(size=(n, 1)) >= zero).astype(float)

    return draw


def _channels(symbols: int, first: float, second: float) -> Draw:
    """One latent symbol through two symmetric channels, each output as an indicator vector."""

    def receive(sent: np.ndarray, error: float, rng: np.random.Generator) -> np.ndarray:
        wrong = rng.uniform(size=len(sent)) < error
        received = (sent + wrong * rng.integers(1, symbols, size=len(sent))) % symbols
        return np.eye(symbols)[received]

    def draw(n: int, rng: np.random.Generator) -> Sides:
        latent = rng.integers(symbols, size=n)
        return receive(latent, first, rng), receive(latent, second, rng)

    return draw
