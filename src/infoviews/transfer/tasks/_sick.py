"""SICK's files, which two tasks score: SICK-E by the judgments, SICK-R by the relatedness scores."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from infoviews.contracts import Split
from infoviews.transfer.tasks._read import columns
from infoviews.transfer.tasks._task import Scheme, Task, TaskFile

FILES = (
    TaskFile("SICK/SICK_train.txt", "e02bd30f17ab87358f80ef079a6ef797acd244c3c7515de454301c7c257e410c", 4501),
    TaskFile("SICK/SICK_trial.txt", "0d0786bd8671a0a70614f2f890b8ab24b3c24d1ccb624bcca87618091fbe4f11", 501),
    TaskFile("SICK/SICK_test_annotated.txt", "d0362afe8304c8d08166b82d76da2a8c665d5b635ac1f3f1ee82054511749f97", 4928),
)


def task(
    name: str,
    title: str,
    scheme: Scheme,
    read: Callable[[Path], dict[str, Split]],
    classes: tuple[str, ...] = (),
) -> Task:
    """One of the two tasks; see ``Task``."""
    return Task(
        name=name,
        title=title,
        scheme=scheme,
        classes=classes,
        pair=True,
        files=FILES,
        counts={"train": 4500, "dev": 500, "test": 4927},
        read=read,
        citation="Marelli et al., A SICK cure for the evaluation of compositional distributional models, LREC 2014",
        url="http://alt.qcri.org/semeval2014/task1/data/uploads/",
        licence="CC BY-NC-SA 3.0",
    )


def rows(folder: Path) -> dict[str, tuple[list[str], list[str], list[float], list[str]]]:
    """Part → first sentences, second sentences, relatedness scores, judgments.

    A file has a header line, then ``id, first, second, relatedness, judgment`` by tabs.
    """
    parts = {}
    for part, name in {"train": "train", "dev": "trial", "test": "test_annotated"}.items():
        given = columns(folder / f"SICK/SICK_{name}.txt", "utf-8", least=5, skip=1)
        parts[part] = (
            [row[1] for row in given],
            [row[2] for row in given],
            [float(row[3]) for row in given],
            [row[4].strip() for row in given],
        )
    return parts
