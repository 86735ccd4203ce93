"""Inner product of the two representations, optionally softly limited as in AMDIM; no parameters of its own."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch

CITATION = "Bachman, Hjelm, Buchwalter (2019), Learning representations by maximizing mutual information across views"


@dataclass(frozen=True)
class Params:
    """``scaled`` divides by sqrt(d); ``clip`` limits scores softly to [-clip, clip] by tanh (AMDIM uses both, 10)."""

    scaled: bool = False
    clip: float | None = None

    def __post_init__(self) -> None:
        if self.clip is not None and not self.clip > 0:
            raise ValueError(f"dot: clip is {self.clip}; it must be positive, or null for none")


class Critic(torch.nn.Module):
    """f(x, y) = x·y."""

    def __init__(self, params: Params, dimension: int) -> None:
        super().__init__()
        self.scale = 1 / math.sqrt(dimension) if params.scaled else 1.0
        self.clip = params.clip

    def forward(self, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        """Scores (B, C) of x (B, d) and y (C, d)."""
        scores = self.scale * x @ y.T
        return scores if self.clip is None else self.clip * torch.tanh(scores / self.clip)
