"""Measure the information that the views of one setting share, on held-out documents."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def run(
    spec: Annotated[Path, typer.Option(help="JSON with the setting, its estimators, critic and seed")],
    views: Annotated[Path, typer.Option(help="folder of the setting's pairs")],
    encoder: Annotated[list[str], typer.Option(help="name=folder of a frozen encoder; may be repeated")],
    out: Annotated[Path, typer.Option(help="JSON file to write")],
) -> None:
    from infoviews.files import read_json
    from infoviews.information.measure import run as measure
    from infoviews.seals import write_record

    named = [part.partition("=") for part in encoder]
    for name, sign, folder in named:
        if not (name and sign and folder):
            raise ValueError(f"information: --encoder is {name + sign + folder!r}; it must be name=folder")
    write_record(out, measure(read_json(spec), views, {name: Path(folder) for name, _, folder in named}))
