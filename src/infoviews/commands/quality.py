"""Measure what a checkpoint's representation holds of its input, and how far its coordinates repeat each other."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def run(
    checkpoint: Annotated[Path, typer.Option(help="folder of an encoder")],
    views: Annotated[Path, typer.Option(help="folder of a setting's pairs; the texts of the first view are used")],
    out: Annotated[Path, typer.Option(help="JSON file to write")],
    seed: Annotated[int, typer.Option(help="seed of everything drawn")] = 0,
) -> None:
    from infoviews.files import write_json
    from infoviews.representation.quality import run as measure

    write_json(out, measure(checkpoint, views, seed))
