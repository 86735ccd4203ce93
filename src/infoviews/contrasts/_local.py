"""What local-global contrasts share: which views meet, and positions drawn among real tokens."""

from __future__ import annotations

import torch

MEETINGS = {"across": ((0, 1), (1, 0)), "within": ((0, 0), (1, 1))}
"""(view of the sentence vector, view of the token states) of each matrix: of two views, or of one and the same."""


def check(name: str, weight: float, meet: str, rounds: int) -> None:
    """Ranges that local-global contrasts have in common.

    Raises:
        ValueError: which parameter is out of range, and what is allowed.
    """
    if weight < 0:
        raise ValueError(f"{name}: weight is {weight}; it must be at least 0")
    if meet not in MEETINGS:
        raise ValueError(f"{name}: meet is {meet!r}; allowed: {', '.join(map(repr, MEETINGS))}")
    if rounds < 1:
        raise ValueError(f"{name}: rounds is {rounds}; it must be at least 1")


def draw_positions(mask: torch.Tensor) -> torch.Tensor:
    """One position per text, uniform among its real tokens, mask (B, T) → int64 (B,).

    The draws are one number per text, so they do not depend on how far the batch is padded.
    """
    lengths = mask.sum(1)
    rank = (torch.rand(len(mask), device=mask.device) * lengths).long().minimum(lengths - 1)
    return real_positions(mask).gather(1, rank[:, None]).squeeze(1)


def real_positions(mask: torch.Tensor) -> torch.Tensor:
    """Positions (B, T) ordered so that each row's real tokens come first, in reading order."""
    return (mask == 0).to(torch.int8).argsort(dim=1, stable=True)


def at(states: torch.Tensor, positions: torch.Tensor) -> torch.Tensor:
    """The state at one position of each text, (B, T, H) and (B,) → (B, H)."""
    return states[torch.arange(len(states), device=states.device), positions]


def windows(states: torch.Tensor, mask: torch.Tensor, positions: torch.Tensor, size: int) -> torch.Tensor:
    """States of ``size`` tokens around a position of each text, (B, T, H) and (B,) → (B, size, H).

    Beyond a text's first and last token there are zeros, as at the border of a convolution, whether or not the batch
    is padded there.
    """
    offsets = torch.arange(size, device=states.device) - (size - 1) // 2
    places = positions[:, None] + offsets  # (B, size)
    inside = (places >= 0) & (places < mask.shape[1])
    places = places.clamp(0, mask.shape[1] - 1)
    rows = torch.arange(len(states), device=states.device)[:, None]
    real = inside & (mask[rows, places] != 0)
    return torch.where(real[..., None], states[rows, places], 0.0)
