"""TREC: questions by the kind of their answer, six classes; the fine label is dropped."""

from __future__ import annotations

from pathlib import Path

from infoviews.contracts import Split
from infoviews.transfer.tasks._read import label, lines, single
from infoviews.transfer.tasks._task import Task, TaskFile

CLASSES = ("ABBR", "DESC", "ENTY", "HUM", "LOC", "NUM")
LABELS = {name: number for number, name in enumerate(CLASSES)}
FILES = {"train": "TREC/train_5500.label", "test": "TREC/TREC_10.label"}


def read(folder: Path) -> dict[str, Split]:
    """``COARSE:fine question`` a line, latin-1."""
    parts = {}
    for part, name in FILES.items():
        rows = [line.partition(":") for line in lines(folder / name, "latin-1")]
        labels = [label(LABELS, coarse, folder / name) for coarse, _, _ in rows]
        parts[part] = single([rest.partition(" ")[2] for _, _, rest in rows], labels)
    return parts


TASK = Task(
    name="trec",
    title="TREC",
    scheme="folds",
    classes=CLASSES,
    files=(
        TaskFile("TREC/train_5500.label", "8bd6e79493f43bbd22c364587366a1dced54e1e31259eaa92721a0f526031116", 5452),
        TaskFile("TREC/TREC_10.label", "86ad53c8fc9d397ab2f4be7c967d8efb470b260140557d3e57afad69d1b88b76", 500),
    ),
    counts={"train": 5452, "test": 500},
    read=read,
    citation="Li and Roth, Learning question classifiers, COLING 2002",
    url="http://cogcomp.cs.illinois.edu/Data/QA/QC/",
)
