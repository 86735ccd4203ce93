"""Sentences per second of our ``encode`` beside sentence-transformers' on one checkpoint, in alternating pairs.

``python benchmarks/encode.py --tasks FOLDER --checkpoint FOLDER --out FILE.csv``, with OMP_NUM_THREADS=1. Both read
the same sentences, drawn from real tasks, and are timed by CPU and by wall clock; each is warmed up once.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

import infoviews
from harness import options, quiet, turns
from infoviews.contracts import Encode
from infoviews.files import write_text
from infoviews.transfer.fetch import read_task

COLUMNS = ["pair", "encoder", "sentences", "cpu_seconds", "wall_seconds", "per_cpu_second", "per_wall_second"]


def sentences(tasks: Path, names: list[str], each: int) -> list[str]:
    """Distinct sentences of each task, drawn with a fixed seed, in no order of length."""
    rng = np.random.default_rng(0)
    found: list[str] = []
    for name in names:
        texts = sorted({text for part in read_task(tasks, name).values() for side in part.texts for text in side})
        found += [texts[row] for row in rng.permutation(len(texts))[:each]]
    return found


def main() -> None:
    given = options(
        __doc__, tasks=Path, checkpoint=str, out=Path, names="mr,sst2,trec,mrpc", each=250, pairs=4
    ).parse_args()
    from sentence_transformers import SentenceTransformer

    quiet()
    texts = sentences(given.tasks, given.names.split(","), given.each)
    theirs = SentenceTransformer(given.checkpoint, device="cpu")
    encoders: dict[str, Encode] = {"infoviews": infoviews.load(given.checkpoint).encode}
    encoders["sentence-transformers"] = lambda given: theirs.encode(given, show_progress_bar=False)
    for encode in encoders.values():
        encode(texts[:: len(texts) // 32])
    rows, found, n = [], {}, len(texts)
    for pair, name, cpu, wall, found[name] in turns({k: partial(e, texts) for k, e in encoders.items()}, given.pairs):
        numbers = (round(value, 2) for value in (cpu, wall, n / cpu, n / wall))
        rows.append(dict(zip(COLUMNS, (pair, name, n, *numbers), strict=True)))
        print(rows[-1], flush=True)
    gap = np.abs(found["infoviews"] - found["sentence-transformers"]).max()
    print(f"largest difference of a coordinate {gap:.1e}")
    write_text(given.out, pd.DataFrame(rows).to_csv(index=False, lineterminator="\n"))


if __name__ == "__main__":
    main()
