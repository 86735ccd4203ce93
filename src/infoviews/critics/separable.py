"""Inner product of two networks, g(x)'h(y): a batch of B costs 2B passes, so score matrices may be large."""

from __future__ import annotations

from dataclasses import dataclass

import torch

CITATION = "Poole, Ozair, van den Oord, Alemi, Tucker (2019), On variational bounds of mutual information, section 3"


@dataclass(frozen=True)
class Params:
    """Each network has ``depth`` hidden layers of ``hidden`` units and ``output`` outputs."""

    hidden: int = 64
    depth: int = 3
    output: int = 32

    def __post_init__(self) -> None:
        if min(self.hidden, self.depth, self.output) < 1:
            raise ValueError(f"separable: hidden, depth and output must be at least 1, given {self}")


class Critic(torch.nn.Module):
    """f(x, y) = g(x)'h(y) with two networks of the same shape and weights of their own."""

    def __init__(self, params: Params, dimension: int) -> None:
        super().__init__()
        self.g = _network(params, dimension)
        self.h = _network(params, dimension)

    def forward(self, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        """Scores (B, C) of x (B, d) and y (C, d)."""
        return self.g(x) @ self.h(y).T


def _network(params: Params, dimension: int) -> torch.nn.Sequential:
    widths = [dimension] + [params.hidden] * params.depth
    layers: list[torch.nn.Module] = []
    for inward, outward in zip(widths, widths[1:], strict=False):
        layers += [torch.nn.Linear(inward, outward), torch.nn.ReLU()]
    return torch.nn.Sequential(*layers, torch.nn.Linear(params.hidden, params.output))
