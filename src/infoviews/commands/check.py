"""List what is damaged or missing in a study's folder: every record, and every file that a record names."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def run(study: Annotated[Path, typer.Argument(help="Folder of the study's stages, such as data/quick.")]) -> None:
    """Exit status 1 if there is anything to list."""
    from infoviews.seals import walk

    if not study.is_dir():
        raise FileNotFoundError(f"{study}: no such folder; give the folder of a study, such as data/quick")
    records, found = walk(study)
    for fault in found:
        typer.echo(fault)
    typer.echo(f"{study}: {records} results, {len(found)} damaged or missing files")
    raise typer.Exit(1 if found else 0)
