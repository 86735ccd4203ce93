"""Functions of the prepared coordinates that a critic's network sees in addition to them, with no new information.

Networks learn smooth functions of their inputs first; few pairs are enough for a sharp edge only where the inputs are
sharp already. Cosines of the ranks are the orthogonal basis of densities on the unit square; a side's radius, and its
coordinates times it, tell what elliptical and rotated distributions share.
"""

from __future__ import annotations

import math

import torch

INPUTS = ("plain", "cosines", "radius")
HARMONICS = 8


def widened(x: torch.Tensor, inputs: str) -> torch.Tensor:
    """Coordinates (B, d) and what ``inputs`` adds to them, (B, width(d, inputs)).

    ``cosines``: sqrt(2) cos(pi k Phi(x)), k = 1 .. 8, for every coordinate. ``radius``: x (r - 1), r - 1 and
    log r, where r = |x|^2 / d.
    """
    if inputs == "cosines":
        rank = math.pi * torch.special.ndtr(x)
        return torch.cat([x, *(math.sqrt(2) * torch.cos(k * rank) for k in range(1, HARMONICS + 1))], dim=1)
    if inputs == "radius":
        square = (x * x).mean(1, keepdim=True)
        return torch.cat([x, x * (square - 1), square - 1, torch.log(square + 1e-3)], dim=1)
    return x


def width(d: int, inputs: str) -> int:
    """Columns that ``widened`` makes of d.

    Raises:
        ValueError: ``inputs`` is not one of ``INPUTS``.
    """
    widths = {"plain": d, "cosines": d * (1 + HARMONICS), "radius": 2 * d + 2}
    if inputs not in widths:
        raise ValueError(f"inputs is {inputs!r}; allowed: {', '.join(INPUTS)}")
    return widths[inputs]
