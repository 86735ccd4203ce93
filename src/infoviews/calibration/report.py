"""Table, figure and summary of a calibration: bias, spread, seconds and failures of every estimator on every task."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from infoviews.calibration.calibrate import CHOICES, CHOSEN, CLOSED, FITTED, PAIRS
from infoviews.calibration.exact import exact_critic
from infoviews.calibration.reach import WITHIN, against_reference, consistency, must_reach
from infoviews.calibration.tasks import tasks
from infoviews.files import replacing, write_text
from infoviews.tables import Table


def table(records: list[dict[str, Any]]) -> pd.DataFrame:
    """One row per task and estimator.

    Columns ``group``, ``task``, ``estimator``, ``truth``, ``mean``, ``bias``, ``spread`` (standard deviation over
    seeds, empty for one) in nats, ``seeds`` that gave a value, ``failures`` (non-finite steps and readings),
    ``seconds`` (mean of one run, shared by the readings of one critic).
    """
    known, order = tasks(), {name: index for index, name in enumerate(tasks())}
    frame = pd.DataFrame(records)
    frame["estimate"] = frame["estimate"].astype(float)
    frame["failures"] += frame["estimate"].isna()
    grouped = frame.groupby(["task", "estimator"], sort=False)
    result = grouped.agg(
        mean=("estimate", "mean"),
        spread=("estimate", "std"),
        seeds=("estimate", "count"),
        failures=("failures", "sum"),
        seconds=("seconds", "mean"),
    ).reset_index()
    result.insert(2, "truth", result["task"].map(lambda name: known[name].information))
    result.insert(4, "bias", result["mean"] - result["truth"])
    result.insert(0, "group", result["task"].map(lambda name: known[name].group))
    position = result["task"].map(order)
    return (
        result.assign(position=position).sort_values(["position", "estimator"], kind="stable").drop(columns="position")
    )


def summary(frame: pd.DataFrame) -> pd.DataFrame:
    """One row per estimator: mean absolute error over tasks (nats), the largest, share within ``WITHIN``, failures."""
    error = frame.assign(error=frame["bias"].abs(), within=frame["bias"].abs() <= WITHIN)
    grouped = error.groupby("estimator").agg(
        tasks=("task", "count"),
        seeds=("seeds", "min"),
        mean_absolute_error=("error", "mean"),
        median=("error", "median"),
        largest=("error", "max"),
        within=("within", "mean"),
        failures=("failures", "sum"),
        seconds=("seconds", "mean"),
    )
    return grouped.sort_values("median").reset_index()


RUNS = ["task", "job", "key", "seed", "estimator", "estimate", "validation", "failures", "seconds"]


def write_runs(records: list[dict[str, Any]], out: Path) -> None:
    """Write ``runs.csv``: every single result, so that what is committed need not be run again."""
    frame = pd.DataFrame([record for record in records if record["estimator"] != CHOSEN], columns=RUNS)
    frame = frame.sort_values(["task", "job", "seed", "estimator"], kind="stable")
    write_text(out / "runs.csv", frame.to_csv(index=False))


def read_runs(out: Path) -> list[dict[str, Any]]:
    """What ``write_runs`` wrote, or nothing where there is no file."""
    if not (out / "runs.csv").is_file():
        return []
    frame = pd.read_csv(out / "runs.csv", dtype={"key": str})
    rows = frame.astype(object).where(frame.notna(), None).itertuples(index=False)
    return [dict(zip(frame.columns, row, strict=True)) for row in rows]


def write_report(records: list[dict[str, Any]], out: Path) -> None:
    """Write ``runs.csv``, ``table.csv``, ``exact_critic.csv``, ``heatmap.svg`` and ``README.md``."""
    write_runs(records, out)
    frame = table(records)
    write_text(out / "table.csv", frame.to_csv(index=False, float_format="%.4f"))
    exact = exact_critic()
    write_text(out / "exact_critic.csv", exact.to_csv(index=False, float_format="%.4f"))
    _draw(frame, out / "heatmap.svg")
    write_text(out / "README.md", _text(frame, exact, _formulas(out / "benchmark_mi.csv")))


def _text(frame: pd.DataFrame, exact: pd.DataFrame, formulas: str) -> str:
    learned = frame[~frame["estimator"].isin(CLOSED)].dropna(subset="bias")
    best = learned.loc[learned["bias"].abs().groupby(learned["task"]).idxmin()]
    missed = best[best["bias"].abs() > WITHIN]
    steady = consistency(frame)
    lines = [
        "# Calibration of the information estimators",
        "",
        f"Tasks of known information have {PAIRS:,} pairs each. {FITTED:,} fit the critic, and 900 of these choose its "
        f"step; the other {PAIRS - FITTED:,} are measured in one matrix. Values are in nats. "
        "`table.csv` has every task, `runs.csv` every single run.",
        "",
        "Normal scores of ranks and a Gaussian start favour tasks that are a Gaussian behind rising maps of single "
        "coordinates, and many of these tasks are. `infonce-plain` has neither; spiral, Student, swiss roll, additive, "
        "mixture and channel tasks are not of that kind. The networks of `infonce-cosines` and `infonce-radius` see "
        f"cosines of each rank, and each side's radius. `{CHOSEN}` reads, of {', '.join(f'`{c}`' for c in CHOICES)}, "
        "the critic with the best InfoNCE on the 900 pairs that choose the step. `b@t` is bound b read from the "
        "critic that t trained; the `information` stage reads `infonce` critics.",
        "",
        "`python -m infoviews calibrate --out reports/calibration` runs what is not on file yet and writes this again. "
        "`seeds` is the fewest samples behind a task's mean; with one there is no spread. An estimator with fewer "
        f"than {len(tasks())} tasks is not finished, but for `infonce-concat`, one network over each of 17 million "
        "pairs, which is kept to one coordinate a side. Seconds are wall time, while other work was running.",
        *(["", formulas] if formulas else []),
        "",
        "## What must be reached",
        "",
        markdown(must_reach(frame, exact)),
        "",
        "![bias of every estimator on every task](heatmap.svg)",
        "",
        "## Estimators over all tasks",
        "",
        markdown(summary(frame)),
        "",
        f"The best learned estimator is more than {WITHIN} nats from the truth on "
        + (", ".join(f"`{task}`" for task in missed["task"]) or "no task")
        + ". Picking the best needs the truth, so this says what can be reached, not what one estimator reaches.",
        "",
        "## Against an earlier, untuned run on its ten tasks: absolute errors",
        "",
        markdown(against_reference(frame)),
        "",
    ]
    if len(steady):
        lines += ["## Consistent with themselves", "", CHECKS, "", markdown(steady), ""]
    lines += [
        "## The exact critic: bias that no training can mend",
        "",
        "Mean over batches of 128 rows at the true log ratio of Gaussian pairs, and standard deviation over batches.",
        "",
        markdown(exact),
        "",
    ]
    return "\n".join(lines)


CHECKS = (
    "These are the checks of Song and Ermon (2020) on the swiss roll. "
    "The first two are ratios to the roll's own information: when y is told in four parts only, and when functions of "
    "y are added to it. "
    "The third is the ratio of two independent rolls to one. "
    "The last is the larger reading, in nats, where nothing is shared. "
    "An estimator that reads nothing of the roll has no ratios."
)


def _formulas(path: Path) -> str:
    """What a comparison with the benchmark's own package says, where one was made (benchmarks/benchmark_mi.py)."""
    if not path.is_file():
        return ""
    frame = pd.read_csv(path)
    return (
        f"The information of the {len(frame)} tasks of the Beyond Normal benchmark agrees with that of the package "
        f"`benchmark-mi` to {frame['difference'].abs().max():.0e} nats. `benchmarks/benchmark_mi.py` compares them in "
        "`benchmark_mi.csv`. The tests compare each task with its densities."
    )


def markdown(frame: pd.DataFrame) -> str:
    def shown(value: Any) -> str:
        if isinstance(value, float | np.floating):
            return "–" if np.isnan(value) else f"{value:.3f}"
        return str(value)

    rows = [[shown(v) for v in row] for row in frame.itertuples(index=False)]
    return Table(list(map(str, frame.columns)), rows, len(frame.columns)).markdown().rstrip()


def _draw(frame: pd.DataFrame, path: Path) -> None:
    """Heat map of bias, tasks down and estimators across; a cell beyond the scale shows its number all the same."""
    import matplotlib

    matplotlib.use("Agg")
    matplotlib.rcParams |= {"svg.hashsalt": "infoviews", "svg.fonttype": "none"}
    from matplotlib import pyplot

    grid = frame.pivot(index="task", columns="estimator", values="bias")
    grid = grid.reindex(index=frame["task"].unique(), columns=list(summary(frame)["estimator"]))
    figure, axes = pyplot.subplots(
        figsize=(1.5 + 0.62 * grid.shape[1], 1.5 + 0.2 * grid.shape[0]), layout="constrained"
    )
    image = axes.imshow(grid, cmap="RdBu_r", vmin=-0.5, vmax=0.5, aspect="auto")
    axes.set_xticks(range(grid.shape[1]), grid.columns, rotation=60, ha="right", fontsize=7)
    axes.set_yticks(range(grid.shape[0]), grid.index, fontsize=7)
    for (row, column), value in np.ndenumerate(grid.to_numpy()):
        if np.isfinite(value):
            text = f"{value:+.2f}" if abs(value) < 10 else f"{value:+.0e}"
            axes.text(column, row, text, ha="center", va="center", fontsize=5, color="w" if abs(value) > 0.35 else "k")
    figure.colorbar(image, label="bias (nats)", shrink=0.4)
    with replacing(path) as temporary:
        figure.savefig(temporary, format="svg", metadata={"Date": None})
    pyplot.close(figure)
