"""What the evaluator must reach beside what was measured: the first table of ``benchmarks/evaluator.py``'s page."""

from __future__ import annotations

from pathlib import Path
from statistics import median

from harness import read
from infoviews.transfer.fetch import get_task
from infoviews.transfer.protocols.senteval import CONFIGURATIONS
from infoviews.transfer.score import SIX

Rows = list[dict[str, str]]
Line = tuple[str, str, str, str]
"""What is required, how much, what was found, and whether that meets it: yes, **no**, or yes for what was measured."""

WHOLE = "all tasks"
"""The row of all tasks in one process."""

CLASSIFIED = (*SIX, "mpqa", "sst2_sentences", "sst5", "sick_e")
"""Every task that is scored by a classifier."""

TITLES = {get_task(name).title for name in SIX}


def met(holds: bool) -> str:
    """The last cell of a line."""
    return "yes" if holds else "**no**"


def lines(folder: Path) -> list[Line]:
    """One line a requirement; what was not measured is not met."""
    found: list[Line] = []
    for columns in (384, 768):
        path = folder / f"converged-{columns}.csv"
        found += converged(read(path) if path.is_file() else [], columns)
    found += senteval([row for path in folder.glob("senteval-*.csv") for row in read(path) if row["plain_seconds"]])
    found.append(encoding(read(folder / "encode.csv")))
    found.append(memory([row for path in sorted(folder.glob("*.csv")) for row in read(path) if row.get("peak_gib")]))
    return found


def total(rows: Rows) -> dict[str, float]:
    """Fits and seconds of the six tasks together."""
    six = [row for row in rows if row["task"] in TITLES]
    return {key: sum(float(row[key]) for row in six) for key in ("fits", "seconds", "sklearn_seconds")}


def converged(rows: Rows, columns: int) -> list[Line]:
    """The optimum of every classified task against scikit-learn's, and what the six tasks cost."""
    where = f"`converged`, {columns} columns"
    six, sums = [row for row in rows if row["task"] in TITLES], total(rows)
    if not six:
        return [(where, "see below", "not measured", met(False))]
    titles = {get_task(name).title for name in CLASSIFIED}
    classified = [row for row in rows if row["task"] in titles]
    values = [[int(value) for value in row["checked"].split(" of ")] for row in classified]
    counted = f"{sum(checked for checked, _ in values)} of {sum(of for _, of in values)} penalties, "
    counted += among(titles, classified)
    whole = len(classified) == len(titles) and all(checked == of for checked, of in values)
    gap = max(float(row["objective_gap"]) for row in classified)
    same = 100 * min(float(row["same_predictions"]) for row in classified)
    ratio, measured = sums["sklearn_seconds"] / sums["seconds"], len(six) == len(TITLES)
    times, seconds = f"{ratio:.0f} times less, {among(TITLES, six)}", f"{sums['seconds']:.1f} s, {among(TITLES, six)}"
    found = [
        (f"{where}: objective near scikit-learn's", "within 1e-6", f"{gap:.1e}; {counted}", met(whole and gap <= 1e-6)),
        (f"{where}: predictions equal to its", "99.9 %", f"{same:.2f} %; {counted}", met(whole and same >= 99.9)),
        (f"{where}: CPU time beside its", "4 times less, aim 10", times, met(measured and ratio >= 4)),
    ]
    if columns == 384:
        enough = measured and sums["seconds"] <= 30
        found.append((f"{where}: CPU time, nested 10-fold", "at most 30 s", seconds, met(enough)))
    return found


def among(titles: set[str], rows: Rows) -> str:
    """How many of these tasks were measured, and which were not."""
    lacking = sorted(titles - {row["task"] for row in rows})
    return f"{len(titles)} tasks" + (f" but for {', '.join(lacking)}" if lacking else "")


def senteval(rows: Rows) -> list[Line]:
    """Against the protocol as a plain loop, one line a configuration; tasks that were not compared are named."""
    found = [same(name, [row for row in rows if row["configuration"] == name]) for name in CONFIGURATIONS]
    least = min((float(row["ratio"]) for row in rows), default=0.0)
    ratio = f"{least:.1f} times less or more" if rows else "not measured"
    return [*found, ("`senteval`: CPU time beside the plain loop's", "5 times less", ratio, met(least >= 5))]


def same(configuration: str, rows: Rows) -> Line:
    """Whether dev accuracy, test accuracy and every chosen penalty are the plain loop's."""
    compared = sorted(row["task"] for row in rows)
    unlike = sorted(row["task"] for row in rows if row["identical"] != "yes")
    lacking = sorted(TITLES - set(compared))
    parts = [f"the same on {', '.join(task for task in compared if task not in unlike) or 'none'}"]
    parts += [f"not the same on {', '.join(unlike)}"] if unlike else []
    parts += [f"not compared: {', '.join(lacking)}"] if lacking else []
    holds = met(bool(compared) and not unlike)
    if compared and lacking and not unlike:
        holds = f"yes for {', '.join(compared)} alone"
    requirement = f"`senteval` {configuration}: dev, test, penalties beside the plain loop's"
    return requirement, "the same on six tasks", "; ".join(parts), holds


def encoding(rows: Rows) -> Line:
    """Sentences per CPU second, medians over the pairs."""
    ours, theirs = (
        median(float(row["per_cpu_second"]) for row in rows if row["encoder"] == name)
        for name in ("infoviews", "sentence-transformers")
    )
    found = f"{ours / theirs:.2f} times as fast"
    return ("encoding beside `sentence-transformers`", "at least as fast", found, met(ours >= theirs))


def memory(rows: Rows) -> Line:
    """The largest of all peaks; all tasks in one process must be among them."""
    most = max((float(row["peak_gib"]) for row in rows), default=0.0) * 2**30 / 1e9
    whole = [row["width"] for row in rows if row.get("task") == WHOLE]
    among = f"all tasks in one process at {' and '.join(whole)} columns" if whole else "all tasks in one process not"
    found = f"{most:.1f} GB; {among} measured"
    return ("peak memory, arrays included", "at most 4 GB", found, met(bool(whole) and most <= 4))
