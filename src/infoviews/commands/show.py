"""Show a few pairs of a view family in readable text."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer


def run(
    family: Annotated[str, typer.Argument(help="View family.")],
    corpus: Annotated[Path, typer.Option(help="Corpus folder.")],
    dial: Annotated[str | None, typer.Option(help="Dial value; several values parted by commas.")] = None,
) -> None:
    """Ten pairs, drawn as a study would draw them."""
    from infoviews.corpus.store import open_corpus
    from infoviews.sources import mirror_from_environment
    from infoviews.views.drawing.build import dialled, draw_split, setting
    from infoviews.views.drawing.facts import sample

    params = dialled(family, None if dial is None else _value(dial))
    opened = open_corpus(corpus)
    drawn = draw_split(opened, setting(family, params, mirror=mirror_from_environment()), split=0, count=10)
    for pair in sample(opened, drawn.pairs):
        typer.echo(f"{pair['title']}\n  1  {pair['first']}\n  2  {pair['second']}\n")


def _value(text: str) -> Any:
    """A number, a word, or a list of either, as params.yaml would give it."""
    import yaml

    value = yaml.safe_load(f"[{text}]")
    return value if len(value) != 1 or "," in text else value[0]
