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
    from infoviews.pairs import read_facts
    from infoviews.pretrain.cell import leave_out, pretrain
    from infoviews.provenance import verify
    from infoviews.training import parallel

    made = verify(base, base_spec)
    reason = made.get("reason") or read_facts(views).get("missing")
    if reason:
        leave_out(read_json(spec), out, reason)
        return
    parallel.start()
    pretrain(read_json(spec), base, views, out)
    parallel.stop()
