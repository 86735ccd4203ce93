"""Hold every estimator of information against tasks whose truth is known exactly."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def run(
    task: Annotated[str, typer.Option("--tasks", help="Tasks parted by commas, or 'all'.")] = "all",
    estimator: Annotated[str, typer.Option("--estimators", help="Estimators parted by commas, or 'all'.")] = "all",
    seeds: Annotated[int, typer.Option(min=1, help="Samples per task.")] = 3,
    work: Annotated[Path, typer.Option(help="Folder of single results; results already there are kept.")] = Path(
        "data/calibration"
    ),
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for table, figure and summary (none without); runs listed there are not run again."),
    ] = None,
) -> None:
    from infoviews.calibration.calibrate import calibrate, estimators
    from infoviews.calibration.report import read_runs, table, write_report
    from infoviews.calibration.tasks import tasks

    names = list(tasks()) if task == "all" else task.split(",")
    wanted = estimators() if estimator == "all" else estimator.split(",")
    records = calibrate(work, names, wanted, seeds, read_runs(out) if out is not None else None)
    typer.echo(table(records).to_string(index=False, float_format="%.3f"))
    if out is not None:
        write_report(records, out)
