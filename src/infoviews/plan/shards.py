"""Shards: the slices of a phase that one process works through, and the manifests in which they name what they made."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from infoviews.plan.cells import cells
from infoviews.plan.phases import initial_of
from infoviews.seals import DamagedResult, read_record

log = logging.getLogger(__name__)

Study = dict[str, Any]

SHARDED = ("views", "base", "pretrain", "transfer", "information")
"""Phases whose jobs are shards, in the order in which they can run."""


def results(study: Study, phase: str) -> list[str]:
    """Names of a phase's results, in the order in which they are made.

    Views of published methods are trained on and not measured: their cells stand next to the curve.
    """
    if phase == "pretrain":
        return [cell.name for cell in cells(study)]
    if phase == "transfer":
        return [*study["bases"], *results(study, "pretrain")]
    if phase == "base":
        return sorted(study["bases"], key=lambda base: len(_chain(study, base)))
    settings = study["views"]["settings"]
    return [name for name in settings if phase == "views" or settings[name].get("role") != "system"]


def number(study: Study, phase: str, asked: int | str, cores: int, gpus: int = 1) -> int:
    """Shards of a phase: as many as ``asked``, or under ``auto`` as can work side by side, one for each GPU that a job
    asks for, or else for each core."""
    if asked != "auto":
        return int(asked)
    if study["gpu"] and phase != "views":
        return max(gpus // study["gpu"], 1)
    return max(cores // (study["threads"]["pretrain"] if phase == "pretrain" else 1), 1)


def shard(study: Study, phase: str, index: int, count: int) -> list[str]:
    """One of ``count`` slices of a phase's results: every ``count``-th one, so that all slices get through the grid
    at the same pace. Bases that start from one another are in one slice, in order."""
    names = results(study, phase)
    if phase != "base":
        return names[index::count]
    first = list(dict.fromkeys(_chain(study, base)[-1] for base in names))
    return [base for base in names if first.index(_chain(study, base)[-1]) % count == index]


def names(study: Study, phase: str, count: int) -> list[str]:
    """``<index>-of-<count>`` of every shard that holds something."""
    return [f"{index}-of-{count}" for index in range(count) if shard(study, phase, index, count)]


def made_from(study: Study, phase: str, name: str) -> str:
    """The spec that names a result, below the study's spec folder: of a transfer, that of the encoder it scores."""
    if phase == "transfer":
        phase = "base" if name in study["bases"] else "pretrain"
    return f"{phase}/{name}.json"


def record_of(phase: str, name: str) -> str:
    """The record of a result, below the study's folder."""
    folder = {"pretrain": "checkpoints"}.get(phase, phase)
    record = {"views": "/facts.json", "base": "/run.json", "pretrain": "/run.json"}.get(phase, ".json")
    return f"{folder}/{name}{record}"


def drop_broken(folder: Path) -> list[Path]:
    """Remove manifests that are damaged, or name a file which is gone or has another size: their shard is worked on
    again.

    Args:
        folder: the study's results, ``data/<study>``.

    Returns:
        The manifests that were removed.
    """
    broken = [manifest for manifest in sorted((folder / "shards").glob("*/*.json")) if not _holds(manifest, folder)]
    for manifest in broken:
        manifest.unlink()
    return broken


def _holds(manifest: Path, folder: Path) -> bool:
    try:
        results = read_record(manifest)["results"].values()
    except DamagedResult as damage:
        log.warning("%s", damage)
        return False
    files = [item for result in results for item in result["files"].items()]
    return all((folder / name).is_file() and (folder / name).stat().st_size == told["bytes"] for name, told in files)


def _chain(study: Study, base: str) -> list[str]:
    """A base, the one that it starts from, and so on to one that starts from none."""
    chain = [base]
    while (following := initial_of(study, chain[-1])) is not None and following not in chain:
        chain.append(following)
    return chain
