"""What a step draws, replaced by functions of the tokens alone: so that two ways of padding draw the same."""

from __future__ import annotations

import pytest
import torch

from infoviews.additions import bidirectional, causal, mlm, permutation
from infoviews.encoders.masking import is_special
from infoviews.pretrain.card import CardStep
from infoviews.pretrain.step import ContrastiveStep


def undrawn(patch: pytest.MonkeyPatch) -> None:
    """Let additions that draw places take those that the ids say."""

    def chosen(ids, mask, tokenizer):
        return (mask != 0) & ~is_special(ids, tokenizer.all_special_ids) & (ids % 4 == 0)

    def masked(ids, mask, tokenizer, share, rng=None):
        places = chosen(ids, mask, tokenizer)
        spoilt = torch.where(places, tokenizer.mask_token_id, ids)
        return (spoilt, places) if rng is None else (spoilt, places, ids[places])

    def some(real, share):
        return real & (torch.arange(real.shape[1]) % 5 == 1)

    def ranks(ids, mask, special, share):
        return torch.where(torch.arange(ids.shape[1]) == 1, 0, -1).expand_as(ids)

    patch.setattr(mlm, "mask_tokens", masked)
    patch.setattr(mlm, "draw_masks", masked)
    patch.setattr(causal, "some_places", some)
    patch.setattr(bidirectional, "some_places", some)
    patch.setattr(permutation, "draw_ranks", ranks)


def laid(step: ContrastiveStep, num_steps: int) -> CardStep:
    """The same steps for a device."""
    return CardStep(step.loss, step.pairs, step.batches, num_steps, step.mask_duplicates, step.meter)
