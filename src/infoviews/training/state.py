"""Exact resume: everything a run needs to go on lies in one file whose name carries its digest."""

from __future__ import annotations

import hashlib
import json
import logging
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from infoviews.files import replacing, sha256

log = logging.getLogger(__name__)
KEPT = 2


def save(folder: Path, step: int, tensors: dict[str, torch.Tensor], record: dict[str, Any]) -> Path:
    """Write the state after ``step`` steps and drop all but the last two.

    Args:
        folder: where states lie; only states are kept there.
        step: steps done.
        tensors: weights, optimiser moments and whatever else the run carries.
        record: JSON-able rest (the spec's digest, the history so far).
    """
    folder.mkdir(parents=True, exist_ok=True)
    unnamed = folder / "state.safetensors"
    with replacing(unnamed) as temporary:
        cloned = {name: tensor.detach().cpu().contiguous().clone() for name, tensor in tensors.items()}
        save_file(cloned, temporary, metadata={"record": json.dumps(record), "step": str(step)})
    path = folder / f"state-{step:08d}-{sha256(unnamed)[:16]}.safetensors"
    unnamed.replace(path)
    for old in sorted(folder.glob("state-*.safetensors"))[:-KEPT]:
        old.unlink()
    return path


def load(folder: Path) -> tuple[int, dict[str, torch.Tensor], dict[str, Any]] | None:
    """The newest whole state as (step, tensors, record), or ``None``.

    A truncated or altered file is refused with its name, and the one before it is used.
    """
    for path in sorted(folder.glob("state-*.safetensors"), reverse=True):
        if sha256(path)[:16] != path.stem.rsplit("-", 1)[-1]:
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


def digest(spec: Any) -> str:
    """Short digest of a spec, by which a state knows the run it belongs to."""
    return hashlib.sha256(json.dumps(spec, sort_keys=True).encode()).hexdigest()[:16]
