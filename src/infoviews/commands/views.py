"""Draw the pairs of view settings."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from infoviews.commands import _shard
from infoviews.files import read_json


def run(
    specs: _shard.Specs, data: _shard.Data, manifest: _shard.Manifest = None, minutes: _shard.Minutes = None
) -> None:
    _shard.run("views", [_job(spec, data) for spec in specs], data, manifest, minutes)


def _job(spec: Path, data: Path) -> _shard.Job:
    out, corpus = data / "views" / spec.stem, data / "corpus"
    inputs = {corpus / "statistics.json": spec.parents[1] / "corpus.json"}
    return _shard.Job(spec, out / "facts.json", partial(_make, read_json(spec), corpus, out), inputs)


def _make(given: dict[str, Any], corpus: Path, out: Path) -> None:
    from infoviews.corpus.store import open_corpus
    from infoviews.pairs import write_missing
    from infoviews.sources import SourceError, mirror_from_environment
    from infoviews.views.drawing.build import build, setting

    view, views = given["view"], given["views"]
    mirror = mirror_from_environment()
    asked = (view.get("params"), views["max_tokens"], given["seed"])
    chosen = setting(view["family"], *asked, mirror=mirror, dropout=view.get("dropout"))
    try:
        build(open_corpus(corpus), chosen, views["counts"], out, sample_sources=views.get("sample_sources"))
    except SourceError as error:
        if view.get("role") != "system":  # a published method without its data is a row that says so
            raise
        write_missing(out, str(error))
