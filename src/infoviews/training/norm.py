"""Layer norms that stay in bfloat16 under autocast.

Autocast takes layer norms in float32, so that every product behind one has to round its input first: four times in a
layer of BERT, and again on the way back. A narrow transformer spends its time on a GPU moving such arrays. The kernel
adds up in float32 either way; what is rounded is its result, as the products round it anyhow.
"""

from __future__ import annotations

import torch
from torch import nn
from torch.nn.functional import layer_norm


class LayerNorm(nn.LayerNorm):
    """x (..., d) → (..., d), in autocast's type where that is on, else torch's own."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        device = x.device.type
        if not torch.is_autocast_enabled(device):
            return super().forward(x)
        kind = torch.get_autocast_dtype(device)
        with torch.autocast(device, enabled=False):
            weight, bias = self.weight.to(kind), None if self.bias is None else self.bias.to(kind)
            return layer_norm(x.to(kind), self.normalized_shape, weight, bias, self.eps)


def quicken(module: nn.Module) -> None:
    """Make every layer norm below ``module`` that has weights one of these; names and parameters stay as they are."""
    for child in module.modules():
        if type(child) is nn.LayerNorm and child.elementwise_affine:
            child.__class__ = LayerNorm
