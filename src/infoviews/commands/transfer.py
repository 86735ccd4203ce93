"""Score bases and cells on the transfer tasks; the specs given are those of the encoders."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from infoviews.commands import _shard
from infoviews.files import read_json


def run(
    specs: _shard.Specs, data: _shard.Data, manifest: _shard.Manifest = None, minutes: _shard.Minutes = None
) -> None:
    _shard.run("transfer", [_job(spec, data) for spec in specs], data, manifest, minutes)


def _job(made_from: Path, data: Path) -> _shard.Job:
    folder = data / {"base": "base", "pretrain": "checkpoints"}[made_from.parent.name] / made_from.stem
    spec, tasks, out = made_from.parents[1] / "transfer.json", data / "tasks", data / "transfer" / made_from.name
    inputs = {folder / "run.json": made_from, tasks / "manifest.json": made_from.parents[1] / "tasks.json"}
    return _shard.Job(spec, out, partial(_make, read_json(spec)["transfer"], folder, tasks, out), inputs)


def _make(given: dict[str, Any], checkpoint: Path, tasks: Path, out: Path) -> None:
    from infoviews.encoders.checkpoint import load
    from infoviews.seals import write_record
    from infoviews.transfer.evaluate import evaluate

    made = read_json(checkpoint / "run.json")
    if made["status"] == "failed":
        write_record(out, {"name": checkpoint.name, "status": "failed", "reason": made["reason"]})
        return
    names, seed = given["names"], given.get("seed", 0)
    result = evaluate(load(checkpoint).encode, tasks, names, given["protocol"], given.get("params"), seed)
    write_record(out, {"name": checkpoint.name, "status": "finished", **result})
