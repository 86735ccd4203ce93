"""Gather a study's finished results into few small files, to bring them from one machine to another."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

LIGHT = ("run.json", "facts.json", "history.csv", "sample.json")
"""Of a result with a folder these come along; weights and pairs only where they are named."""

RECORDS = ("views/*/facts.json", "base/*/run.json", "checkpoints/*/run.json", "transfer/*.json", "information/*.json")


def run(
    data: Annotated[Path, typer.Argument(help="Folder of the study's results, data/<study>.")],
    out: Annotated[Path, typer.Argument(help="Folder to write into.")],
    whole: Annotated[
        list[str] | None, typer.Option(help="Result to bring with all its files; may be repeated.")
    ] = None,
) -> None:
    """Records, scores and histories of all phases; of a cell or a base also its weights, if it is named by --whole."""
    from infoviews.commands import _travel

    chosen = sorted(_files(data, set(whole or [])))
    if not chosen:
        raise FileNotFoundError(f"{data}: no finished result in it; give the folder data/<study> of a study that ran")
    out.mkdir(parents=True, exist_ok=True)
    for old in out.glob("results.tar.xz.*"):
        old.unlink()
    _travel.write(out / "results.tar.xz", data, chosen, preset=1)
    parts = _travel.cut(out / "results.tar.xz")
    typer.echo(f"{out}: {len(chosen)} files in {len(parts)} of at most {_travel.PART / 2**20:.0f} MiB")


def _files(data: Path, whole: set[str]) -> Iterator[Path]:
    """Files of results that are finished: those whose record says what they were made from.

    A cell without its weights is no use before it is scored.
    """
    from infoviews.commands._shard import has_folder, name_of
    from infoviews.seals import read_record

    if (data / "representation/manifest.json").is_file():
        yield from (data / "representation").iterdir()
    for record in (path for pattern in RECORDS for path in data.glob(pattern)):
        told = read_record(record)
        name = name_of(record)
        scored = record.parts[-3] != "checkpoints" or (data / f"transfer/{name}.json").is_file()
        if "made_from" not in told or not (scored or name in whole):
            continue
        yield record
        if has_folder(record):
            yield from (record.parent / file for file in told["files"] if file in LIGHT or name in whole)
