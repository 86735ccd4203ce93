"""Make the corpus: clean, split, de-duplicate, drop what overlaps the evaluation, tokenise."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def run(
    spec: Annotated[Path, typer.Option(help='JSON file {"corpus": {…}, "seed": n}')],
    out: Annotated[Path, typer.Option(help="corpus folder to write")],
    tasks: Annotated[Path | None, typer.Option(help="task folder; paragraphs that overlap it are dropped")] = None,
    processes: Annotated[int, typer.Option(min=1, help="parallel processes; the result is the same")] = 2,
) -> None:
    from infoviews.corpus.build import build
    from infoviews.files import read_json
    from infoviews.sources import mirror_from_environment

    total = build(read_json(spec), out, tasks, mirror_from_environment(), processes)["total"]
    kept = ", ".join(f"{total[unit]['kept']:,} {unit}" for unit in ("documents", "sentences", "words", "tokens"))
    typer.echo(f"{out}: {kept}")
