"""Hold the estimators of information against pairs of real texts that share a known amount."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def run(
    kind: Annotated[str, typer.Option("--kinds", help="Collections of labelled texts parted by commas.")] = "sources",
    level: Annotated[str, typer.Option("--levels", help="Nats parted by commas, or 'all'.")] = "all",
    critic: Annotated[str, typer.Option("--critics", help="Critics parted by commas, or 'all'.")] = "all",
    seeds: Annotated[int, typer.Option(min=1, help="Repetitions.")] = 3,
    work: Annotated[Path, typer.Option(help="Folder of encoded texts and single results.")] = Path(
        "data/calibration/texts"
    ),
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for table, figure and summary (none without); runs listed there are not run again."),
    ] = None,
) -> None:
    from infoviews.calibration import realtext
    from infoviews.calibration.realtext_report import read_runs, table, together, write_report
    from infoviews.sources import VARIABLE, mirror_from_environment

    mirror = mirror_from_environment()
    if mirror is None:
        raise ValueError(f"the texts are in the mirror; set {VARIABLE} to its folder")
    levels = realtext.LEVELS if level == "all" else tuple(map(float, level.split(",")))
    names = realtext.critics() if critic == "all" else critic.split(",")
    runs = [
        realtext.Run(k, nats, c, seed)
        for seed in range(seeds)
        for k in kind.split(",")
        for nats in levels
        for c in names
    ]
    earlier = read_runs(out) if out is not None else []
    records = together(realtext.study(work, mirror, runs, earlier), earlier)
    typer.echo(table(records).to_string(index=False, float_format="%.3f"))
    if out is not None:
        write_report(records, work, mirror, out)
