"""Steps of fixed shape: what a GPU is told ahead of time, without waiting for any of its answers.

On a CPU a number is read where it is made, and a loss is taken of as many tokens as were drawn. A GPU computes late: it
is faster where nobody asks for a number and where shapes do not depend on values, and only such a step can be recorded
once and replayed. Code that runs in both ways asks ``fixed()``; what it computes is the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import torch

Number = float | torch.Tensor
"""A scalar for history.csv, perhaps still on the device."""

_fixed = False


def fixed() -> bool:
    """Whether the code that runs now must neither wait for the device nor let shapes depend on values."""
    return _fixed


@contextmanager
def fixing(on: bool = True) -> Iterator[None]:
    """Let shapes be fixed, and nothing be waited for, inside."""
    global _fixed
    before, _fixed = _fixed, on
    try:
        yield
    finally:
        _fixed = before


def number(value: torch.Tensor) -> Number:
    """The value of a scalar: read at once, or left on the device where shapes are fixed."""
    return value.detach() if _fixed else value.item()


def average(values: Sequence[Number], weights: Sequence[float] | None = None) -> Number:
    """Weighted mean of what ``number`` gave; plain if no weight is above 0."""
    share = None if weights is None or not any(weights) else list(weights)
    if not _fixed:
        return float(np.average([float(value) for value in values], weights=share))
    given = [1.0] * len(values) if share is None else share
    return sum(weight * value for weight, value in zip(given, values, strict=True)) / sum(given)


def mean_where(values: torch.Tensor, kept: torch.Tensor) -> torch.Tensor:
    """Mean of the values that are kept, both of one shape, in a form whose shape does not depend on how many are."""
    return torch.where(kept, values, 0.0).sum() / kept.sum()


def first_places(chosen: torch.Tensor, most: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Where ``chosen`` is true, as ``nonzero`` of its flat form gives it, at fixed length.

    Args:
        chosen: bool, any shape.
        most: length of what comes back; places beyond that many are left out.

    Returns:
        int64 places (most,) in rising order, and bool (most,): which of them are real and no filling.
    """
    flat = chosen.flatten()
    slot = torch.where(flat, flat.cumsum(0) - 1, most).clamp(max=most)  # what is not chosen shares a slot at the end
    places = torch.zeros(most + 1, dtype=torch.int64, device=flat.device)
    places.scatter_(0, slot, torch.arange(len(flat), device=flat.device))
    return places[:most], torch.arange(most, device=flat.device) < flat.sum()


def room(share: float, places: int) -> int:
    """Places that a draw of ``share`` of ``places`` stays within, but for one draw in a thousand million."""
    return min(places, int(share * places + 6 * (share * (1 - share) * places) ** 0.5) + 1)
