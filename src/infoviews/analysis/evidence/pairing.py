"""Two encoders on the same test examples: the error of their difference, and how large an encoder is."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np

from infoviews.analysis.evidence.join import folder_of, run_of, transfer_of
from infoviews.seals import DamagedResult, remedy
from infoviews.transfer.score import unpack


def paired_error(data: Path, names: list[str], other: str, tasks: list[str]) -> float | None:
    """Standard error, in points, of the difference of two averages over tasks, from the finite test sets alone.

    Both sides are scored on the same examples, so what counts is the variance of the difference of being right,
    example by example; an example that is hard for both says nothing.

    Args:
        data: folder of the study.
        names: cells or bases of one side, its seeds; each example counts as the share of them that are right.
        other: the other side.

    Returns:
        Null where a result does not say which examples were right.
    """
    records = [transfer_of(data, name)[2].get("tasks", {}) for name in [*names, other]]
    variance = 0.0
    for task in tasks:
        entries = [record.get(task) or {} for record in records]
        if not all("correct" in entry for entry in entries) or len({entry["n"] for entry in entries}) > 1:
            return None
        right = np.stack([unpack(entry) for entry in entries])  # (encoders, n)
        gaps = right[:-1].mean(axis=0) - right[-1]
        variance += float(gaps.var(ddof=1)) / len(gaps)
    return 100 * math.sqrt(variance) / len(tasks)


def parameters(data: Path, name: str) -> int | None:
    """Numbers that the encoder of a cell or base is made of, from the headers of its weights; null without weights.

    ``run.json`` may say ``parameters`` itself. Critic and heads are not counted: transfer does without them.
    """
    said = run_of(data, name).get("parameters")
    if said is not None:
        return int(said)
    folder = folder_of(data, name)
    files = [folder / "model.safetensors", *sorted(folder.glob("*/model.safetensors"))]
    counts = [numbers_in(file) for file in files if file.is_file()]
    return sum(counts) if counts else None


def numbers_in(file: Path) -> int:
    """Floating-point numbers in a safetensors file, whose header alone is read.

    Raises:
        DamagedResult: the file has no whole header, or is shorter than that says.
    """
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(file, framework="np") as tensors:
            slices: list[Any] = [tensors.get_slice(key) for key in tensors.keys()]  # noqa: SIM118
            return sum(math.prod(part.get_shape()) for part in slices if "F" in part.get_dtype())
    except SafetensorError as error:
        raise DamagedResult(f"{file}: expected safetensors weights, found none ({error}). {remedy(file)}") from None
