"""Table, figure and summary of a calibration: bias, spread, seconds and failures of every estimator on every task."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from infoviews.calibration.exact import exact_critic
from infoviews.calibration.run import CLOSED, FITTED, PAIRS
from infoviews.calibration.tasks import tasks
from infoviews.files import replacing, write_text

WITHIN = 0.1
"""Nats within which an estimate counts as right in the summary."""

REFERENCE = {
    "dense-5": (0.593, 0.56, 0.54, 0.56),
    "dense-25": (1.292, 1.21, 1.08, 1.23),
    "2-pair-5": (1.022, 0.94, 0.88, 0.94),
    "2-pair-25": (1.022, 0.87, 0.71, 0.86),
    "half-cube-2-pair-5": (1.022, 0.93, 0.89, 0.94),
    "spiral-2-pair-3": (1.022, 0.61, 0.80, 0.52),
    "student-2-2-df1": (0.432, 0.18, 0.25, 0.25),
    "asinh-student-2-2-df1": (0.432, 0.40, 0.42, 0.40),
    "swiss-roll": (0.413, 0.38, 0.39, 0.38),
    "additive-0.75": (0.333, 0.31, 0.28, 0.31),
}
"""Truth, then InfoNCE concat, InfoNCE separable and SMILE concat of an untuned run made before this project: n 10,000,
one seed, batch 128, coordinates as they come."""


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


def against_reference(frame: pd.DataFrame) -> pd.DataFrame:
    """Our neural estimators beside the earlier run on its ten tasks, as absolute errors in nats."""
    ours = frame[frame["task"].isin(list(REFERENCE))].pivot(index="task", columns="estimator", values="bias").abs()
    rows = ours.reindex([t for t in REFERENCE if t in ours.index])[[c for c in ours.columns if c not in CLOSED]]
    for column, name in enumerate(("earlier InfoNCE concat", "earlier InfoNCE separable", "earlier SMILE concat"), 1):
        rows[name] = [abs(REFERENCE[t][column] - REFERENCE[t][0]) for t in rows.index]
    rows = rows.dropna(axis=1)  # an estimator that lacks a task has no mean to compare
    rows.loc["mean"] = rows.mean()
    return rows.T.sort_values("mean").reset_index(names="estimator")


def write_report(records: list[dict[str, Any]], out: Path) -> None:
    """Write ``table.csv``, ``heatmap.svg`` and ``README.md``."""
    frame = table(records)
    write_text(out / "table.csv", frame.to_csv(index=False, float_format="%.4f"))
    exact = exact_critic()
    write_text(out / "exact_critic.csv", exact.to_csv(index=False, float_format="%.4f"))
    _draw(frame, out / "heatmap.svg")
    write_text(out / "README.md", _text(frame, exact))


def _text(frame: pd.DataFrame, exact: pd.DataFrame) -> str:
    learned = frame[~frame["estimator"].isin(CLOSED)].dropna(subset="bias")
    best = learned.loc[learned["bias"].abs().groupby(learned["task"]).idxmin()]
    missed = best[best["bias"].abs() > WITHIN]
    lines = [
        "# Calibration of the information estimators",
        "",
        f"Tasks of known information, {PAIRS:,} pairs each: {FITTED:,} fit the critic (900 of them choose its step), "
        f"{PAIRS - FITTED:,} are measured in one matrix. Values in nats. `table.csv` has every task.",
        "",
        "Normal scores of ranks and a Gaussian start favour tasks that are a Gaussian behind rising maps of single "
        "coordinates, and many of these tasks are. `infonce-plain` has neither; spiral, Student, swiss roll, additive, "
        "mixture and channel tasks are not of that kind. `b@t` is bound b read from the critic that t trained; the "
        "`information` stage reads `infonce` critics.",
        "",
        "`python -m infoviews calibrate --out reports/calibration` runs what is not on file yet and writes this again. "
        "`seeds` is the fewest samples behind a task's mean; with one there is no spread. An estimator with fewer "
        f"than {len(tasks())} tasks is not finished. Seconds are wall time with whatever else the machine was doing.",
        "",
        "![bias of every estimator on every task](heatmap.svg)",
        "",
        "## Estimators over all tasks",
        "",
        _markdown(summary(frame)),
        "",
        f"The best learned estimator lies more than {WITHIN} nats from the truth on "
        + (", ".join(f"{t} ({b:+.2f})" for t, b in zip(missed["task"], missed["bias"], strict=True)) or "no task")
        + ". (Picking the best needs the truth: this says what can be reached, not what one estimator reaches.)",
        "",
        "## Beside an earlier, untuned run on its ten tasks: absolute errors",
        "",
        _markdown(against_reference(frame)),
        "",
        "## The exact critic: bias that no training can mend",
        "",
        "Mean over batches of 128 rows at the true log ratio of Gaussian pairs, and standard deviation over batches.",
        "",
        _markdown(exact),
        "",
    ]
    return "\n".join(lines)


def _markdown(frame: pd.DataFrame) -> str:
    def shown(value: Any) -> str:
        return f"{value:.3f}" if isinstance(value, float | np.floating) else str(value)

    rows = [list(map(str, frame.columns)), ["---"] * len(frame.columns)]
    rows += [[shown(v) for v in row] for row in frame.itertuples(index=False)]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


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
