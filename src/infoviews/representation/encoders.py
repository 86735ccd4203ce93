"""Finished encoders of the main objective and the controls, and what they make of sentences."""

from __future__ import annotations

import logging
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from infoviews.encoders.checkpoint import load
from infoviews.seals import read_record, read_whole

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Encoder:
    """A finished encoder of the study.

    Attributes:
        name: of the cell or control.
        setting: its view setting; a control's own name.
        cell: whether it is a cell.
        on_curve: whether its setting is a point of the curve.
        scores: task → score, percent.
    """

    name: str
    setting: str
    cell: bool
    on_curve: bool
    scores: dict[str, float]


def finished(spec: dict[str, Any], data: Path) -> list[Encoder]:
    """Cells of the main objective by seed, then controls: those that have a score on every task."""
    roles = {setting["name"]: setting.get("role") for setting in spec["settings"]}
    cells = sorted((cell for cell in spec["cells"] if cell["objective"] == spec["main"]), key=lambda cell: cell["seed"])
    named = [(str(cell["name"]), str(cell["setting"]), True) for cell in cells]
    found = []
    for name, setting, cell in [*named, *((control, control, False) for control in spec["controls"])]:
        path = data / "transfer" / f"{name}.json"
        given = read_record(path).get("tasks", {}) if path.is_file() else {}
        if set(spec["tasks"]) <= set(given):
            scores = {task: float(given[task]["test"]) for task in spec["tasks"]}
            found.append(Encoder(name, setting, cell, cell and roles[setting] is None, scores))
    return found


def two_of_each(known: list[Encoder]) -> dict[str, Encoder]:
    """At most two seeds of each setting, which are compared, by name."""
    groups = defaultdict(list)
    for encoder in known:
        groups[encoder.setting].append(encoder)
    kept = {encoder.name for group in groups.values() for encoder in group[:2]}
    return {encoder.name: encoder for encoder in known if encoder.name in kept}


def firsts(chosen: list[Encoder]) -> list[Encoder]:
    """The cell of the lowest seed of each setting."""
    found: dict[str, Encoder] = {}
    for encoder in chosen:
        if encoder.cell:
            found.setdefault(encoder.setting, encoder)
    return list(found.values())


def encoded(data: Path, encoder: Encoder, sentences: list[str]) -> np.ndarray | None:
    """Embeddings (n, d), float32; nothing where the encoder's weights are not there or not finite."""
    folder = data / ("checkpoints" if encoder.cell else "base") / encoder.name
    if (folder / "run.json").is_file():
        read_whole(folder / "run.json")
    if not (folder / "modules.json").is_file():
        log.warning("no weights of %s: it is left out of the comparison of encoders", encoder.name)
        return None
    vectors = load(folder).encode(sentences)
    return vectors if np.isfinite(vectors).all() else None


def rounded(value: float) -> float:
    """Three significant digits."""
    return float(f"{value:.3g}")
