"""Write the tables and figures of a study, and the index over all studies."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def run(
    spec: Annotated[Path, typer.Option(help="Specification of the study's analysis (JSON).")],
    data: Annotated[Path, typer.Option(help="Folder of the study's stages.")],
    out: Annotated[Path, typer.Option(help="Folder of the report; the index is written next to it.")],
    readme: Annotated[Path | None, typer.Option(help="Markdown file whose marked part shows this study.")] = None,
) -> None:
    """Write ``reports/<study>/``, ``reports/README.md`` and, if named, the marked part of another file.

    All that analysis and report read is put into ``raw/``; ``infoviews collect`` makes the study's folder of it again.
    """
    from infoviews.commands.results import run as gather
    from infoviews.files import read_json
    from infoviews.reporting.pages.readme import refresh
    from infoviews.reporting.write import run as write

    write(read_json(spec), data, out)
    gather(data, out / "raw")
    if readme is not None:
        refresh(readme, out)
