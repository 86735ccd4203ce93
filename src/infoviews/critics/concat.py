"""One network over the pair (x, y), its first layer factored as A x + C y: all pairs cost only B + C first layers."""

from __future__ import annotations

from dataclasses import dataclass

import torch

CITATION = "Poole, Ozair, van den Oord, Alemi, Tucker (2019), On variational bounds of mutual information, section 3"


@dataclass(frozen=True)
class Params:
    """``depth`` hidden layers of ``hidden`` units, the first of them factored."""

    hidden: int = 128
    depth: int = 2

    def __post_init__(self) -> None:
        if min(self.hidden, self.depth) < 1:
            raise ValueError(f"concat: hidden and depth must be at least 1, given {self}")


class Critic(torch.nn.Module):
    """f(x, y) = w' relu(... relu(A x + C y + b) ...)."""

    def __init__(self, params: Params, dimension: int) -> None:
        super().__init__()
        self.first_x = torch.nn.Linear(dimension, params.hidden)
        self.first_y = torch.nn.Linear(dimension, params.hidden, bias=False)
        layers: list[torch.nn.Module] = [torch.nn.ReLU()]
        for _ in range(params.depth - 1):
            layers += [torch.nn.Linear(params.hidden, params.hidden), torch.nn.ReLU()]
        self.rest = torch.nn.Sequential(*layers, torch.nn.Linear(params.hidden, 1))

    def forward(self, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        """Scores (B, C) of x (B, d) and y (C, d); memory grows as B · C · hidden."""
        first = self.first_x(x)[:, None] + self.first_y(y)[None]  # (B, C, hidden)
        return self.rest(first).squeeze(-1)
