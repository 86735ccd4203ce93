"""From token states to one sentence vector: mean, cls and max pooling."""

from __future__ import annotations

import torch


def mean(states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """Average of the states (B, T, H) of real tokens, mask (B, T); returns (B, H)."""
    weights = mask.unsqueeze(-1).to(states.dtype)  # (B, T, 1)
    return (states * weights).sum(1) / weights.sum(1).clamp(min=1e-9)


def cls(states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """State of the first token, (B, T, H) → (B, H)."""
    return states[:, 0]


def max(states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """Largest value of each coordinate over real tokens, (B, T, H) → (B, H)."""
    return states.masked_fill(~mask.unsqueeze(-1).bool(), -torch.inf).max(1).values


POOLINGS = {"mean": mean, "cls": cls, "max": max}
