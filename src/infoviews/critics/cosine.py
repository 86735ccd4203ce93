"""Cosine over a temperature, as in SimCLR and SimCSE; scores are bounded, so at high temperature InfoNCE is too."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch.nn.functional import normalize

CITATION = "Chen, Kornblith, Norouzi, Hinton (2020), A simple framework for contrastive learning; Gao et al. (2021)"


@dataclass(frozen=True)
class Params:
    """``temperature`` tau divides the cosine; ``learned`` trains its logarithm from there."""

    temperature: float = 0.05
    learned: bool = False

    def __post_init__(self) -> None:
        if not self.temperature > 0:
            raise ValueError(f"cosine: temperature is {self.temperature}; it must be positive")


class Critic(torch.nn.Module):
    """f(x, y) = cos(x, y) / tau; the zero vector has cosine 0 with everything."""

    log_temperature: torch.Tensor

    def __init__(self, params: Params, dimension: int) -> None:
        super().__init__()
        start = torch.tensor(math.log(params.temperature))
        if params.learned:
            self.log_temperature = torch.nn.Parameter(start)
        else:
            self.register_buffer("log_temperature", start)

    def forward(self, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        """Scores (B, C) of x (B, d) and y (C, d), in [-1/tau, 1/tau]."""
        return normalize(x, dim=1) @ normalize(y, dim=1).T * (-self.log_temperature).exp()

    def ceiling(self, k: int) -> float:
        """Most that InfoNCE with ``k`` candidates can show, nats: min(log K, 2 / tau), as scores differ by 2 / tau."""
        return min(math.log(k), 2 * math.exp(-self.log_temperature.item()))
