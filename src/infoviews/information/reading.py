"""One way to read the views: frozen features or the tokens themselves, of both splits, with the critic that fits it."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from infoviews import registry
from infoviews.information.closed import Scored, scored
from infoviews.information.critic import Fit
from infoviews.information.fit import Fitted, fit_part
from infoviews.information.part import Part, Sides, prepared
from infoviews.information.tokens import fit_tokens

EQUAL, REPEATED = 0.99, 0.5
"""Share of pairs from which two readings count as one, and of candidates from which their texts count as few."""

SIZES = ("hidden", "output")
"""Parameters of critics that say how large they are."""


@dataclass(frozen=True)
class Reading:
    """What critics see of the views.

    Attributes:
        name: of the features, or ``tokens``.
        critic, heldout: x and y of the two splits, row by row: features (n, d), or padded token ids (n, T).
        dimension: of a critic on tokens; ``None`` where rows are features.
        documents: the document of each held-out pair (n,), or ``None`` where each is one of its own.
        whole: the critic's split as it was prepared for critics, by how it was.
    """

    name: str
    critic: Sides
    heldout: Sides
    dimension: int | None = None
    documents: np.ndarray | None = None
    whole: dict[Any, Part] = field(default_factory=dict, init=False, repr=False, compare=False)

    def fit(self, how: Fit, seed: int, rows: slice = slice(None), wider: bool = False) -> Fitted:
        """A critic of this reading, on some rows of the critic's split; ``wider``: of twice the size.

        Features that are close to a Gaussian are read best from there, but texts of a few classes are clouds, between
        which that start is a trap. The pairs that choose the step decide, where they differ by more than chance.
        """
        if self.dimension is not None:
            x, y = (side[rows] for side in self.critic)
            return fit_tokens(x, y, how, self.dimension * (2 if wider else 1), seed)
        how = widened(how) if wider else how
        first = fit_part(self.part(how, seed, rows), how)
        if not how.gaussian:
            return first
        second = fit_part(self.part(how.alone(), seed, rows), how.alone())
        chance = 1 / math.sqrt(how.kept(len(self.critic[0][rows])))  # the terms of a loss scatter by a nat or so
        one, other = (fitted.facts.get("validation", math.inf) for fitted in (first, second))
        return second if other < one - chance else first

    def part(self, how: Fit, seed: int, rows: slice) -> Part:
        """Some rows of the critic's split, prepared; all of them once, for critics of any size."""
        x, y = (side[rows] for side in self.critic)
        if len(x) < len(self.critic[0]):
            return prepared(x, y, how, seed)
        key = how.transform, how.gaussian, how.validation, seed
        if key not in self.whole:
            self.whole[key] = prepared(x, y, how, seed)
        return self.whole[key]

    @cached_property
    def scores(self) -> Scored:
        """What the estimators without a critic read."""
        return scored(self.critic, self.heldout)

    def is_one(self) -> bool:
        """Whether the two views read the same although the texts differ from each other: above any finite value."""
        return equal(*self.heldout) >= EQUAL and repeated(self.heldout[1]) <= REPEATED


def widened(how: Fit) -> Fit:
    """The same fit with a critic of twice the size; a critic that has no size stays as it is."""
    given: Any = registry.parameters(registry.get("critics", how.critic), how.critic_params)
    sizes = {name: 2 * getattr(given, name) for name in SIZES if hasattr(given, name)}
    return dataclasses.replace(how, critic_params={**how.critic_params, **sizes})


def equal(first: np.ndarray, second: np.ndarray) -> float:
    """Share of rows that are the same in both; features may differ by rounding. Padding of ids may differ in width."""
    if first.dtype.kind == "f":
        near = np.abs(first - second) <= 1e-5 * (first.std() + 1e-30)
        return float(near.all(axis=1).mean())
    width = max(first.shape[1], second.shape[1])
    wide = [np.pad(side, ((0, 0), (0, width - side.shape[1])), constant_values=-1) for side in (first, second)]
    return float((wide[0] == wide[1]).all(axis=1).mean())


def repeated(rows: np.ndarray) -> float:
    """Share of rows that some other row equals exactly."""
    seen: dict[bytes, int] = {}
    keys = [row.tobytes() for row in np.ascontiguousarray(rows)]
    for key in keys:
        seen[key] = seen.get(key, 0) + 1
    return sum(seen[key] > 1 for key in keys) / len(keys)
