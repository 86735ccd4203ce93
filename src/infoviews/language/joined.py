"""Pairs of joined texts whose classes went through a symmetric channel: real texts that share a known information.

Each side joins ``places`` texts. A class c is drawn for each place, uniformly of M; x has a text of class c there, y a
text of the class that a symmetric channel makes of c. Texts of one class are drawn independently, and a text has one
class, so the sides share what the classes share, log M + (1 - e) log(1 - e) + e log(e / (M - 1)) nats a place (after
Lee and Rhee, 2024, arXiv:2410.10924, who pass bits through such a channel into images and sentences).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import xlogy

from infoviews.language.channel import information as symmetric_channel

CITATION = "Lee and Rhee (2024), A benchmark suite for evaluating neural mutual information estimators, 2410.10924"


@dataclass(frozen=True)
class Channel:
    """``places`` independent symmetric channels of ``symbols`` classes, each with probability of ``error``."""

    symbols: int
    places: int
    error: float

    @property
    def information(self) -> float:
        """What the classes share, nats: never less than what the texts share."""
        return self.places * symmetric_channel(self.symbols, self.error)

    def readable(self, confusion: np.ndarray) -> float:
        """What the classes share as a classifier reads them on both sides, nats: never more than the texts share.

        Args:
            confusion: P(class read | class), (M, M), rows summing to 1.
        """
        other = self.error / (self.symbols - 1)
        joint = np.full((self.symbols, self.symbols), other) + np.eye(self.symbols) * (1 - self.error - other)
        read = confusion.T @ joint @ confusion / self.symbols
        return self.places * float((xlogy(read, read) - xlogy(read, np.outer(read.sum(1), read.sum(0)))).sum())


def channel(symbols: int, information: float) -> Channel:
    """The fewest places that can carry so many nats, in equal parts.

    Raises:
        ValueError: negative information.
    """
    if information < 0:
        raise ValueError(f"information is {information} nats; it must be 0 or more")
    most = (symbols - 1) / symbols  # the error at which the channel carries nothing
    places = max(1, math.ceil(information / math.log(symbols) - 1e-9))
    each = information / places

    def excess(error: float) -> float:
        return symmetric_channel(symbols, error) - each

    from scipy.optimize import brentq  # half a second to import

    if each == 0 or excess(most) >= 0:
        return Channel(symbols, places, most)
    error = 0.0 if excess(0.0) <= 0 else brentq(excess, 0.0, most, xtol=1e-14)
    return Channel(symbols, places, float(error))


def draw(
    through: Channel,
    labels: np.ndarray,
    texts: np.ndarray,
    pairs: int,
    rng: np.random.Generator,
    first: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Texts of both sides, (pairs, places) each, of the given ``texts``, whose classes are ``labels[texts]``.

    Args:
        first: texts (pairs,), as many of each class, to stand at the first place of the first side; drawn where
            not given.

    Raises:
        ValueError: a class without a text.
    """
    shape = (pairs, through.places)
    sent = rng.integers(through.symbols, size=shape)
    if first is not None:
        sent[:, 0] = labels[first]
    wrong = rng.uniform(size=shape) < through.error
    received = (sent + wrong * rng.integers(1, through.symbols, size=shape)) % through.symbols
    sides = np.empty((2, *shape), dtype=np.int64)
    for label in range(through.symbols):
        own = texts[labels[texts] == label]
        if len(own) == 0:
            raise ValueError(f"no text of class {label} among {len(texts)}; each of {through.symbols} needs one")
        for side, classes in zip(sides, (sent, received), strict=True):
            here = classes == label
            side[here] = rng.choice(own, size=int(here.sum()))
    if first is not None:
        sides[0][:, 0] = first
    return sides[0], sides[1]
