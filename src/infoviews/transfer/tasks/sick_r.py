"""SICK-R: how related two sentences are, 1 to 5."""

from __future__ import annotations

from pathlib import Path

from infoviews.contracts import Split
from infoviews.transfer.tasks._read import paired, sick
from infoviews.transfer.tasks._task import Task, TaskFile


def read(folder: Path) -> dict[str, Split]:
    """A header line, then ``id, first, second, relatedness, judgment`` by tabs."""
    return {part: paired(first, second, scores) for part, (first, second, scores, _) in sick(folder).items()}


TASK = Task(
    name="sick_r",
    title="SICK-R",
    scheme="relatedness",
    pair=True,
    files=(
        TaskFile("SICK/SICK_train.txt", "e02bd30f17ab87358f80ef079a6ef797acd244c3c7515de454301c7c257e410c", 4501),
        TaskFile("SICK/SICK_trial.txt", "0d0786bd8671a0a70614f2f890b8ab24b3c24d1ccb624bcca87618091fbe4f11", 501),
        TaskFile(
            "SICK/SICK_test_annotated.txt", "d0362afe8304c8d08166b82d76da2a8c665d5b635ac1f3f1ee82054511749f97", 4928
        ),
    ),
    counts={"train": 4500, "dev": 500, "test": 4927},
    read=read,
    citation="Marelli et al., A SICK cure for the evaluation of compositional distributional models, LREC 2014",
    url="http://alt.qcri.org/semeval2014/task1/data/uploads/",
    licence="CC BY-NC-SA 3.0",
)
