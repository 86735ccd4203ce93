"""SST2: film-review phrases, positive or negative; train is SentEval's, 67,349 phrases, not only sentences."""

from __future__ import annotations

from pathlib import Path

from infoviews.contracts import Split
from infoviews.transfer.tasks._read import columns, label, single
from infoviews.transfer.tasks._task import Task, TaskFile

LABELS = {"0": 0, "1": 1}


def read(folder: Path) -> dict[str, Split]:
    """``text TAB label`` a line, lower-cased and tokenised."""
    parts = {}
    for part in ("train", "dev", "test"):
        path = folder / f"SST/binary/sentiment-{part}"
        rows = columns(path, "utf-8", least=2)
        parts[part] = single([row[0] for row in rows], [label(LABELS, row[1].strip(), path) for row in rows])
    return parts


TASK = Task(
    name="sst2",
    title="SST2",
    scheme="dev",
    classes=("negative", "positive"),
    files=(
        TaskFile(
            "SST/binary/sentiment-train", "10a92a297ec38e262386e5a2713b4bc70e5d18ced88b7f54bd171a26e5b34ab5", 67349
        ),
        TaskFile("SST/binary/sentiment-dev", "9a6c7403b71a9b762158387afe4431253ae10cdfb2319b5275289f3766f48291", 872),
        TaskFile("SST/binary/sentiment-test", "4fefd1cd67526cf87ebc7fafc3afc21cc7cfa6ae53b45e74f77f9456e3c62752", 1821),
    ),
    counts={"train": 67349, "dev": 872, "test": 1821},
    read=read,
    citation="Socher et al., Recursive deep models for semantic compositionality, EMNLP 2013",
    url="https://raw.githubusercontent.com/PrincetonML/SIF/master/data/",
)
