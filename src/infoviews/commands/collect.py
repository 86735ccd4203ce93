"""Take over results of a study from the folder that ``results`` wrote: from another machine, or with a report."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from infoviews.commands import _study


def run(
    folder: Annotated[Path, typer.Argument(help="Folder that `infoviews results` wrote, or `raw` of a report.")],
    params: _study.Params = _study.PARAMS,
    study: _study.Name = None,
) -> None:
    """Each result must be of the spec that the study has now. If all are there, only analysis and report are to do."""
    from infoviews.commands import _shard, _travel
    from infoviews.plan import shards
    from infoviews.plan.params import study_of
    from infoviews.plan.sync import ROOT, sync

    config = _study.config_of(params, study)
    sync(config)
    chosen, data = study_of(config), Path("data") / config["study"]
    named = [(phase, name) for phase in shards.SHARDED for name in shards.results(chosen, phase)]
    data.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=data) as temporary:
        brought = Path(temporary)
        _travel.read(_travel.joined(folder, brought / _travel.RESULTS), brought)
        there = [item for item in named if (brought / shards.record_of(*item)).is_file()]
        for phase, name in there:
            spec = "transfer.json" if phase == "transfer" else shards.made_from(chosen, phase, name)
            _check(brought / shards.record_of(phase, name), ROOT / config["study"] / spec)
        for item in there:
            _take(brought / shards.record_of(*item), data / shards.record_of(*item))
        if not (data / "corpus/statistics.json").exists():
            _move(brought, data, brought.glob("corpus/statistics.json"))
        compared = _take_comparison(brought, data)
    missing = [(phase, name) for phase, name in named if not (data / shards.record_of(phase, name)).is_file()]
    typer.echo(f"{len(there)} results taken over")
    if missing:
        typer.echo(f"{len(missing)} of {len(named)} are still to be made, the first is {' '.join(missing[0])}")
        specs = [(phase, ROOT / config["study"] / shards.made_from(chosen, phase, name)) for phase, name in missing]
        if away := _left_behind(specs, data):
            typer.echo(
                f"they need files that did not come along, of {', '.join(away)}: bring these results by --whole,"
            )
            typer.echo(f"or remove their folders below {data}, and Snakemake makes them again")
    else:
        _shard.write_manifests(chosen, data, config.get("shards", "auto"))
        for path in compared:
            path.touch()  # no older than the manifests, or Snakemake would compare encoders without their weights


def _left_behind(specs: list[tuple[str, Path]], data: Path) -> list[str]:
    """Names of results that others are made from, and of which only the record came along."""
    from infoviews.commands._shard import name_of
    from infoviews.files import read_json

    found: dict[str, None] = {}
    for phase, spec in specs:
        job = import_module(f"infoviews.commands.{phase}")._job(spec, data)
        found |= {
            name_of(record): None for record in job.inputs if record.is_file() and read_json(record).get("elsewhere")
        }
    return list(found)


def _check(record: Path, spec: Path) -> None:
    """Compare a result with the study's spec, and its files with their hashes.

    Raises:
        StaleResult: it was made from another spec.
        DamagedResult: a file is not what its record says.
    """
    from infoviews import seals
    from infoviews.provenance import StaleResult, origin_of

    told = seals.read_record(record)
    if told["made_from"]["spec"] != origin_of(spec):
        raise StaleResult(
            f"{record.parent.name}/{record.name} was made from a spec with digest {told['made_from']['spec']}, and "
            f"{spec} has {origin_of(spec)}: other parameters or code; nothing was taken over, pack and run again"
        )
    seals.check(record.parent, told.get("files", {}))


def _take(record: Path, place: Path) -> None:
    """Move a result into the study, unless the study has the same one with all its files."""
    from infoviews.files import read_json

    told, own = read_json(record), read_json(place) if place.is_file() else {}
    if own.get("made_from") != told["made_from"] or own.get("elsewhere"):
        _move(record.parent, place.parent, [*(record.parent / name for name in told.get("files", {})), record])


def _take_comparison(brought: Path, data: Path) -> list[Path]:
    """Move the comparison of encoders, which has no record of its own but a seal of its tables."""
    from infoviews import seals

    if not (brought / "representation").is_dir():
        return []
    seals.read_whole(brought / "representation/manifest.json")
    _move(brought, data, (brought / "representation").iterdir())
    return sorted((data / "representation").iterdir())


def _move(folder: Path, into: Path, files: Iterable[Path]) -> None:
    for path in files:
        place = into / path.relative_to(folder)
        place.parent.mkdir(parents=True, exist_ok=True)
        os.replace(path, place)
