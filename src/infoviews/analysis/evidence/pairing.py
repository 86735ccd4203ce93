"""Encoders on the same test examples: the error of their differences, and how large an encoder is."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from infoviews.analysis.evidence.join import folder_of, run_of, transfer_of
from infoviews.analysis.record import AVERAGE, Z95
from infoviews.seals import DamagedResult, remedy
from infoviews.transfer.score import unpack


def paired_errors(data: Path, sides: dict[str, list[str]], tasks: list[str]) -> dict[str, pd.DataFrame]:
    """Standard error, in points, of the difference of every two sides, from the finite test sets alone.

    All are scored on the same examples, so what counts is the variance of the difference of being right, example by
    example; an example that is hard for both says nothing. Where a result does not say which examples were right, as
    for a rank correlation, the two sides count as if their test sets were independent, which is on the safe side.

    Args:
        data: folder of the study.
        sides: cells or bases of each side, its seeds; each example counts as the share of them that are right.

    Returns:
        Per task and of the average over tasks a symmetric table (sides, sides); NaN where a side has no result.
    """
    found, variances = {}, np.zeros((len(sides), len(sides)))
    records = {name: transfer_of(data, name)[2].get("tasks", {}) for names in sides.values() for name in names}
    for task in tasks:
        entries = [[records[name].get(task) or {} for name in names] for names in sides.values()]
        own = np.array([variance_of(mine) for mine in entries])
        squares = np.add.outer(own, own)
        right = [shares_right(mine) for mine in entries]
        size = max((len(mine) for mine in right if mine is not None), default=0)
        told = {side: mine for side, mine in enumerate(right) if mine is not None and len(mine) == size}
        if told:
            spread = np.atleast_2d(np.cov(np.stack(list(told.values())))) / size
            squares[np.ix_(list(told), list(told))] = np.add.outer(spread.diagonal(), spread.diagonal()) - 2 * spread
        np.fill_diagonal(squares, 0.0)
        found[task] = squares
        variances += squares / len(tasks) ** 2
    return {
        task: 100 * pd.DataFrame(np.sqrt(np.clip(squares, 0, None)), list(sides), list(sides))
        for task, squares in {**found, AVERAGE: variances}.items()
    }


def shares_right(entries: list[dict[str, Any]]) -> np.ndarray | None:
    """Share of encoders that are right on each test example (n,); null where one does not say or has another n."""
    if not entries or not all("correct" in entry for entry in entries) or len({e["n"] for e in entries}) > 1:
        return None
    return np.stack([unpack(entry) for entry in entries]).mean(axis=0)


def variance_of(entries: list[dict[str, Any]]) -> float:
    """Variance of a share of right answers from the interval of each encoder, as a mean over them."""
    widths = [entry["high"] - entry["low"] for entry in entries if entry.get("low") is not None]
    return float(np.mean(widths) / (2 * Z95) / 100) ** 2 if widths else float("nan")


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
