"""Speed and memory of the corpus phase on all eight corpora of the mirror (31 million words).

Goal: at most 15 minutes on 2 cores and 4 GB in all processes together. Run, with INFOVIEWS_MIRROR set:

    python benchmarks/corpus.py [--tasks FOLDER] [--processes 2] [--corpora gum,bbc_news]
"""

from __future__ import annotations

import logging
import resource
import tempfile
import time
from pathlib import Path
from typing import Annotated

import typer

from harness import PeakMemory
from infoviews.corpus.sources.jsonl import SHARDS
from infoviews.sources import mirror_from_environment


def main(
    tasks: Annotated[Path | None, typer.Option(help="task folder with sentences.txt")] = None,
    processes: int = 2,
    corpora: str = ",".join(SHARDS),
) -> None:
    from infoviews.corpus.build import build  # here, so that worker processes, which import this file, stay small

    logging.basicConfig(level=logging.INFO, format="%(relativeCreated)d ms %(message)s")
    memory = PeakMemory()
    memory.start()
    start = time.perf_counter()
    given = {"corpus": {"source": {"jsonl": {"corpora": corpora.split(",")}}, "vocabulary": 30_000}, "seed": 0}
    with tempfile.TemporaryDirectory() as folder:
        statistics = build(given, Path(folder) / "corpus", tasks, mirror_from_environment(), processes)
    seconds = time.perf_counter() - start
    memory.done.set()
    words = statistics["total"]["words"]["read"]
    used = sum(resource.getrusage(who).ru_utime for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(f"words {words:,}; seconds {seconds:.0f} (goal 900), of processor time {used:.0f}")
    print(f"peak memory {memory.peak / 2**30:.2f} GiB (goal 4)")
    print(statistics["total"])


if __name__ == "__main__":
    typer.run(main)
