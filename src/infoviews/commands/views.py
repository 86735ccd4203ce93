"""Draw the pairs of one view setting, or show a few of them in readable text."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer


def run(
    corpus: Annotated[Path, typer.Option(help="Corpus folder.")],
    spec: Annotated[Path | None, typer.Option(help="Spec of the setting (JSON).")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the pairs.")] = None,
    show: Annotated[str | None, typer.Option(help="View family to show instead of writing.")] = None,
    dial: Annotated[str | None, typer.Option(help="Dial value for --show; several values parted by commas.")] = None,
    workers: Annotated[int, typer.Option(min=1, help="Threads; the pairs do not depend on them.")] = 1,
) -> None:
    """Write a setting's folder (``--spec`` and ``--out``) or print pairs of a family (``--show`` and ``--dial``)."""
    from infoviews.corpus.store import open_corpus
    from infoviews.files import read_json
    from infoviews.pairs import write_missing
    from infoviews.sources import SourceError, mirror_from_environment
    from infoviews.views._build import build, setting

    if show is not None:
        _show(open_corpus(corpus), show, dial)
        return
    if spec is None or out is None:
        raise ValueError("views: give --spec and --out to write pairs, or --show to print some")
    given = read_json(spec)
    view, views = given["view"], given["views"]
    chosen = setting(
        view["family"], view.get("params"), views["max_tokens"], given["seed"], mirror=mirror_from_environment()
    )
    try:
        build(open_corpus(corpus), chosen, views["counts"], out, workers, views.get("sample_sources"))
    except SourceError as error:
        if view.get("role") != "system":  # a published method without its data is a row that says so
            raise
        write_missing(out, str(error))


def _show(corpus: Any, family: str, dial: str | None) -> None:
    from infoviews import registry
    from infoviews.sources import mirror_from_environment
    from infoviews.views._build import draw_split, setting
    from infoviews.views._facts import sample

    name = registry.get("views", family).DIAL
    params = {name: _value(dial)} if dial is not None and name else {}
    if name and dial is None:
        raise ValueError(f"views: {family} has the dial {name!r}; give its value with --dial")
    drawn = draw_split(corpus, setting(family, params, mirror=mirror_from_environment()), split=0, count=10)
    for pair in sample(corpus, drawn.pairs):
        typer.echo(f"{pair['title']}\n  1  {pair['first']}\n  2  {pair['second']}\n")


def _value(text: str) -> Any:
    """A number, a word, or a list of either, as params.yaml would give it."""
    import yaml

    value = yaml.safe_load(f"[{text}]")
    return value if len(value) != 1 or "," in text else value[0]
