"""Write the tables and figures of a study, and the index over all studies."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def run(
    spec: Annotated[Path, typer.Option(help="Specification of the study's analysis (JSON).")],
    data: Annotated[Path, typer.Option(help="Folder of the study's stages.")],
    out: Annotated[Path, typer.Option(help="Folder of the report; the index is written beside it.")],
) -> None:
    """Write ``reports/<study>/`` and ``reports/README.md``."""
    from infoviews.files import read_json
    from infoviews.reporting.run import run as write

    write(read_json(spec), data, out)
