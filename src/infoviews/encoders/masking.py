"""Masked-language-model masking (Devlin et al. 2019, section 3.1), shared by bases and additions."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import nn

from infoviews.fixed import fixed


def mask_tokens(
    ids: torch.Tensor, mask: torch.Tensor, tokenizer: Any, share: float, rng: np.random.Generator
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Choose a share of the tokens; 80 % of them become [MASK], 10 % a random token, 10 % stay.

    Args:
        ids: token ids (B, T) on the CPU; left as they are.
        mask: (B, T), 1 where a token is real.
        tokenizer: the one that made the ids; its special tokens are never chosen.
        share: of the tokens, in (0, 1).
        rng: source of every draw.

    Returns:
        ids (B, T) with masks, places (B, T) bool of the tokens to predict, targets (masked,).
    """
    ids = ids.clone()
    own = mask.bool() & ~torch.isin(ids, torch.tensor(tokenizer.all_special_ids))
    places = own & torch.from_numpy(rng.random(ids.shape) < share)
    if not places.any():
        places[0, 1] = True  # a batch of very short rows still predicts something
    targets, fate = ids[places], torch.from_numpy(rng.random(int(places.sum())))
    random_ids = torch.from_numpy(rng.integers(0, len(tokenizer), size=len(targets)))
    ids[places] = torch.where(fate < 0.8, tokenizer.mask_token_id, torch.where(fate < 0.9, random_ids, targets))
    return ids, places, targets


def draw_masks(
    ids: torch.Tensor, mask: torch.Tensor, tokenizer: Any, share: float
) -> tuple[torch.Tensor, torch.Tensor]:
    """What ``mask_tokens`` does, drawn by torch where the ids lie and without waiting for them.

    Returns:
        ids (B, T) with masks, places (B, T) bool of the tokens to predict.
    """
    own = mask.bool() & ~is_special(ids, tokenizer.all_special_ids)
    places = own & (torch.rand(ids.shape, device=ids.device) < share)
    fallback = torch.zeros_like(places)
    fallback[:1, 1] = True  # a batch of very short rows still predicts something; one place alone would be waited for
    places = torch.where(places.any(), places, fallback)
    return torch.where(places, spoil(ids, tokenizer), ids), places


def spoil(ids: torch.Tensor, tokenizer: Any) -> torch.Tensor:
    """What stands in the place of ids, of any shape, that are to be predicted: [MASK], a random token, or they."""
    fate = torch.rand(ids.shape, device=ids.device)
    random_ids = torch.randint(len(tokenizer), ids.shape, device=ids.device)
    return torch.where(fate < 0.8, tokenizer.mask_token_id, torch.where(fate < 0.9, random_ids, ids))


def is_special(ids: torch.Tensor, special: list[int]) -> torch.Tensor:
    """Where ids, of any shape, are among the special ones; compared one by one: ``isin`` needs a copy."""
    found = torch.zeros_like(ids, dtype=torch.bool)
    for one in special:
        found |= ids == one
    return found


def prediction_head(width: int) -> nn.Sequential:
    """BERT's transform of token states (n, H) → (n, H) before they meet the word embedding."""
    return nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.LayerNorm(width))


def some_places(real: torch.Tensor, share: float) -> torch.Tensor:
    """A share of the places to predict, drawn with torch's seed; at least one.

    Args:
        real: (B, T) bool, where there is a token to predict.
        share: of them, in (0, 1]; 1 takes all.

    Returns:
        (B, T) bool.
    """
    draws = torch.rand(real.shape, device=real.device) if fixed() else torch.rand(real.shape).to(real.device)
    chosen = real & (draws < share)
    if fixed():
        return torch.where(chosen.any(), chosen, _first(real))
    return chosen if chosen.any() else _first(real)


def _first(real: torch.Tensor) -> torch.Tensor:
    return real & (real.flatten().cumsum(0).view_as(real) == 1)
