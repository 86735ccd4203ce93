"""A part of the critic's split as critics take it: prepared once, however many critics are fitted to it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from infoviews.information.critic import Fit
from infoviews.information.gaussian import GaussianCritic
from infoviews.information.preparation import prepare

Map = Callable[[np.ndarray], np.ndarray]
Sides = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Part:
    """Row-aligned pairs that fit a critic.

    Attributes:
        x, y: maps of the two sides, rows of features → what the critic takes.
        train, validation: prepared x and y of the rows that train, and of those that choose the step.
        drawn: what the order of the rows has left of the seed, for the weights and the batches.
        start: the Gaussian fitted to the rows that train, where there is one to start from.
    """

    x: Map
    y: Map
    train: Sides
    validation: Sides
    drawn: np.random.Generator
    start: GaussianCritic | None = None

    def rng(self) -> np.random.Generator:
        """The same numbers for every critic that is fitted to this part."""
        return copy.deepcopy(self.drawn)


class Kept:
    """A map that keeps what it made last: the same held-out rows are read by critic after critic."""

    def __init__(self, made: Map) -> None:
        self.map = made
        self.last: Sides | None = None

    def __call__(self, rows: np.ndarray) -> np.ndarray:
        """Prepared rows, not to be changed in place."""
        if self.last is None or not np.array_equal(rows, self.last[0]):
            self.last = rows.copy(), self.map(rows)
        return self.last[1]


def prepared(x: np.ndarray, y: np.ndarray, how: Fit, seed: int) -> Part:
    """Prepare row-aligned pairs of the critic's split.

    The last part of the pairs, in seeded random order, is kept back to choose the step; nothing of the split that
    will be measured is seen.

    Args:
        x: features (n, d), at least 20 rows. y: features (n, d).
        how: of this, the transform, whether a Gaussian is the start, and how many pairs are kept back.
        seed: of the order of pairs, the batches and the initial weights.

    Raises:
        ValueError: shapes differ or rows are too few.
    """
    if x.shape != y.shape or x.ndim != 2 or len(x) < 20:
        raise ValueError(f"pairs of shapes {x.shape} and {y.shape}; need two equal shapes (n, d) with 20 rows or more")
    rng = np.random.default_rng([seed, 0x66697463])
    train, held = kept_apart(len(x), how, rng)
    maps = [prepare(side[train], how.transform) for side in (x, y)]
    own = maps[0].own, maps[1].own
    start = GaussianCritic(*own) if how.gaussian else None
    return Part(Kept(maps[0]), Kept(maps[1]), own, (maps[0](x[held]), maps[1](y[held])), rng, start)


def kept_apart(n: int, how: Fit, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Rows that train and rows that choose the step, of n pairs in random order."""
    order = rng.permutation(n)
    kept = how.kept(n)
    return order[kept:], order[:kept]
