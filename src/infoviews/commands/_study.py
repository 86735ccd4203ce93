"""Options of commands that work on one study of params.yaml, and the study that they mean."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

Params = Annotated[Path, typer.Option(help="Parameters of the studies.")]
Name = Annotated[str | None, typer.Option(help="The study; by default the one that params.yaml chooses.")]
PARAMS = Path("params.yaml")


def config_of(params: Path, study: str | None = None) -> dict[str, Any]:
    """The content of params.yaml, with another study chosen if one is named."""
    import yaml

    config = yaml.safe_load(params.read_text(encoding="utf-8"))
    return config | ({"study": study} if study else {})
