"""Remove results of view settings and cells that params.yaml no longer names."""

from __future__ import annotations

import typer

from infoviews.commands import _study


def run(params: _study.Params = _study.PARAMS) -> None:
    from infoviews.plan.sync import prune

    for path in prune(_study.config_of(params)):
        typer.echo(f"removed {path}")
