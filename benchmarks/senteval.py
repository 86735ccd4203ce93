"""What protocol ``senteval`` costs beside the plain loop of the tests, and whether the two agree to the last digit.

``python benchmarks/senteval.py --tasks FOLDER --embeddings FOLDER --out FILE.csv``, with OMP_NUM_THREADS=1; the
folders are those of ``python -m infoviews evaluate``. CPU seconds on one thread, encoding apart.
"""

from __future__ import annotations

import argparse
import csv
import importlib.util
import resource
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch

from infoviews.transfer import senteval
from infoviews.transfer.arrays import load_embedded
from infoviews.transfer.embed import Task as Parts
from infoviews.transfer.fetch import get_task

COLUMNS = ["task", "configuration", "fits", "seconds", "plain_seconds", "ratio", "dev", "test", "identical", "peak_gib"]


def plain_loop() -> Any:
    """The module of the tests that holds the protocol as plain loops."""
    path = Path(__file__).parents[1] / "tests" / "transfer" / "plain_senteval.py"
    spec = importlib.util.spec_from_file_location("plain_senteval", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def by_plain_loop(name: str, parts: Parts, configuration: str) -> tuple[float, float, Any]:
    """Dev accuracy, test accuracy and chosen weight decay."""
    plain = plain_loop()
    ordered = {part: value.take(value.order()) for part, value in parts.items()}
    arrays = {part: (value.features().astype(np.float32), value.labels) for part, value in ordered.items()}
    scheme = get_task(name).scheme
    if scheme == "nested":
        return plain.nested(*arrays["all"], configuration)
    if scheme == "folds":
        return plain.single(*arrays["train"], arrays["test"], configuration)
    return plain.with_dev(*arrays["train"], arrays["dev"], arrays["test"], configuration)


def measure(name: str, parts: Parts, configuration: str, plain: bool) -> dict[str, Any]:
    """One row of the table; the plain loop's columns stay empty where it is not run."""
    task, folds = get_task(name), senteval.CONFIGURATIONS[configuration][0]
    begun = time.process_time()
    found = senteval.score(task, parts, senteval.Params(configuration), 0)
    row: dict[str, Any] = dict.fromkeys(COLUMNS, "")
    row |= {"task": task.title, "configuration": configuration, "dev": found.dev, "test": found.test}
    row["fits"] = {"nested": folds * (4 * folds + 1), "folds": 4 * folds + 1, "dev": 5}[task.scheme]
    row["seconds"] = round(time.process_time() - begun, 2)
    row["peak_gib"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 2)
    if plain:
        begun = time.process_time()
        expected = by_plain_loop(name, parts, configuration)
        row["plain_seconds"] = round(time.process_time() - begun, 1)
        row["ratio"] = round(row["plain_seconds"] / row["seconds"], 1)
        row["identical"] = "yes" if expected == (found.dev, found.test, found.facts["regularisation"]) else "no"
    return row


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=Path, required=True)
    parser.add_argument("--embeddings", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--names", default="trec,mrpc,cr,sst2,mr,subj,mpqa")
    parser.add_argument("--configurations", default="prototyping,default")
    parser.add_argument("--plain", default="", help="configurations in which the plain loop is run too")
    given = parser.parse_args()
    torch.set_num_threads(1)
    with given.out.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        for configuration in given.configurations.split(","):
            for name in given.names.split(","):
                parts = load_embedded(given.embeddings, given.tasks, [name])[name]
                row = measure(name, parts, configuration, configuration in given.plain.split(","))
                writer.writerow(row)
                file.flush()
                print(row, flush=True)


if __name__ == "__main__":
    main()
