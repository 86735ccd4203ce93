"""Embed tasks once and keep the arrays, in the layout that ``--embeddings`` reads (``infoviews.transfer.arrays``).

``python benchmarks/arrays.py --tasks FOLDER --checkpoint FOLDER --out FOLDER``, with OMP_NUM_THREADS=1. Tasks are done
one by one, fetched into the folder of tasks; those that are there already are left alone, so an interrupted run goes on
where it stopped.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np

import infoviews
from harness import options, quiet, timed
from infoviews.contracts import Encode
from infoviews.sources import mirror_from_environment
from infoviews.transfer.arrays import array_names
from infoviews.transfer.embed import encode_tasks
from infoviews.transfer.fetch import fetch_tasks, read_task

NAMES = "trec,cr,mrpc,mr,subj,mpqa,sst2,sick_e,sick_r,stsb,sst5,sst2_sentences,sts12,sts13,sts14,sts15,sts16"


def embed(encode: Encode, tasks: Path, name: str, out: Path) -> int:
    """Write one task's arrays; the folder appears when all of them are written. Gives the number of rows."""
    unfinished = out / f"{name}.part"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    rows = 0
    for part, embedded in encode_tasks(encode, {name: read_task(tasks, name)})[name].items():
        for file, vectors in zip(array_names(part, len(embedded.vectors)), embedded.vectors, strict=True):
            np.save(unfinished / file, vectors, allow_pickle=False)
            rows += len(vectors)
    unfinished.rename(out / name)
    return rows


def main() -> None:
    given = options(__doc__, tasks=Path, checkpoint=str, out=Path, names=NAMES).parse_args()
    quiet()
    names = given.names.split(",")
    fetch_tasks(names, given.tasks, mirror_from_environment())
    encode = infoviews.load(given.checkpoint).encode
    for name in names:
        if not (given.out / name).is_dir():
            seconds, _, rows = timed(embed, encode, given.tasks, name, given.out)
            print(f"{name}: {rows} rows, {seconds:.0f} CPU seconds", flush=True)


if __name__ == "__main__":
    main()
