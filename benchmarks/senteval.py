"""What protocol ``senteval`` costs beside the plain loop of the tests, and whether the two agree to the last digit.

``python benchmarks/senteval.py --tasks FOLDER --embeddings FOLDER --out FILE.csv``, with OMP_NUM_THREADS=1; the
folders are those of ``python -m infoviews evaluate``. CPU seconds on one thread, encoding apart; ``--plain`` runs the
plain loop, too. Rows that the file holds are not measured again.
"""

from __future__ import annotations

import argparse
import importlib.util
from pathlib import Path
from typing import Any

import numpy as np

from harness import Rows, options, peak_gib, quiet, timed
from infoviews.transfer.arrays import load_embedded
from infoviews.transfer.embed import Task as Parts
from infoviews.transfer.fetch import get_task
from infoviews.transfer.protocols import senteval

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


def measure(given: argparse.Namespace, name: str) -> dict[str, Any]:
    """One row of the table; the plain loop's columns stay empty where it is not run."""
    quiet()
    configuration = given.configuration
    parts = load_embedded(given.embeddings, given.tasks, [name])[name]
    task, folds = get_task(name), senteval.CONFIGURATIONS[configuration][0]
    seconds, _, found = timed(senteval.score, task, parts, senteval.Params(configuration), 0)
    row = {"configuration": configuration, "dev": found.dev, "test": found.test, "seconds": round(seconds, 2)}
    row |= {"fits": {"nested": folds * (4 * folds + 1), "folds": 4 * folds + 1, "dev": 5}[task.scheme]}
    row |= {"peak_gib": peak_gib()}
    if given.plain:
        plain_seconds, _, expected = timed(by_plain_loop, name, parts, configuration)
        row |= {"plain_seconds": round(plain_seconds, 1), "ratio": round(plain_seconds / seconds, 1)}
        row["identical"] = "yes" if expected == (found.dev, found.test, found.facts["regularisation"]) else "no"
    return row


def main() -> None:
    names = "trec,mrpc,cr,sst2,mr,subj,mpqa"
    parser = options(__doc__, tasks=Path, embeddings=Path, out=Path, names=names, plain=False)
    parser.add_argument("--configuration", default="default", choices=list(senteval.CONFIGURATIONS))
    given = parser.parse_args()
    table = Rows(given.out, COLUMNS, "task")
    for name in given.names.split(","):
        table.measure(get_task(name).title, measure, given, name)


if __name__ == "__main__":
    main()
