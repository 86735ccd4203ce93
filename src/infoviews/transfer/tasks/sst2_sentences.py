"""SST2 with whole sentences only, 6,920 in train (Kim, 2014): the fine split less its neutral ones."""

from __future__ import annotations

from pathlib import Path

from infoviews.contracts import Split
from infoviews.transfer.tasks._read import fine_sentiment, single
from infoviews.transfer.tasks._task import Task, TaskFile


def read(folder: Path) -> dict[str, Split]:
    """The fine split; labels 0 and 1 become negative, 3 and 4 positive, 2 goes."""
    parts = {}
    for part, (texts, labels) in fine_sentiment(folder).items():
        kept = [number for number, fine in enumerate(labels) if fine != 2]
        parts[part] = single([texts[number] for number in kept], [int(labels[number] > 2) for number in kept])
    return parts


TASK = Task(
    name="sst2_sentences",
    title="SST2 (sentences)",
    scheme="dev",
    classes=("negative", "positive"),
    files=(
        TaskFile("SST/fine/sentiment-train", "9b52b5f686ed438d4d0274c385369251b3d579b578fddd340ba8a9bae2ca4bee", 8544),
        TaskFile("SST/fine/sentiment-dev", "b2f76c62b960f9fda5c6d751edb125abab4f878eb94a8754239b7f4af647f4c3", 1101),
        TaskFile("SST/fine/sentiment-test", "0e2ebb450c231f7b3d67fc932066e7bb26ae7bad8c88488f45ed44ef02eb3c73", 2210),
    ),
    counts={"train": 6920, "dev": 872, "test": 1821},
    read=read,
    citation="Socher et al., Recursive deep models for semantic compositionality, EMNLP 2013",
)
