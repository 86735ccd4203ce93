"""Make base encoders: random, skip-gram, masked language model, a hub checkpoint, a folder and others."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from infoviews.commands import _shard
from infoviews.files import read_json


def run(
    specs: _shard.Specs, data: _shard.Data, manifest: _shard.Manifest = None, minutes: _shard.Minutes = None
) -> None:
    _shard.run("base", [_job(spec, data) for spec in specs], data, manifest, minutes)


def _job(spec: Path, data: Path) -> _shard.Job:
    given, out = read_json(spec), data / "base" / spec.stem
    ((_, params),) = given["base"].items()
    initial = (params or {}).get("initial")
    start = data / "base" / initial if initial else None
    inputs = {data / "corpus/statistics.json": spec.parents[1] / "corpus.json"}
    if start:
        inputs[start / "run.json"] = spec.with_name(f"{initial}.json")
    return _shard.Job(spec, out / "run.json", partial(_make, given, data / "corpus", start, out), inputs)


def _make(given: dict, corpus: Path, initial: Path | None, out: Path) -> None:
    from infoviews.bases._build import build

    build(given, corpus, initial, out)
