"""From token states to one sentence vector: the ways of pooling that sentence-transformers has, by its names."""

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


def mean_sqrt_len(states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """Sum over real tokens by the root of their number, (B, T, H) → (B, H)."""
    weights = mask.unsqueeze(-1).to(states.dtype)
    return (states * weights).sum(1) / weights.sum(1).clamp(min=1e-9).sqrt()


def weightedmean(states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """Average that weighs the n-th token by n, (B, T, H) → (B, H): later tokens of a decoder have read more."""
    numbers = torch.arange(1, states.shape[1] + 1, device=states.device, dtype=states.dtype)
    weights = (mask * numbers).unsqueeze(-1)
    return (states * weights).sum(1) / weights.sum(1).clamp(min=1e-9)


def lasttoken(states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """State of the last real token, (B, T, H) → (B, H)."""
    last = mask.shape[1] - 1 - mask.flip(1).argmax(1)
    return states[torch.arange(len(states), device=states.device), last]


POOLINGS = {
    "cls": cls,
    "max": max,
    "mean": mean,
    "mean_sqrt_len_tokens": mean_sqrt_len,
    "weightedmean": weightedmean,
    "lasttoken": lasttoken,
}


def parts(pooling: str) -> list[str]:
    """The ways of pooling that ``cls+mean`` names, whose vectors are joined in that order.

    Raises:
        ValueError: one that is not in ``POOLINGS``.
    """
    names = pooling.split("+")
    if not set(names) <= set(POOLINGS):
        raise ValueError(f"pooling must be one of {', '.join(POOLINGS)}, or several joined by +; given {pooling!r}")
    return names
