"""Say whether a study was reproduced: compare two folders of reports, the first with the numbers to be reproduced."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def run(
    first: Annotated[Path, typer.Argument(help="Report to be reproduced, such as reports/quick.")],
    second: Annotated[Path, typer.Argument(help="Report on the same study, made anew.")],
) -> None:
    """Exit status 1 if the verdict is another or a number lies outside its interval."""
    from infoviews.reporting.compare import compare

    found = compare(first, second)
    typer.echo("\n".join(found.lines()))
    raise typer.Exit(0 if found.reproduced else 1)
