"""Pairs drawn from distributions whose information is known, and maps of one side that leave it as it was."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from scipy.special import ndtr

Sides = tuple[np.ndarray, np.ndarray]
Draw = Callable[[int, np.random.Generator], Sides]


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


def multinormal(covariance: np.ndarray) -> Draw:
    factor, d = np.linalg.cholesky(covariance), len(covariance) // 2

    def draw(n: int, rng: np.random.Generator) -> Sides:
        rows = rng.standard_normal((n, 2 * d)) @ factor.T
        return rows[:, :d], rows[:, d:]

    return draw


def pairs_covariance(correlations: list[float]) -> np.ndarray:
    """Coordinates x_i and y_i correlated, all else independent."""
    d = len(correlations)
    covariance = np.eye(2 * d)
    covariance[range(d), range(d, 2 * d)] = covariance[range(d, 2 * d), range(d)] = correlations
    return covariance


def through(draw: Draw, on_x: Callable[[np.ndarray], np.ndarray], on_y: Callable[[np.ndarray], np.ndarray]) -> Draw:
    def mapped(n: int, rng: np.random.Generator) -> Sides:
        x, y = draw(n, rng)
        return on_x(x), on_y(y)

    return mapped


def student(dx: int, dy: int, df: float) -> Draw:
    def draw(n: int, rng: np.random.Generator) -> Sides:
        rows = rng.standard_normal((n, dx + dy)) * np.sqrt(df / rng.chisquare(df, size=(n, 1)))
        return rows[:, :dx], rows[:, dx:]

    return draw


def additive(noise: float) -> Draw:
    def draw(n: int, rng: np.random.Generator) -> Sides:
        x = rng.uniform(size=(n, 1))
        return x, x + rng.uniform(-noise, noise, size=(n, 1))

    return draw


def gao_mixture(levels: int) -> Draw:
    def draw(n: int, rng: np.random.Generator) -> Sides:
        x = rng.integers(levels, size=(n, 1)).astype(float)
        return x, x + rng.uniform(0, 2, size=(n, 1))

    return draw


def zero_inflated_poisson(zero: float) -> Draw:
    def draw(n: int, rng: np.random.Generator) -> Sides:
        x = rng.exponential(size=(n, 1))
        return x, rng.poisson(x) * (rng.uniform(size=(n, 1)) >= zero).astype(float)

    return draw


def channels(symbols: int, first: float, second: float) -> Draw:
    """One latent symbol through two symmetric channels, each output as an indicator vector."""

    def receive(sent: np.ndarray, error: float, rng: np.random.Generator) -> np.ndarray:
        wrong = rng.uniform(size=len(sent)) < error
        received = (sent + wrong * rng.integers(1, symbols, size=len(sent))) % symbols
        return np.eye(symbols)[received]

    def draw(n: int, rng: np.random.Generator) -> Sides:
        latent = rng.integers(symbols, size=n)
        return receive(latent, first, rng), receive(latent, second, rng)

    return draw
