"""Pretrain one cell: objective × view setting × seed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def run(
    spec: Annotated[Path, typer.Option(help="spec of the cell")],
    base: Annotated[Path, typer.Option(help="checkpoint folder that the encoder starts from")],
    base_spec: Annotated[Path, typer.Option(help="spec that the base must have been made from")],
    views: Annotated[Path, typer.Option(help="folder of the setting's pairs")],
    out: Annotated[Path, typer.Option(help="checkpoint folder to write")],
) -> None:
    from infoviews.files import read_json
    from infoviews.pretrain.run import pretrain
    from infoviews.provenance import verify
    from infoviews.training import parallel

    verify(base, base_spec)
    parallel.start()
    pretrain(read_json(spec), base, views, out)
    parallel.stop()
