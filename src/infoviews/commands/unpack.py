"""Unpack a study on another machine, and print its name."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def run(archive: Annotated[Path, typer.Argument(help="study.tar.xz out of what `infoviews pack` wrote.")]) -> None:
    """Into the current folder, after a look whether the code here is the code that the specs belong to."""
    from infoviews.commands import _travel
    from infoviews.files import read_json
    from infoviews.plan import digest

    names = _travel.read(archive, Path())
    told = read_json(next(name for name in names if name.name == "pack.json"))
    if told["code"] != digest.of_package():
        raise ValueError(
            f"{archive} was packed with code {told['code']}, and the code here is {digest.of_package()}; "
            "use the code that came in the pack, or pack again"
        )
    typer.echo(told["study"])
