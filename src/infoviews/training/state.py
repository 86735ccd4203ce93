"""Exact resume: everything that a run needs to continue is in one file whose name has its digest."""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from infoviews.files import sha256

log = logging.getLogger(__name__)
KEPT = 2


class StateNotSaved(OSError):
    """A state could not be written (a full disk, say); the states before it are untouched."""


def save(folder: Path, step: int, tensors: dict[str, torch.Tensor], record: dict[str, Any]) -> Path:
    """Write the state after ``step`` steps and drop all but the last two.

    The file gets its name only when its bytes are on the disk, so a kill at any moment leaves whole states alone.

    Args:
        folder: of the states; nothing else is kept there.
        step: steps done.
        tensors: weights, optimiser moments and all else that the run carries.
        record: JSON-able rest (the spec's digest, the history so far).

    Raises:
        StateNotSaved: the disk is full or cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    temporary = folder / f".state.{os.getpid()}.part"
    try:
        for left in folder.glob(".state.*.part"):  # by a run that was killed while it saved
            left.unlink()
        copied = {name: tensor.detach().cpu().contiguous().clone() for name, tensor in tensors.items()}
        save_file(copied, temporary, metadata={"record": json.dumps(record), "step": str(step)})
        _to_disk(temporary)
        path = folder / f"state-{step:08d}-{sha256(temporary)[:16]}.safetensors"
        temporary.replace(path)
        _to_disk(folder)
    except (OSError, SafetensorError) as error:
        temporary.unlink(missing_ok=True)
        kept = latest(folder)
        raise StateNotSaved(
            f"the state after {step} steps could not be written to {folder}: {error}; "
            f"the last good one is {kept.name if kept else 'none'}; make room and run again to go on from it"
        ) from error
    for old in _named(folder)[:-KEPT]:
        old.unlink()
    return path


def load(folder: Path) -> tuple[int, dict[str, torch.Tensor], dict[str, Any]] | None:
    """The newest whole state as (step, tensors, record), or ``None``.

    A truncated or altered file is refused with its name, and the one before it is used.
    """
    for path in reversed(_named(folder)):
        if not _is_whole(path):
            log.warning("%s is refused: its content does not match the digest in its name", path)
            continue
        try:
            with safe_open(path, framework="pt") as file:
                metadata = file.metadata()
                tensors = {name: file.get_tensor(name) for name in file.keys()}
        except SafetensorError as error:
            log.warning("%s is refused: %s", path, error)
            continue
        return int(metadata["step"]), tensors, json.loads(metadata["record"])
    return None


def latest(folder: Path) -> Path | None:
    """The newest state whose content matches its name, or ``None``."""
    return next((path for path in reversed(_named(folder)) if _is_whole(path)), None)


def clear(folder: Path) -> None:
    """Remove all states: of another run, they would be taken for newer ones."""
    for path in _named(folder):
        path.unlink()


def digest(spec: Any, inputs: Iterable[Path] = ()) -> str:
    """Short digest of a spec and of the files that it names but does not hold: the run that a state belongs to."""
    content = [json.dumps(spec, sort_keys=True), *(sha256(path) for path in inputs)]
    return hashlib.sha256("\n".join(content).encode()).hexdigest()[:16]


def _named(folder: Path) -> list[Path]:
    return sorted(folder.glob("state-*.safetensors"))


def _is_whole(path: Path) -> bool:
    return sha256(path)[:16] == path.stem.rsplit("-", 1)[-1]


def _to_disk(path: Path) -> None:
    """Wait until a file's bytes, or a folder's names, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
