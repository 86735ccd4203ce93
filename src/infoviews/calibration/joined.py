"""Joined texts of one class a place (see ``language.joined``) as critics read them, and how well a classifier does."""

from __future__ import annotations

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from infoviews.calibration.labelled import Texts
from infoviews.information.words import counts, learn_vocabulary, padded


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
