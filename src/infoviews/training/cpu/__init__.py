"""Layers that compute on a CPU faster than torch's own, with the same results, all behind one switch."""

from __future__ import annotations

from torch import nn

from infoviews.training.cpu import attention, dropout, embedding, linear


def use_fast_layers(module: nn.Module) -> None:
    """Let every layer below ``module`` for which there is a faster one use it; names and parameters stay the same."""
    dropout.quicken(module)
    attention.quicken(module)
    embedding.quicken(module)
    linear.quicken(module)
