"""Linear layers whose products run in oneDNN on the CPU: torch sends float32 to MKL, which is slower on AMD.

Four fifths of a small transformer's step are these products. Through oneDNN output and input gradient take 8 to 12 %
less time on an EPYC; the weight's gradient, whose factors are both transposed, is faster in MKL. oneDNN builds
a kernel for every new number of rows, half a millisecond each, so small layers stay torch's.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import nn
from torch.autograd.function import once_differentiable

LARGE = 256
"""Width from which on a layer is large, if both its sides have it: at 128 to 512 nothing was gained."""


class Linear(nn.Linear):
    """x (..., in) → (..., out). In evaluation, compiled, or in anything but float32 on the CPU it is torch's own."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        quick = self.training and x.device.type == "cpu" and x.dtype == self.weight.dtype == torch.float32
        if not quick or torch.compiler.is_compiling():
            return super().forward(x)
        return _Linear.apply(x, self.weight, self.bias)


class _Linear(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor | None) -> torch.Tensor:
        ctx.save_for_backward(x, weight)
        return _product(x, weight, bias)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        x, weight = ctx.saved_tensors
        of_x, of_weight, of_bias = ctx.needs_input_grad
        rows, seen = gradient.reshape(-1, gradient.shape[-1]), x.reshape(-1, x.shape[-1])
        return (
            _product(gradient, weight.t(), None) if of_x else None,
            rows.t() @ seen if of_weight else None,
            rows.sum(0) if of_bias else None,
        )


def _product(x: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor | None) -> torch.Tensor:
    """x Wᵀ + b, (..., in) → (..., out), by the operator that torch's own compiler calls for linear layers."""
    return torch.ops.mkldnn._linear_pointwise(x, weight, bias, "none", [], "")


def quicken(module: nn.Module) -> None:
    """Make every large ``nn.Linear`` below ``module`` one of these, where torch was built with oneDNN."""
    if torch.backends.mkldnn.is_available():
        for child in module.modules():
            if type(child) is nn.Linear and min(child.weight.shape) >= LARGE:
                child.__class__ = Linear  # parameters, hooks and whoever else holds the layer stay as they are
