"""One task's examples in the principal plane of an encoder, for one cell of each setting of the curve."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np
import pandas as pd

from infoviews.representation.encoders import Encoder, encoded, firsts, rounded
from infoviews.representation.similarity import principal_plane
from infoviews.transfer.fetch import get_task, read_task

EXAMPLES = 300
"""Examples of a task in its map."""

PLANES = ["task", "encoder", "setting", "share", "label", "x", "y"]


def maps(known: list[Encoder], spec: dict[str, Any], data: Path, seed: int) -> pd.DataFrame:
    """Principal plane of one task's examples for one cell of each setting of the curve and the base of the cells.

    The task is the one of single texts that view settings change most.

    Returns:
        Columns ``PLANES``; ``share`` is of the variance shown. Three significant digits.
    """
    curve = [encoder for encoder in known if encoder.on_curve]
    task = changed_most(curve) if (data / "tasks" / "manifest.json").exists() else None
    rows: list[tuple[Any, ...]] = []
    if task is not None:
        texts, labels = examples(data, task, seed)
        for encoder in [*firsts(curve), *(e for e in known if not e.cell and e.name == spec.get("start"))]:
            vectors = encoded(data, encoder, texts)
            if vectors is None or vectors.shape[1] < 2:
                continue
            plane, shares = principal_plane(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12))
            of = (task, encoder.name, encoder.setting, rounded(float(shares.sum())))
            rows += [(*of, label, rounded(x), rounded(y)) for label, (x, y) in zip(labels, plane.tolist(), strict=True)]
    return pd.DataFrame(rows, columns=PLANES)


def changed_most(curve: list[Encoder]) -> str | None:
    """The classification task of single texts whose mean score has the widest range over settings."""
    seeds: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for encoder in curve:
        for task, score in encoder.scores.items():
            seeds[task][encoder.setting].append(score)
    spans = {task: np.ptp([fmean(scores) for scores in of.values()]) for task, of in sorted(seeds.items())}
    ranked = sorted(spans, key=lambda task: -spans[task])
    return next((task for task in ranked if get_task(task).classes and not get_task(task).pair), None)


def examples(data: Path, task: str, seed: int) -> tuple[list[str], list[str]]:
    """At most ``EXAMPLES`` texts of a task's test part with the names of their classes."""
    parts = read_task(data / "tasks", task)
    split = parts.get("test") or parts.get("all") or next(iter(parts.values()))
    rows = np.sort(np.random.default_rng([seed, 2]).permutation(len(split.labels))[:EXAMPLES])
    names = get_task(task).classes
    return [split.texts[0][row] for row in rows.tolist()], [names[int(split.labels[row])] for row in rows.tolist()]
