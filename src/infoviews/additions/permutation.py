"""Tokens predicted in a random order, each from the earlier ones of that order: XLNet's two-stream attention.

A token's own state may hold the token, its prediction must not. So a second stream of states knows the place of a token
to predict but not the token; transformers' ``XLNetModel`` computes it where it is given ``target_mapping``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn
from torch.nn.functional import one_hot

from infoviews.additions import _words
from infoviews.contracts import Pairs
from infoviews.encoders.encoded import Encoded
from infoviews.encoders.encoder import Encoder
from infoviews.encoders.masking import is_special
from infoviews.fixed import Number, fixed, number

CITATION = (
    "Yang et al. (2019), XLNet: Generalized autoregressive pretraining for language understanding, NeurIPS, equations "
    "3 and 5"
)


@dataclass(frozen=True)
class Params:
    """``weight`` of the loss; ``predicted``, the share of a text's tokens to predict: the last ones of the order."""

    weight: float = 1.0
    predicted: float = 1 / 6

    def __post_init__(self) -> None:
        _words.check("permutation", self.weight, self.predicted)


class Addition(nn.Module):
    """A second pass over the texts; the output matrix is the encoder's own word embedding."""

    views = 2
    layers = ()

    def __init__(self, params: Params, encoder: Encoder, pairs: Pairs) -> None:
        super().__init__()
        reason = "permutation: the encoder must have a second stream for predictions, as in the encoder xlnet"
        _words.require(encoder, "xlnet", reason)
        self.params = params
        self.bias = nn.Parameter(torch.zeros(len(_words.vocabulary(encoder))))

    def forward(
        self, encoder: Encoder, views: Sequence[Encoded], labels: torch.Tensor | None
    ) -> tuple[torch.Tensor, dict[str, Number]]:
        """Mean cross-entropy, nats per predicted token, over all views; [CLS] and [SEP] are never predicted."""
        ids, mask = _words.texts(views)  # (V · B, T)
        ranks = draw_ranks(ids, mask, encoder.tokenizer.all_special_ids, self.params.predicted)
        most = math.ceil(self.params.predicted * ids.shape[1]) if fixed() else int((ranks >= 0).sum(1).max())
        states, targets = predicting_states(encoder, ids, mask, ranks, most)
        loss = _words.surprise(encoder, states, targets, self.bias)
        return self.params.weight * loss, {"permutation": number(loss)}


def draw_ranks(ids: torch.Tensor, mask: torch.Tensor, special: list[int], share: float) -> torch.Tensor:
    """Which tokens are predicted, and in which order.

    Args:
        ids: token ids (B, T).
        mask: (B, T), 1 where a token is real.
        special: ids that are never predicted.
        share: of each text's own tokens, rounded up.

    Returns:
        int64 (B, T): -1 for a token that is given, else the token's rank among those to predict of its text, from 0. If
        no text has a token of its own, [SEP] of the first text is predicted.
    """
    own = (mask != 0) & ~is_special(ids, special)
    if fixed() or not own.any():
        last = torch.zeros_like(own)
        last[0] = torch.arange(ids.shape[1], device=ids.device) == mask[0].sum() - 1
        own = torch.where(own.any(), own, last)
    draws = torch.rand(ids.shape, device=ids.device) if fixed() else torch.rand(ids.shape).to(ids.device)
    draws = draws.masked_fill(~own, 2.0)
    order = draws.argsort(1).argsort(1)  # (B, T): place of each token in a random order of its text's own ones
    count = (own.sum(1, keepdim=True) * share).ceil().long()
    return torch.where(own & (order < count), order, -1)


def predicting_states(
    encoder: Encoder, ids: torch.Tensor, mask: torch.Tensor, ranks: torch.Tensor, most: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """States (predicted, H) of the second stream for the tokens with a rank, row by row and place by place.

    Given tokens are seen by all and see only given ones; a token to predict is seen by those of higher rank.

    Args:
        encoder: an XLNet.
        ids, mask, ranks: (B, T), see ``draw_ranks``.
        most: tokens with a rank in one text, at most.

    Returns:
        The states and the ids of those tokens (predicted,); where shapes are fixed, ``most`` of every text, the ids of
        those without a rank ``FILLING``.
    """
    predicted = ranks >= 0  # (B, T)
    places = predicted.long().argsort(dim=1, descending=True, stable=True)[:, :most]  # (B, most), theirs first
    kept = predicted.gather(1, places)
    hidden = predicted[:, None, :] & (ranks[:, None, :] >= ranks[:, :, None])  # (B, T, T): j is hidden from i
    backbone: Any = encoder.backbone
    output = backbone(
        input_ids=ids,
        attention_mask=mask,
        perm_mask=hidden.float(),
        target_mapping=one_hot(places, ids.shape[1]).float(),
    )
    states, targets = output.last_hidden_state, ids.gather(1, places)
    if fixed():
        return states.flatten(0, 1), torch.where(kept, targets, _words.FILLING).flatten()
    return states[kept], targets[kept]
