"""Bring the tasks' files: from the mirror first, else out of the public archive; each checked before it is used."""

from __future__ import annotations

import logging
import shutil
import tarfile
import urllib.error
import urllib.request
from functools import lru_cache
from pathlib import Path

from infoviews import registry, sources
from infoviews.contracts import Split
from infoviews.files import replacing, sha256, stamp, write_text
from infoviews.seals import check, read_record, read_whole, seal, write_record
from infoviews.transfer.tasks import _task
from infoviews.transfer.tasks._task import Task, TaskFile

log = logging.getLogger(__name__)

MANIFEST = "manifest.json"
SENTENCES = "sentences.txt"


def get_task(name: str) -> Task:
    """The task of a module ``infoviews.transfer.tasks.<name>``.

    Raises:
        KeyError: no such task; the nearest and all known ones are named.
    """
    return registry.get("transfer.tasks", name).TASK


def fetch_tasks(names: list[str], destination: Path, mirror: Path | None) -> dict[str, dict[str, int]]:
    """Bring the files of the named tasks, in SentEval's layout, with ``manifest.json`` and ``sentences.txt``.

    Args:
        names: task names.
        destination: folder to fill; files already there with the right digest are kept.
        mirror: folder that may hold ``senteval/downstream``, or ``None``.

    Returns:
        Task → file → its number of rows.

    Raises:
        KeyError: an unknown task.
        infoviews.sources.SourceError: a file is in neither place, or is not the published one.
    """
    tasks = [get_task(name) for name in names]
    _bring(tasks, destination, mirror)
    return describe(destination, tasks)


def fetch_missing(names: list[str], folder: Path, mirror: Path | None) -> None:
    """Bring those of the named tasks that ``folder`` lacks; the tasks that it holds stay as they are.

    Raises:
        KeyError: an unknown task.
        ValueError: a task that is held is damaged, or has another file (of a generated task) where one is to go.
        infoviews.sources.SourceError: as ``fetch_tasks`` does.
    """
    there = held(folder)
    wanted = [get_task(name) for name in dict.fromkeys(names) if name not in there]
    if not wanted:
        return
    sealed = read_whole(folder / MANIFEST)["files"] if there else {}  # a damaged file must not enter the new manifest
    digests = {path: facts["sha256"] for path, facts in sealed.items()}
    for task in wanted:
        for file in task.files:
            if digests.get(file.path, file.sha256) != file.sha256:
                raise ValueError(
                    f"{folder / file.path}: belongs to a task that the folder holds and is not the published file that "
                    f"task {task.name!r} needs; fetch it into another folder"
                )
    log.info("%s: adding %s", folder, ", ".join(task.name for task in wanted))
    _bring(wanted, folder, mirror)
    describe(folder, [*map(get_task, there), *wanted])


def describe(folder: Path, tasks: list[Task]) -> dict[str, dict[str, int]]:
    """Write ``sentences.txt``, then ``manifest.json``, for the files in ``folder`` (published or generated)."""
    sentences = {text for task in tasks for part in task.read(folder).values() for side in part.texts for text in side}
    write_text(folder / SENTENCES, "".join(f"{text}\n" for text in sorted(sentences - {""})))
    listed = {task.name: {file.path: _rows(folder / file.path) for file in task.files} for task in tasks}
    sealed = seal(folder, {SENTENCES}.union(*listed.values()))
    write_record(folder / MANIFEST, {"tasks": listed, "files": sealed})
    return listed


def held(folder: Path) -> list[str]:
    """Names of the tasks that a folder holds; none where it has no manifest.

    Raises:
        DamagedResult: the manifest is damaged.
    """
    return list(read_record(folder / MANIFEST)["tasks"]) if (folder / MANIFEST).is_file() else []


def read_task(folder: Path, name: str) -> dict[str, Split]:
    """The parts of a task in file order, after its files were checked against the folder's manifest.

    Raises:
        KeyError: an unknown task, or one that the folder does not hold.
        DamagedResult: the manifest, or a file that is missing or is not the one in the manifest.
        ValueError: a part with no example.
    """
    get_task(name)
    manifest = read_record(folder / MANIFEST)
    if name not in manifest["tasks"]:
        raise KeyError(f"{folder} holds no task {name!r}, only {', '.join(sorted(manifest['tasks'])) or 'none'}")
    files = {path: manifest["files"][path] for path in manifest["tasks"][name]}
    check(folder, files)
    return _read(folder, name, stamp(folder / MANIFEST, *(folder / path for path in files)))


@lru_cache(maxsize=32)
def _read(folder: Path, name: str, written: tuple[tuple[str, int, int], ...]) -> dict[str, Split]:
    """Kept for the next encoder that is scored, as long as no file is ``written`` anew."""
    parts = get_task(name).read(folder)
    for part, split in parts.items():
        if not len(split.labels):
            raise ValueError(f"{folder}: the {part} part of task {name!r} holds no example")
    return parts


def _source(file: TaskFile) -> sources.SourceFile:
    return sources.SourceFile(f"{_task.MIRROR_FOLDER}/{file.path}", file.sha256, rows=file.rows)


def _rows(path: Path) -> int:
    with path.open("rb") as file:
        return sum(1 for _ in file)


def _bring(tasks: list[Task], destination: Path, mirror: Path | None) -> None:
    wanted = {file.path: _source(file) for task in tasks for file in task.files}
    absent = {}
    for path, source in wanted.items():
        held = destination / path
        if held.is_file() and sha256(held) == source.sha256:
            continue
        if mirror is not None and (mirror / source.path).is_file():
            sources.fetch(source, held, mirror)
        else:
            absent[path] = source
    if absent:
        _extract(absent, destination, mirror)


def _extract(absent: dict[str, sources.SourceFile], destination: Path, mirror: Path | None) -> None:
    """Stream the archive once and keep the members that are wanted."""
    log.info("fetching %d task files out of %s", len(absent), _task.ARCHIVE)
    missing = dict(absent)
    failure = "no such member"
    try:
        with (
            urllib.request.urlopen(_task.ARCHIVE, timeout=60) as answer,
            tarfile.open(fileobj=answer, mode="r|*") as archive,
        ):
            for member in archive:
                path = next((path for path in missing if f"/{member.name}".endswith(f"/{path}")), None)
                content = archive.extractfile(member) if path and member.isfile() else None
                if path is None or content is None:
                    continue
                source = missing.pop(path)
                with replacing(destination / path) as temporary:
                    with temporary.open("wb") as file:
                        shutil.copyfileobj(content, file)
                    sources.check(source, temporary, f"{_task.ARCHIVE}, member {member.name}")
                if not missing:
                    return
    except (urllib.error.URLError, TimeoutError, ConnectionError, tarfile.TarError) as error:
        failure = str(getattr(error, "reason", error))
    first = next(iter(missing.values())).path
    tried = f"{mirror / first} (no such file)" if mirror else f"a mirror ({sources.VARIABLE} is not set)"
    raise sources.SourceError(
        f"{len(missing)} task files were not found, among them {first}. Tried: {tried}; {_task.ARCHIVE} ({failure}). "
        f"Set {sources.VARIABLE} to a folder that holds {first}, or run where the public address can be reached."
    )
