"""View pairs on disk: one folder per view setting, token ids in memory-mapped arrays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from infoviews.contracts import SPLITS, Pairs, Ragged
from infoviews.files import read_array, read_json, write_array, write_json


def write_pairs(folder: Path, splits: dict[str, Pairs], facts: dict[str, Any]) -> None:
    """Write the pairs of all splits, rows of one pair side by side, and ``facts.json`` last.

    Args:
        folder: where to write ``ids.npy``, ``offsets.npy``, ``anchors.npy`` and ``facts.json``.
        splits: pairs for each name in ``SPLITS``, all with the same number of views.
        facts: what the report says about the setting; ``views`` and ``counts`` are added here.
    """
    parts = [splits[name] for name in SPLITS]
    views = len(parts[0].views)
    ids, lengths = [], []
    for part in parts:
        order = np.arange(len(part.anchors) * views).reshape(views, -1).T.ravel()  # view v of pair i: row i * views + v
        rows = Ragged(
            np.concatenate([view.ids for view in part.views]),
            np.concatenate([[0], np.cumsum(np.concatenate([view.lengths for view in part.views]))]).astype(np.int64),
        ).take(order)
        ids.append(rows.ids)
        lengths.append(rows.lengths)
    write_array(folder / "ids.npy", np.concatenate(ids))
    write_array(folder / "offsets.npy", np.concatenate([[0], np.cumsum(np.concatenate(lengths))]).astype(np.int64))
    write_array(folder / "anchors.npy", np.concatenate([part.anchors for part in parts]).astype(np.int64))
    counts = {name: len(part.anchors) for name, part in zip(SPLITS, parts, strict=True)}
    write_json(folder / "facts.json", {**facts, "views": views, "counts": counts})


def read_facts(folder: Path) -> dict[str, Any]:
    """What is known about a setting's pairs."""
    return read_json(folder / "facts.json")


def read_pairs(folder: Path, split: str) -> Pairs:
    """The pairs of one split; the token ids stay on disk until they are used.

    Raises:
        KeyError: ``split`` is not one of ``SPLITS``.
    """
    facts = read_facts(folder)
    if split not in SPLITS:
        raise KeyError(f"no split named {split!r}; known: {', '.join(SPLITS)}")
    before = sum(facts["counts"][name] for name in SPLITS[: SPLITS.index(split)])
    count, views = facts["counts"][split], facts["views"]
    ids, offsets = read_array(folder / "ids.npy"), read_array(folder / "offsets.npy")
    starts = offsets[before * views : (before + count) * views + 1]
    rows = Ragged(ids, starts)
    return Pairs(
        tuple(_every(rows, view, views) for view in range(views)),
        read_array(folder / "anchors.npy")[before : before + count],
    )


def _every(rows: Ragged, first: int, step: int) -> Ragged:
    return rows.take(np.arange(first, len(rows), step))
