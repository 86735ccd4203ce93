"""Symmetric channels: how factors get noisy, and the exact information and accuracy that are left (in nats)."""

from __future__ import annotations

import numpy as np
from scipy.special import xlogy


def transmit(
    values: np.ndarray, cardinality: np.ndarray | int, noise: np.ndarray | float, rng: np.random.Generator
) -> np.ndarray:
    """Each value as it comes out of an M-ary symmetric channel: with probability ``noise`` one of the M - 1 others.

    Args:
        values: integer array, any shape.
        cardinality, noise: M and the error, broadcast against ``values``.
    """
    wrong = rng.random(values.shape) < noise
    shift = rng.integers(1, np.broadcast_to(cardinality, values.shape))
    return np.where(wrong, (values + shift) % cardinality, values)


def composed(first: float, second: float, cardinality: int) -> float:
    """Error between two copies of one value sent through channels of errors ``first`` and ``second``."""
    return first + second - first * second * cardinality / (cardinality - 1)


def information(cardinality: int, noise: float) -> float:
    """I(input; output) of the M-ary symmetric channel with uniform input, in nats.

    ``log M - H(p) - p log(M - 1)`` (Cover and Thomas, Elements of Information Theory, 7.2).
    """
    entropy = -xlogy(1 - noise, 1 - noise) - xlogy(noise, noise) + noise * np.log(cardinality - 1)
    return float(np.log(cardinality) - entropy)


def shared_information(cardinality: int, first: float, second: float) -> float:
    """I(u; u') of two noisy copies of one uniform value, in nats."""
    return information(cardinality, composed(first, second, cardinality))


def noise_for(cardinalities: list[int], nats: float) -> float:
    """The error that, in both copies of every factor, makes their shared information add up to ``nats``.

    Raises:
        ValueError: no such error: ``nats`` is negative, above the sum of log M, or (where M differs between the
            factors) below what is left when the smallest M shares nothing.
    """
    highest = 1 - 1 / min(cardinalities)  # from here on the smallest M would share information again

    def shared(noise: float) -> float:
        return sum(shared_information(cardinality, noise, noise) for cardinality in cardinalities)

    least, most = shared(highest), shared(0.0)
    if not least - 1e-12 <= nats <= most + 1e-12:
        raise ValueError(f"these factors can share between {abs(least):.4f} and {most:.4f} nats, not {nats:.4f}")
    if nats >= most or nats <= least:
        return 0.0 if nats >= most else highest
    from scipy.optimize import brentq  # half a second to import, and the other jobs of the language solve nothing

    return float(brentq(lambda noise: shared(noise) - nats, 0.0, highest, xtol=1e-15, rtol=1e-14))


def match_accuracy(cardinality: int, noise: float) -> float:
    """Best accuracy at telling whether two noisy values come from one, when half of the pairs do."""
    error = composed(noise, noise, cardinality)
    return 0.5 * (1 - error) + 0.5 * (1 - error / (cardinality - 1))


def match_information(cardinality: int, noise: float) -> float:
    """Information about that label in the two noisy values, in nats."""
    error = composed(noise, noise, cardinality)
    same = np.array([1 - error, error / (cardinality - 1)])  # P(values agree | label), for the labels 1 and 0
    table = 0.5 * np.stack([same, 1 - same])
    outside = table.sum(0) * table.sum(1, keepdims=True)
    return float(np.sum(xlogy(table, np.where(table > 0, table / np.where(outside > 0, outside, 1), 1))))
