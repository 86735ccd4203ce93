"""Sentences per second of our ``encode`` beside sentence-transformers' on one checkpoint, in alternating pairs.

``python benchmarks/encode.py --tasks FOLDER --checkpoint FOLDER --out FILE.csv``, with OMP_NUM_THREADS=1. Both read
the same sentences, drawn from real tasks, and are timed by CPU and by wall clock; each is warmed up once.
"""

from __future__ import annotations

import argparse
import csv
import time
from pathlib import Path

import numpy as np
import torch

import infoviews
from infoviews.contracts import Encode
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


def timed(encode: Encode, texts: list[str]) -> tuple[float, float, np.ndarray]:
    """CPU seconds, wall seconds and the vectors."""
    cpu, wall = time.process_time(), time.perf_counter()
    vectors = encode(texts)
    return time.process_time() - cpu, time.perf_counter() - wall, vectors


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=Path, required=True)
    parser.add_argument("--checkpoint", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--names", default="mr,sst2,trec,mrpc")
    parser.add_argument("--each", type=int, default=250)
    parser.add_argument("--pairs", type=int, default=4)
    given = parser.parse_args()
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(1)
    texts = sentences(given.tasks, given.names.split(","), given.each)
    theirs = SentenceTransformer(given.checkpoint, device="cpu")
    encoders: dict[str, Encode] = {"infoviews": infoviews.load(given.checkpoint).encode}
    encoders["sentence-transformers"] = lambda given: theirs.encode(given, show_progress_bar=False)
    for encode in encoders.values():
        encode(texts[:: len(texts) // 32])
    rows, found = [], {}
    for pair in range(given.pairs):
        for name in sorted(encoders, reverse=bool(pair % 2)):
            cpu, wall, found[name] = timed(encoders[name], texts)
            n = len(texts)
            rows.append(
                dict(zip(COLUMNS, (pair, name, n, *(round(v, 2) for v in (cpu, wall, n / cpu, n / wall))), strict=True))
            )
            print(rows[-1], flush=True)
    gap = np.abs(found["infoviews"] - found["sentence-transformers"]).max()
    print(f"largest difference of a coordinate {gap:.1e}")
    with given.out.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
