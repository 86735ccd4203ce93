"""Many results of one phase in one process: what is finished stays, whatever happens to the rest.

The record of each result says what it was made from (``made_from``: digests of its spec and of what it read), so a
result that is there already is left alone. A manifest, written last, names every result with the hashes of its files.
It is the only output that Snakemake knows of, since Snakemake removes the declared outputs of a job that failed.
"""

from __future__ import annotations

import fcntl
import logging
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer

from infoviews import seals
from infoviews.files import read_json
from infoviews.plan import shards
from infoviews.provenance import content_of, origin_of
from infoviews.training import clock

log = logging.getLogger(__name__)

MENDABLE = (ValueError, KeyError, OSError, RuntimeError, FloatingPointError)
"""Errors that end one result and leave the others their turn."""


Specs = Annotated[list[Path], typer.Argument(help="Spec files of the results to make.")]
Data = Annotated[Path, typer.Option(help="Folder of the study's results, data/<study>.")]
Manifest = Annotated[Path | None, typer.Option(help="File to write last: what was made, with hashes.")]
Minutes = Annotated[float | None, typer.Option(min=0, help="End in time with what is finished; a next call goes on.")]


@dataclass(frozen=True)
class Job:
    """One result of a phase.

    Attributes:
        spec: file of its spec.
        record: JSON file that ``work`` writes last. A result of several files has a folder of its own for them.
        work: makes the result.
        inputs: records of what it reads → the spec file that each must have been made from, None where it has none.
    """

    spec: Path
    record: Path
    work: Callable[[], None]
    inputs: Mapping[Path, Path | None] = field(default_factory=dict)


def has_folder(record: Path) -> bool:
    """Whether a result has other files next to its record, and so a folder of its own."""
    return record.name in ("run.json", "facts.json")


def name_of(record: Path) -> str:
    """The name of a result within its phase: that of its folder, or of its record if it has none."""
    return record.parent.name if has_folder(record) else record.stem


def run(phase: str, jobs: list[Job], data: Path, manifest: Path | None = None, minutes: float | None = None) -> None:
    """Make the results that are not there yet, one after another, and write the manifest when all are.

    Args:
        phase: for messages and the manifest.
        jobs: in the order in which they run.
        data: folder of the study's results.
        manifest: file to write at the end; None writes none.
        minutes: time after which this call ends with what it has finished. A cell in training saves its state.

    Raises:
        RuntimeError: some results failed, and the message names the first; or SIGTERM came. What is finished stays.
    """
    failed: dict[str, str] = {}
    with _alone(manifest), clock.until(minutes) as limit:
        began, done = time.monotonic(), 0
        try:
            for job in jobs:
                limit.listen()
                how = _made(job)
                failed |= {name_of(job.record): how} if how.startswith("failed") else {}
                done += 1
                left = clock.spoken((len(jobs) - done) * (time.monotonic() - began) / done)
                _tell(f"{phase} {done} of {len(jobs)}: {name_of(job.record)} {how}, about {left} left")
        except clock.Stop as stop:
            told = f"{phase}: {stop} after {done} of {len(jobs)} results; the next call goes on from there"
            if limit.stopped != clock.TIME_IS_UP:
                raise RuntimeError(told) from stop
            _tell(told)
            return
    if failed:
        name, how = next(iter(failed.items()))
        raise RuntimeError(f"{phase}: {len(failed)} of {len(jobs)} failed, the others are finished; {name} {how}")
    if manifest is not None and _writes():
        write_manifest(manifest, phase, [job.record for job in jobs], data)


def write_manifest(manifest: Path, phase: str, records: list[Path], data: Path) -> None:
    """Name results, each with its spec's digest and size and sha256 of its record and files."""
    results = {name_of(record): _entry(record, data) for record in records}
    seals.write_record(manifest, {"phase": phase, "results": results})


def write_manifests(study: dict[str, Any], data: Path, asked: int | str) -> None:
    """The manifests that Snakemake asks for on this machine, of results that came from elsewhere.

    ``asked`` is the key ``shards`` of params.yaml.

    Raises:
        FileNotFoundError: a result is missing.
    """
    for phase in shards.SHARDED:
        count = shards.number(study, phase, asked, os.cpu_count() or 1)
        for index in range(count):
            records = [data / shards.record_of(phase, name) for name in shards.shard(study, phase, index, count)]
            if records:
                name = f"{phase}/{index}-of-{count}"
                write_manifest(data / f"shards/{name}.json", phase, records, data)
                # Snakemake takes a job for as old as its benchmark, and this one is of an earlier run.
                Path("logs", data.name, "benchmark", f"{name}.tsv").unlink(missing_ok=True)


def _made(job: Job) -> str:
    """Make one result unless it is there already; says how that went."""
    try:
        origin = {"spec": origin_of(job.spec), "inputs": {_name(r): content_of(r, s) for r, s in job.inputs.items()}}
        if job.record.is_file() and _is_there(job, origin):
            return "was there"
        began = time.monotonic()
        if _writes():
            job.record.unlink(missing_ok=True)  # a result without its record is unfinished
        job.work()
        if _writes():
            seals.write_record(job.record, {**seals.read_record(job.record), "made_from": origin})
        return f"took {time.monotonic() - began:.1f} s"
    except MENDABLE as error:
        if type(error).__name__ == "AcceleratorError":  # torch's, which some phases do without
            raise clock.Stop(f"the GPU is gone at {name_of(job.record)}: {error}") from error
        reason = error.args[0] if isinstance(error, KeyError) and error.args else error
        log.error("%s: %s", name_of(job.record), reason)
        return f"failed: {reason}"


def _is_there(job: Job, origin: dict[str, Any]) -> bool:
    """Whether a result was made from the same, and its files have their sizes; readers look at their hashes."""
    try:
        record = seals.read_record(job.record)
    except seals.DamagedResult as damage:
        log.warning("%s", damage)
        return False
    files = record.get("files", {}).items()
    return record.get("made_from") == origin and all(
        (path := job.record.parent / name).is_file() and path.stat().st_size == told["bytes"] for name, told in files
    )


def _entry(path: Path, data: Path) -> dict[str, Any]:
    record = read_json(path)
    folder = path.parent.relative_to(data).as_posix()
    files = {**record.get("files", {}), **seals.seal(path.parent, [path.name])}
    return {"spec": record["made_from"]["spec"], "files": {f"{folder}/{name}": told for name, told in files.items()}}


def _name(record: Path) -> str:
    """Of an input: its place below the study's folder."""
    return "/".join(record.parts[-3:])


def _writes() -> bool:
    """Of several processes that share one cell, the first one writes."""
    return os.environ.get("RANK", "0") == "0"


def _tell(message: str) -> None:
    """To the log and, one line a result, to whoever looks at the terminal."""
    log.info(message)
    if _writes():
        typer.echo(message)


@contextmanager
def _alone(manifest: Path | None) -> Iterator[None]:
    """Only one process at a time works on a manifest; a second one says so and waits."""
    if manifest is None or not _writes():
        yield
        return
    manifest.parent.mkdir(parents=True, exist_ok=True)
    with manifest.with_suffix(".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _tell(f"another process works on {manifest}; this one waits for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
