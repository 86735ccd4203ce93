"""MRPC: whether two news sentences are paraphrases of each other; Moses-tokenised, cased."""

from __future__ import annotations

from pathlib import Path

from infoviews.contracts import Split
from infoviews.transfer.tasks._read import columns, label, paired
from infoviews.transfer.tasks._task import Task, TaskFile

LABELS = {"0": 0, "1": 1}


def read(folder: Path) -> dict[str, Split]:
    """A header line, then ``label, id, id, first, second`` by tabs."""
    parts = {}
    for part in ("train", "test"):
        path = folder / f"MRPC/msr_paraphrase_{part}.txt"
        rows = columns(path, "utf-8", least=5, skip=1)
        labels = [label(LABELS, row[0], path) for row in rows]
        parts[part] = paired([row[3] for row in rows], [row[4] for row in rows], labels)
    return parts


TASK = Task(
    name="mrpc",
    title="MRPC",
    scheme="folds",
    classes=("different", "paraphrase"),
    pair=True,
    f1=True,
    files=(
        TaskFile(
            "MRPC/msr_paraphrase_train.txt", "60a9b09084528f0673eedee2b69cb941920f0b8cd0eeccefc464a98768457f89", 4077
        ),
        TaskFile(
            "MRPC/msr_paraphrase_test.txt", "a04e271090879aaba6423d65b94950c089298587d9c084bf9cd7439bd785f784", 1726
        ),
    ),
    counts={"train": 4076, "test": 1725},
    read=read,
    citation="Dolan, Quirk and Brockett, Unsupervised construction of large paraphrase corpora, COLING 2004",
    url="https://dl.fbaipublicfiles.com/senteval/senteval_data/",
    licence="Microsoft Research licence: LICENCE.html of the original data",
)
