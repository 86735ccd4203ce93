"""Pretrain cells: objective × view setting × seed, each from its base to a checkpoint folder."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from infoviews.commands import _shard
from infoviews.files import read_json


def run(
    specs: _shard.Specs, data: _shard.Data, manifest: _shard.Manifest = None, minutes: _shard.Minutes = None
) -> None:
    from infoviews.training import parallel

    parallel.start()
    _shard.run("pretrain", [_job(spec, data) for spec in specs], data, manifest, minutes)
    parallel.stop()


def _job(spec: Path, data: Path) -> _shard.Job:
    given = read_json(spec)
    base, views = data / "base" / given["start"], data / "views" / given["setting"]
    inputs = {
        base / "run.json": spec.parents[1] / "base" / f"{given['start']}.json",
        views / "facts.json": spec.parents[1] / "views" / f"{given['setting']}.json",
    }
    out = data / "checkpoints" / spec.stem
    return _shard.Job(spec, out / "run.json", partial(_make, given, base, views, out), inputs)


def _make(given: dict, base: Path, views: Path, out: Path) -> None:
    from infoviews.pairs import read_facts
    from infoviews.pretrain.cell import leave_out, pretrain

    reason = read_json(base / "run.json").get("reason") or read_facts(views).get("missing")
    if reason:
        leave_out(given, out, reason)
    else:
        pretrain(given, base, views, out)
