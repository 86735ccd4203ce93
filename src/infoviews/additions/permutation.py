"""Tokens foretold in a random order, each from those before it in that order: XLNet's two-stream attention.

A token's own state may hold the token, its prediction must not. So a second stream of states knows the place of a token
to foretell but not the token; transformers' ``XLNetModel`` computes it where it is given ``target_mapping``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn
from torch.nn.functional import cross_entropy, one_hot

from infoviews.contracts import Pairs
from infoviews.encoders.encoded import Encoded
from infoviews.encoders.encoder import Encoder

CITATION = (
    "Yang et al. (2019), XLNet: Generalized autoregressive pretraining for language understanding, NeurIPS, equations "
    "3 and 5"
)


@dataclass(frozen=True)
class Params:
    """``weight`` of the loss; ``predicted``, the share of a text's tokens, the last of the order, that are foretold."""

    weight: float = 1.0
    predicted: float = 1 / 6

    def __post_init__(self) -> None:
        if not self.weight > 0:
            raise ValueError(f"permutation: weight is {self.weight}; it must be positive")
        if not 0 < self.predicted <= 1:
            raise ValueError(
                f"permutation: predicted is {self.predicted}; it is the share of tokens to foretell, in (0, 1]"
            )


class Addition(nn.Module):
    """A second pass over the texts; the output matrix is the encoder's own word embedding."""

    views = 2
    layers = ()

    def __init__(self, params: Params, encoder: Encoder, pairs: Pairs) -> None:
        super().__init__()
        backbone: Any = encoder.backbone
        if backbone.config.model_type != "xlnet":
            raise ValueError(
                "permutation: the encoder must have a second stream for predictions, as in the encoder xlnet; given "
                f"{backbone.config.model_type}"
            )
        self.params = params
        self.bias = nn.Parameter(torch.zeros(backbone.get_input_embeddings().num_embeddings))

    def forward(
        self, encoder: Encoder, views: Sequence[Encoded], labels: torch.Tensor | None
    ) -> tuple[torch.Tensor, dict[str, float]]:
        """Mean cross-entropy, nats per foretold token, over all views; [CLS] and [SEP] are never foretold."""
        ids, mask = (torch.cat([getattr(view, name) for view in views]) for name in ("ids", "mask"))  # (V · B, T)
        ranks = draw_ranks(ids, mask, encoder.tokenizer.all_special_ids, self.params.predicted)
        rows, places = (ranks >= 0).nonzero(as_tuple=True)
        states = foretelling_states(encoder, ids, mask, ranks)  # (foretold, H)
        backbone: Any = encoder.backbone
        logits = states @ backbone.get_input_embeddings().weight.T + self.bias
        loss = cross_entropy(logits.float(), ids[rows, places])
        return self.params.weight * loss, {"permutation": loss.item()}


def draw_ranks(ids: torch.Tensor, mask: torch.Tensor, special: list[int], share: float) -> torch.Tensor:
    """Which tokens are foretold, and in which order.

    Args:
        ids: token ids (B, T).
        mask: (B, T), 1 where a token is real.
        special: ids that are never foretold.
        share: of each text's own tokens, rounded up.

    Returns:
        int64 (B, T): -1 for what is given, else the token's rank among those foretold of its text, from 0. Only where
        no text has a token of its own is [SEP] of the first text foretold.
    """
    own = (mask != 0) & ~torch.isin(ids, torch.tensor(special, device=ids.device))
    if not own.any():
        own[0, int(mask[0].sum()) - 1] = True
    draws = torch.rand(ids.shape).to(ids.device).masked_fill(~own, 2.0)
    order = draws.argsort(1).argsort(1)  # (B, T): place of each token in a random order of its text's own ones
    count = (own.sum(1, keepdim=True) * share).ceil().long()
    return torch.where(own & (order < count), order, -1)


def foretelling_states(encoder: Encoder, ids: torch.Tensor, mask: torch.Tensor, ranks: torch.Tensor) -> torch.Tensor:
    """States (foretold, H) of the second stream for the tokens with a rank, row by row and place by place.

    What is given is seen by all and sees only what is given; a token to foretell is seen by those of higher rank.
    """
    foretold = ranks >= 0  # (B, T)
    most = int(foretold.sum(1).max())
    places = foretold.long().argsort(dim=1, descending=True, stable=True)[:, :most]  # (B, most), theirs first
    kept = foretold.gather(1, places)
    hidden = foretold[:, None, :] & (ranks[:, None, :] >= ranks[:, :, None])  # (B, T, T): j is hidden from i
    backbone: Any = encoder.backbone
    output = backbone(
        input_ids=ids,
        attention_mask=mask,
        perm_mask=hidden.float(),
        target_mapping=one_hot(places, ids.shape[1]).float(),
    )
    return output.last_hidden_state[kept]
