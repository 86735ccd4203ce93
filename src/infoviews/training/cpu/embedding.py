"""Gradients of large embedding tables by the rows that a batch touches, made dense once a step.

A dense gradient of the word embedding is as large as the table and is filled with zeros in every pass of a batch;
for 16,000 words that was a twentieth of a step of a small transformer in four passes. Sparse gradients of the passes
add up by row instead, and the optimiser still sees the dense gradient that it would have seen.
"""

from __future__ import annotations

from collections.abc import Iterable

from torch import nn

LARGE = 1024
"""Rows from which on a table is large: those of positions and segments are not."""


def quicken(module: nn.Module) -> None:
    """Let every large embedding table below ``module`` give sparse gradients, on the CPU.

    A GPU fills tables at the speed of its memory, and compiled code has no sparse gradients.
    """
    for child in module.modules():
        if isinstance(child, nn.Embedding) and child.num_embeddings >= LARGE:
            child.sparse = child.weight.requires_grad and child.weight.device.type == "cpu"


def densify(parameters: Iterable[nn.Parameter]) -> None:
    """Make every sparse gradient dense, in place; clipping, averaging over processes and AdamW need it so."""
    for parameter in parameters:
        if parameter.grad is not None and parameter.grad.is_sparse:
            parameter.grad = parameter.grad.to_dense()
