"""Measure the information that the views of each setting share, on held-out documents."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from infoviews.commands import _shard
from infoviews.files import read_json


def run(
    specs: _shard.Specs, data: _shard.Data, manifest: _shard.Manifest = None, minutes: _shard.Minutes = None
) -> None:
    _shard.run("information", [_job(spec, data) for spec in specs], data, manifest, minutes)


def _job(spec: Path, data: Path) -> _shard.Job:
    given, views = read_json(spec), data / "views" / spec.stem
    encoders = {name: data / "base" / name for name in given["information"].get("features", [])}
    inputs = {views / "facts.json": spec.parents[1] / "views" / spec.name}
    inputs |= {folder / "run.json": spec.parents[1] / "base" / f"{name}.json" for name, folder in encoders.items()}
    out = data / "information" / spec.name
    return _shard.Job(spec, out, partial(_make, given, views, encoders, out), inputs)


def _make(given: dict[str, Any], views: Path, encoders: dict[str, Path], out: Path) -> None:
    from infoviews.information.measure import run as measure
    from infoviews.seals import write_record

    write_record(out, measure(given, views, encoders))
