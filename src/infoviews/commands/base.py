"""Make one base encoder: random, skip-gram, masked language model, a hub checkpoint or a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def run(
    spec: Annotated[Path, typer.Option(help="spec of the base")],
    corpus: Annotated[Path, typer.Option(help="corpus folder")],
    out: Annotated[Path, typer.Option(help="checkpoint folder to write")],
    initial: Annotated[Path | None, typer.Option(help="checkpoint folder that this base starts from")] = None,
) -> None:
    from infoviews.bases._build import build
    from infoviews.files import read_json

    build(read_json(spec), corpus, initial, out)
