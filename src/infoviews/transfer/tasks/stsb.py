"""STS-B: how similar two sentences are, 0 to 5; SentEval trains a head on it."""

from __future__ import annotations

from pathlib import Path

from infoviews.contracts import Split
from infoviews.transfer.tasks._read import columns, paired
from infoviews.transfer.tasks._task import Task, TaskFile


def read(folder: Path) -> dict[str, Split]:
    """``genre, file, year, id, score, first, second`` by tabs."""
    parts = {}
    for part in ("train", "dev", "test"):
        rows = columns(folder / f"STS/STSBenchmark/sts-{part}.csv", "utf-8", least=7)
        parts[part] = paired([row[5] for row in rows], [row[6] for row in rows], [float(row[4]) for row in rows])
    return parts


TASK = Task(
    name="stsb",
    title="STS-B",
    scheme="relatedness",
    pair=True,
    files=(
        TaskFile(
            "STS/STSBenchmark/sts-train.csv",
            "4fc4924edd059a43e9c7c8927a72cb8061a87ef98afdf2026a0e0b540b458693",
            5749,
        ),
        TaskFile(
            "STS/STSBenchmark/sts-dev.csv", "c558fa95fec006608f13e3d942f153b614beabccbf33e64f36418d406a895e37", 1500
        ),
        TaskFile(
            "STS/STSBenchmark/sts-test.csv", "22ef3e10603b6655d7c7978c8eee26e7d5291dd5a71c5531b934fb025c108cbf", 1379
        ),
    ),
    counts={"train": 5749, "dev": 1500, "test": 1379},
    read=read,
    citation="Cer et al., SemEval-2017 task 1, SemEval 2017",
    url="http://ixa2.si.ehu.es/stswiki/images/4/48/Stsbenchmark.tar.gz",
    licence="scores CC BY-SA 4.0; texts by source: LICENSE.txt of the data",
)
