"""Masked-language-model loss on the views' own texts, so that token states keep what the contrast does not need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from infoviews.additions import _words
from infoviews.contracts import Pairs
from infoviews.encoders.encoded import Encoded
from infoviews.encoders.encoder import Encoder
from infoviews.encoders.masking import draw_masks, mask_tokens, prediction_head
from infoviews.fixed import Number, fixed, number

CITATION = "Devlin et al. (2019), BERT, section 3.1; Gao, Yao, Chen (2021), SimCSE, section 4.1 (weight 0.1)"


@dataclass(frozen=True)
class Params:
    """``weight`` of the loss; ``masked``, the share of tokens to predict."""

    weight: float = 0.1
    masked: float = 0.15

    def __post_init__(self) -> None:
        if not self.weight > 0:
            raise ValueError(f"mlm: weight is {self.weight}; it must be positive")
        if not 0 < self.masked < 1:
            raise ValueError(f"mlm: masked is {self.masked}; it is the share of tokens to predict, in (0, 1)")


class Addition(nn.Module):
    """A second pass over masked texts; the output matrix is the encoder's own word embedding."""

    views = 2
    layers = ()

    def __init__(self, params: Params, encoder: Encoder, pairs: Pairs) -> None:
        super().__init__()
        if encoder.tokenizer.mask_token_id is None:
            raise ValueError("mlm: the encoder's tokenizer has no mask token; leave this addition out")
        self.params = params
        self.transform = prediction_head(encoder.width)
        self.bias = nn.Parameter(torch.zeros(len(_words.vocabulary(encoder))))

    def forward(
        self, encoder: Encoder, views: Sequence[Encoded], labels: torch.Tensor | None
    ) -> tuple[torch.Tensor, dict[str, Number]]:
        """Mean cross-entropy, nats per masked token, over all views."""
        ids, mask = _words.texts(views)
        if fixed():
            masked, places = draw_masks(ids, mask, encoder.tokenizer, self.params.masked)
        else:
            rng = np.random.default_rng(int(torch.randint(2**62, ())))
            masked, places, _ = mask_tokens(ids, mask, encoder.tokenizer, self.params.masked, rng)
        states, targets = _words.at(places, self.params.masked, encoder.states(masked, mask), ids)  # (masked, H)
        loss = _words.surprise(encoder, self.transform(states), targets, self.bias)
        return self.params.weight * loss, {"mlm": number(loss)}
