"""Each token predicted from the states of the earlier ones: a causal language model on the views' own texts."""

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

CITATION = (
    "Radford, Narasimhan, Salimans, Sutskever (2018), Improving language understanding by generative pre-training, "
    "equation 1"
)


@dataclass(frozen=True)
class Params:
    """``weight`` of the loss; ``predicted``, the share of tokens predicted at each step, 1 for all."""

    weight: float = 1.0
    predicted: float = 0.15

    def __post_init__(self) -> None:
        _words.check("causal", self.weight, self.predicted)


class Addition(nn.Module):
    """A softmax by the encoder's own word embedding over its own token states; it has no parameters of its own."""

    views = 2
    layers = (-1,)

    def __init__(self, params: Params, encoder: Encoder, pairs: Pairs) -> None:
        super().__init__()
        reason = "causal: a token's state must depend only on earlier tokens, as in the encoder gpt"
        _words.require(encoder, "gpt2", reason)
        self.params = params

    def forward(
        self, encoder: Encoder, views: Sequence[Encoded], labels: torch.Tensor | None
    ) -> tuple[torch.Tensor, dict[str, Number]]:
        """Mean cross-entropy, nats per predicted token, over all views; the last token to predict is [SEP]."""
        ids, mask = _words.texts(views)  # (V · B, T)
        states = torch.cat([view.states[-1] for view in views])  # (V · B, T, H)
        places = some_places(mask[:, 1:] != 0, self.params.predicted)  # (V · B, T - 1), of the token after
        told = _words.at(places, self.params.predicted, states[:, :-1], ids[:, 1:])
        loss = _words.surprise(encoder, *told)
        return self.params.weight * loss, {"causal": number(loss)}
