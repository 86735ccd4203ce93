"""Remove results of view settings and cells that params.yaml no longer names."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def run(params: Annotated[Path, typer.Option(help="parameters of the studies")] = Path("params.yaml")) -> None:
    import yaml

    from infoviews.plan.sync import prune

    for path in prune(yaml.safe_load(params.read_text(encoding="utf-8"))):
        typer.echo(f"removed {path}")
