"""Compare the study's encoders, measure what they hold and draw a task as they see it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def run(
    spec: Annotated[Path, typer.Option(help="JSON with the main objective, its cells, controls, task names and seed")],
    data: Annotated[Path, typer.Option(help="folder of the study")],
    out: Annotated[Path, typer.Option(help="folder to write to")],
) -> None:
    import torch

    from infoviews.files import read_json
    from infoviews.representation.measure import run as measure

    torch.set_num_threads(1)  # sums in one order: the same bytes on any number of cores
    measure(read_json(spec), data, out)
