"""Bilinear form x' W y, as in contrastive predictive coding."""

from __future__ import annotations

from dataclasses import dataclass

import torch

CITATION = "van den Oord, Li, Vinyals (2018), Representation learning with contrastive predictive coding, equation 3"


@dataclass(frozen=True)
class Params:
    """No parameters."""


class Critic(torch.nn.Module):
    """f(x, y) = x' W y, W (d, d) drawn as a linear layer's weights."""

    def __init__(self, params: Params, dimension: int) -> None:
        super().__init__()
        self.map = torch.nn.Linear(dimension, dimension, bias=False)

    def forward(self, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        """Scores (B, C) of x (B, d) and y (C, d)."""
        return x @ self.map(y).T
