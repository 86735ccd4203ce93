"""The words of a text predicted from its vector alone: the decoder of an autoencoder over bags of words.

With ``prior`` it makes the adversarial autoencoder. Makhzani et al. decode images; a decoder of text that writes word
after word can rely on the earlier words and ignore the vector (Bowman et al. 2016), which a bag of words cannot.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn.functional import log_softmax

from infoviews.additions import _words
from infoviews.contracts import Pairs
from infoviews.encoders.encoded import Encoded
from infoviews.encoders.encoder import Encoder
from infoviews.fixed import Number, fixed, mean_where, number

CITATION = (
    "Makhzani et al. (2016), Adversarial autoencoders, section 2; Bowman et al. (2016), Generating sentences from a "
    "continuous space"
)


@dataclass(frozen=True)
class Params:
    """``weight`` of the loss; ``hidden`` units between the vector and the vocabulary."""

    weight: float = 1.0
    hidden: int = 128

    def __post_init__(self) -> None:
        if not self.weight > 0:
            raise ValueError(f"reconstruction: weight is {self.weight}; it must be positive")
        if self.hidden < 1:
            raise ValueError(f"reconstruction: hidden is {self.hidden}; it must be at least 1")


class Addition(nn.Module):
    """A softmax over the vocabulary for each vector, whose own tokens should get the mass."""

    views = 2
    layers = ()

    def __init__(self, params: Params, encoder: Encoder, pairs: Pairs) -> None:
        super().__init__()
        self.params = params
        self.decoder = nn.Sequential(
            nn.Linear(encoder.dimension, params.hidden),
            nn.GELU(),
            nn.Linear(params.hidden, len(_words.vocabulary(encoder))),
        )

    def forward(
        self, encoder: Encoder, views: Sequence[Encoded], labels: torch.Tensor | None
    ) -> tuple[torch.Tensor, dict[str, Number]]:
        """Mean negative log probability, nats per token, of the real tokens of all views."""
        ids, mask = _words.texts(views)  # (V · B, T)
        vectors = torch.cat([view.vectors for view in views])
        surprise = -log_softmax(self.decoder(vectors).float(), dim=1)  # (V · B, vocabulary)
        told = surprise.gather(1, ids)  # (V · B, T)
        loss = mean_where(told, mask != 0) if fixed() else told[mask != 0].mean()
        return self.params.weight * loss, {"reconstruction": number(loss)}
