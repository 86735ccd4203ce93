"""Join transfer with information and test whether transfer peaks in between."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def run(
    spec: Annotated[Path, typer.Option(help="Specification of the study's analysis (JSON).")],
    data: Annotated[Path, typer.Option(help="Folder of the study's stages.")],
    out: Annotated[Path, typer.Option(help="Folder to write to.")],
) -> None:
    """Write the tidy results, the means per setting and the shape of every curve."""
    from infoviews.analysis.analyse import run as analyse
    from infoviews.files import read_json

    analyse(read_json(spec), data, out)
