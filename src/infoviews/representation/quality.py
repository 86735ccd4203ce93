"""Both measures of one checkpoint, on the first view of the critic's and the held-out split."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path
from typing import Any

import numpy as np

from infoviews.contracts import SPLITS, Ragged
from infoviews.encoders.checkpoint import load
from infoviews.encoders.embed import embed_rows
from infoviews.information.words import counts, learn_vocabulary, padded
from infoviews.pairs import read_pairs
from infoviews.representation.dependence import dependence
from infoviews.representation.retention import retention

PROJECTED = 256
"""Columns that the counts of words are projected to, at random, as what the critic sees of the input."""


def run(checkpoint: Path, views: Path, seed: int, most: int = 4096) -> dict[str, Any]:
    """Measure a checkpoint.

    Args:
        checkpoint: folder of an encoder. views: folder of pairs, of which the first view's texts are embedded.
        seed: of everything drawn. most: texts of each split that are measured, and twice as many fit the critics.

    Returns:
        ``measures``: one record for ``retention`` and ``dependence``, nats, with 95 % intervals. Both are estimates;
        retention is at most what the projected word counts hold of the text.
    """
    encoder = load(checkpoint)
    texts = [_first_view(views, split, count, seed) for split, count in zip(SPLITS[1:], (2 * most, most), strict=True)]
    made = [embed_rows(encoder, rows).astype(np.float64) for rows in texts]
    critic, heldout = zip(_projected(texts, seed), made, strict=True)
    found = [retention(critic, heldout, "bag-of-words", seed), dependence(made[0], made[1], "", seed)]
    return {"measures": [_plain(dataclasses.asdict(estimate)) for estimate in found]}


def _first_view(views: Path, split: str, most: int, seed: int) -> Ragged:
    view = read_pairs(views, split).views[0]
    return view.take(np.sort(np.random.default_rng([seed, 0x7175]).permutation(len(view))[:most]))


def _projected(texts: list[Ragged], seed: int) -> list[np.ndarray]:
    """Counts of the words that the critic's split has, under one random map, (n, PROJECTED) for each split."""
    ids = [padded(rows) for rows in texts]
    known = learn_vocabulary(ids[0])
    words = len(known.known)
    projection = np.random.default_rng([seed, 0x70726F]).standard_normal((words + 1, PROJECTED))
    return [counts(known(rows), words) @ projection for rows in ids]


def _plain(record: dict[str, Any]) -> dict[str, Any]:
    """A mapping for JSON, which has neither NaN nor infinity: absent values and ceilings are null."""
    return {k: None if isinstance(v, float) and not math.isfinite(v) else v for k, v in record.items()}
