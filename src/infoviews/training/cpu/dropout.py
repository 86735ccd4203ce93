"""Dropout whose masks cost less to draw on the CPU: four decisions from one random number instead of one.

torch draws a mask on one thread, a random number an element, which on two cores is a tenth of a small transformer's
step. Sixteen bits decide as well: the rate is kept to within 2^-17, and the scale is that of the rate as rounded, so
that the mean stays exact.
"""

from __future__ import annotations

import torch
from torch import nn

LEVELS = 1 << 16


class Dropout(nn.Dropout):
    """Drop elements of x (any shape) with probability ``p``; on other devices than the CPU, torch's own."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        dropped = round(self.p * LEVELS)
        if not self.training or not 0 < dropped < LEVELS or x.device.type != "cpu":
            return super().forward(x)
        return x * noise(x.shape, dropped)


def noise(shape: torch.Size, dropped: int) -> torch.Tensor:
    """What to multiply with, of ``shape``: 0 with probability ``dropped / 65536``, else the same value, mean 1."""
    count = shape.numel()
    draws = torch.empty((count + 3) // 4, dtype=torch.int64).random_(-(2**63), None)
    factors = torch.empty(count)
    torch.ge(draws.view(torch.int16)[:count], dropped - LEVELS // 2, out=factors)
    return factors.mul_(LEVELS / (LEVELS - dropped)).view(shape)


def quicken(module: nn.Module) -> None:
    """Put this dropout in the place of every ``nn.Dropout`` below ``module``, with its rate."""
    for parent in module.modules():
        for name, child in parent.named_children():
            if type(child) is nn.Dropout:
                setattr(parent, name, Dropout(child.p).train(child.training))
