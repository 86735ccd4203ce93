"""SICK-R: how related two sentences are, 1 to 5."""

from __future__ import annotations

from pathlib import Path

from infoviews.contracts import Split
from infoviews.transfer.tasks import _sick
from infoviews.transfer.tasks._read import paired


def read(folder: Path) -> dict[str, Split]:
    """The pairs of each part, with their scores."""
    return {part: paired(first, second, scores) for part, (first, second, scores, _) in _sick.rows(folder).items()}


TASK = _sick.task("sick_r", "SICK-R", "relatedness", read)
