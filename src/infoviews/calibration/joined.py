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
from scipy.optimize import brentq
from scipy.special import xlogy
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from infoviews.calibration.labelled import Texts
from infoviews.calibration.truth import symmetric_channel
from infoviews.information.words import counts, learn_vocabulary, padded

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

    error = most if each == 0 else 0.0 if excess(0.0) <= 0 else brentq(excess, 0.0, most, xtol=1e-14)
    return Channel(symbols, places, float(error))


def draw(
    through: Channel, labels: np.ndarray, texts: np.ndarray, pairs: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Texts of both sides, (pairs, places) each, of the given ``texts``, whose classes are ``labels[texts]``.

    Raises:
        ValueError: a class without a text.
    """
    shape = (pairs, through.places)
    sent = rng.integers(through.symbols, size=shape)
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
    return sides[0], sides[1]


def joined_features(texts: Texts, side: np.ndarray) -> np.ndarray:
    """Features of the joined texts, place by place, (pairs, places · d)."""
    return texts.features[side].reshape(len(side), -1)


def joined_tokens(texts: Texts, side: np.ndarray) -> np.ndarray:
    """Padded token ids of the joined texts, each marked with its place, without which no bag of words could tell it."""
    table = padded(texts.rows)
    size = int(table.max()) + 1
    ids = table[side]  # (pairs, places, T)
    marked = np.where(ids >= 0, ids + size * np.arange(side.shape[1])[:, None], -1)
    return marked.reshape(len(side), -1)


def confusion(texts: Texts, seed: int, tokens: bool) -> np.ndarray:
    """P(class read | class), (M, M), of a logistic classifier of the critic's texts, measured on held-out ones.

    Args:
        tokens: read the words (square roots of their counts) rather than the frozen features.
    """
    critic, heldout = texts.halves(seed)
    if tokens:
        table = padded(texts.rows)
        known = learn_vocabulary(table[critic])
        x = counts(known(table), len(known.known)).sqrt()
    else:
        x = StandardScaler().fit(texts.features[critic]).transform(texts.features)
    model = LogisticRegression(class_weight="balanced", max_iter=1000).fit(x[critic], texts.labels[critic])
    read, symbols = model.predict(x[heldout]), int(texts.labels.max()) + 1
    table = np.zeros((symbols, symbols))
    np.add.at(table, (texts.labels[heldout], read), 1)
    return table / table.sum(1, keepdims=True)
