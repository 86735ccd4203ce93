"""Gather a study's finished results into few small files: to bring them elsewhere, and to keep them with a report."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

LIGHT = ("history.csv", "sample.json")
"""Of a result with a folder these come along with its record; weights and pairs only where they are named."""

RECORDS = ("views/*/facts.json", "base/*/run.json", "checkpoints/*/run.json", "transfer/*.json", "information/*.json")

STATISTICS = "corpus/statistics.json"

WHOLE = (STATISTICS, "representation/manifest.json", "representation/*.csv")
"""Files of phases that make one result; they come as they are."""


def run(
    data: Annotated[Path, typer.Argument(help="Folder of the study's results, data/<study>.")],
    out: Annotated[Path, typer.Argument(help="Folder to write into.")],
    whole: Annotated[
        list[str] | None, typer.Option(help="Result to bring with all its files; may be repeated.")
    ] = None,
    lacking: Annotated[
        bool, typer.Option(help="Also rows of published methods whose data or library was not to be had here.")
    ] = True,
) -> None:
    """All that the analysis and the report read; of a cell or a base also its weights, if it is named by --whole.

    A folder whose results differ only in times and machines is left as it is.
    """
    from infoviews.commands import _travel

    chosen = dict(_files(data, set(whole or []), lacking))
    if not chosen.keys() - {STATISTICS}:
        raise FileNotFoundError(f"{data}: no finished result in it; give the folder data/<study> of a study that ran")
    if _lasting(chosen) == _lasting(_there(out)):
        typer.echo(f"{out}: has these results already")
        return
    out.mkdir(parents=True, exist_ok=True)
    for old in out.glob(f"{_travel.RESULTS}.*"):
        old.unlink()
    _travel.write(out / _travel.RESULTS, sorted(chosen.items()), preset=1)
    parts = _travel.cut(out / _travel.RESULTS)
    typer.echo(f"{out}: {len(chosen)} files in {len(parts)} of at most {_travel.PART / 2**20:.0f} MiB")


def _files(data: Path, whole: set[str], lacking: bool) -> Iterator[tuple[str, bytes]]:
    """Name and content of the files of finished results: those whose record says what they were made from.

    Records note as ``elsewhere`` which files stay behind. A cell without its weights is no use before it is scored.

    Raises:
        DamagedResult: a file is not what its record says.
    """
    from infoviews.commands._shard import name_of
    from infoviews.seals import check, read_record, record_text

    for path in (path for pattern in WHOLE for path in data.glob(pattern)):
        yield path.relative_to(data).as_posix(), path.read_bytes()
    left_out: set[str] = set()
    for record in (path for pattern in RECORDS for path in data.glob(pattern)):
        told, name = read_record(record), name_of(record)
        if not lacking and (_lacks(told) or (record.parent.name == "transfer" and name in left_out)):
            left_out.add(name)
            continue
        scored = record.parts[-3] != "checkpoints" or (data / f"transfer/{name}.json").is_file()
        if "made_from" not in told or not (scored or name in whole):
            continue
        files, folder = told.get("files", {}), record.parent.relative_to(data)
        along = {file: seal for file, seal in files.items() if file in LIGHT or name in whole}
        check(record.parent, along)
        yield from (((folder / file).as_posix(), (record.parent / file).read_bytes()) for file in along)
        if "files" in told:
            left = {file: seal for file, seal in files.items() if file not in along}
            told |= {"files": along, "elsewhere": told.get("elsewhere", {}) | left}
        yield (folder / record.name).as_posix(), record_text(told).encode()


def _lacks(told: dict[str, Any]) -> bool:
    """Whether a record says only what was not to be had; of a cell that failed in training it names the step."""
    failed = told.get("status") == "failed" and "files" in told and "step" not in told
    return failed or "missing" in told


def _there(out: Path) -> dict[str, bytes]:
    """Name and content of the files that an earlier call gathered."""
    from infoviews.commands import _travel

    with tempfile.TemporaryDirectory() as temporary:
        try:
            names = _travel.read(_travel.joined(out, Path(temporary) / _travel.RESULTS), Path(temporary))
        except (FileNotFoundError, ValueError):
            return {}
        return {path.relative_to(temporary).as_posix(): path.read_bytes() for path in names}


def _lasting(files: dict[str, bytes]) -> dict[str, Any]:
    """What is the same whenever the study is made; run records also hold times and machines."""
    found: dict[str, Any] = dict(files)
    for name in (name for name in files if name.endswith("run.json")):
        record = json.loads(files[name])
        found[name] = [record.get(key) for key in ("status", "reason", "files", "elsewhere", "made_from")]
    return found
