"""Each token predicted from the left and from the right, by separate stacks of LSTMs: ELMo's language model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import nn

from infoviews.additions import _words
from infoviews.contracts import Pairs
from infoviews.encoders.encoded import Encoded
from infoviews.encoders.encoder import Encoder
from infoviews.encoders.masking import some_places
from infoviews.fixed import Number, number

CITATION = "Peters et al. (2018), Deep contextualized word representations, NAACL, section 3.1"


@dataclass(frozen=True)
class Params:
    """``weight`` of the loss; ``predicted``, the share of tokens that each direction predicts at a step, 1 for all."""

    weight: float = 1.0
    predicted: float = 0.15

    def __post_init__(self) -> None:
        _words.check("bidirectional", self.weight, self.predicted)


class Addition(nn.Module):
    """A linear map for each direction and one softmax for both, by the encoder's word embedding."""

    views = 2
    layers = (-1,)

    def __init__(self, params: Params, encoder: Encoder, pairs: Pairs) -> None:
        super().__init__()
        reason = "bidirectional: each half of a state must have read from one side alone, as in the encoder bilstm"
        _words.require(encoder, "infoviews-bilstm", reason)
        self.params = params
        half = encoder.width // 2
        self.rightward, self.leftward = (nn.Linear(half, encoder.width) for _ in range(2))
        self.bias = nn.Parameter(torch.zeros(len(_words.vocabulary(encoder))))

    def forward(
        self, encoder: Encoder, views: Sequence[Encoded], labels: torch.Tensor | None
    ) -> tuple[torch.Tensor, dict[str, Number]]:
        """Mean cross-entropy, nats per predicted token, over both directions and all views.

        The last token to predict is [SEP] from the left, [CLS] from the right.
        """
        ids, mask = _words.texts(views)  # (V · B, T)
        right, left = torch.cat([view.states[-1] for view in views]).chunk(2, dim=2)  # (V · B, T, H / 2) each
        both = mask[:, 1:] != 0  # (V · B, T - 1): the token and the one before it are real
        after, before = (some_places(both, self.params.predicted) for _ in range(2))
        share = self.params.predicted
        on, following = _words.at(after, share, right[:, :-1], ids[:, 1:])
        back, preceding = _words.at(before, share, left[:, 1:], ids[:, :-1])
        states = torch.cat([self.rightward(on), self.leftward(back)])
        loss = _words.surprise(encoder, states, torch.cat([following, preceding]), self.bias)
        return self.params.weight * loss, {"bidirectional": number(loss)}
