"""SICK-E: whether one sentence entails, contradicts or says nothing of another."""

from __future__ import annotations

from pathlib import Path

from infoviews.contracts import Split
from infoviews.transfer.tasks import _sick
from infoviews.transfer.tasks._read import label, paired

LABELS = {"CONTRADICTION": 0, "NEUTRAL": 1, "ENTAILMENT": 2}


def read(folder: Path) -> dict[str, Split]:
    """The pairs of each part, with the class of their judgment."""
    return {
        part: paired(first, second, [label(LABELS, given, folder / "SICK") for given in judgments])
        for part, (first, second, _, judgments) in _sick.rows(folder).items()
    }


TASK = _sick.task("sick_e", "SICK-E", "dev", read, classes=("contradiction", "neutral", "entailment"))
