"""Sentence vectors made to look like draws from a prior, by a discriminator that tries to tell them apart.

Two losses in one backward pass, each with a gradient for its own side only: the discriminator learns to tell prior
draws from vectors that are cut from the graph; the encoder learns to be taken for the prior by a discriminator whose
weights are cut from it. That is the non-saturating form: plain gradient reversal would leave the encoder without
gradient just when the discriminator is sure, at the start.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn.functional import softplus

from infoviews.contracts import Pairs
from infoviews.encoders.encoded import Encoded
from infoviews.encoders.encoder import Encoder
from infoviews.fixed import Number, number

CITATION = (
    "Makhzani et al. (2016), Adversarial autoencoders; Hjelm et al. (2019), Learning deep representations by mutual "
    "information estimation, section 3.3"
)
PRIORS = ("normal", "uniform")


@dataclass(frozen=True)
class Params:
    """The prior and the discriminator.

    Attributes:
        weight: factor of the encoder's part. The discriminator's part has factor 1: it is to be good at any weight.
            Deep InfoMax takes 0.1; with a small encoder and a few hundred steps that draws all texts to one point.
        prior: ``normal`` or ``uniform``, each coordinate apart, mean 0 and variance 1.
        hidden: units of the discriminator's two hidden layers.
    """

    weight: float = 0.01
    prior: str = "normal"
    hidden: int = 128

    def __post_init__(self) -> None:
        if not self.weight > 0:
            raise ValueError(f"prior: weight is {self.weight}; it must be positive")
        if self.prior not in PRIORS:
            raise ValueError(f"prior: prior is {self.prior!r}; allowed: {', '.join(map(repr, PRIORS))}")
        if self.hidden < 1:
            raise ValueError(f"prior: hidden is {self.hidden}; it must be at least 1")


class Addition(nn.Module):
    """The discriminator D(z) in logits: positive where z looks drawn from the prior."""

    views = 2
    layers = ()

    def __init__(self, params: Params, encoder: Encoder, pairs: Pairs) -> None:
        super().__init__()
        self.params = params
        hidden = params.hidden
        self.discriminator = nn.Sequential(
            nn.Linear(encoder.dimension, hidden),
            nn.LeakyReLU(0.2),
            nn.Linear(hidden, hidden),
            nn.LeakyReLU(0.2),
            nn.Linear(hidden, 1),
        )

    def forward(
        self, encoder: Encoder, views: Sequence[Encoded], labels: torch.Tensor | None
    ) -> tuple[torch.Tensor, dict[str, Number]]:
        """Discriminator's and encoder's losses, nats per vector; at balance both are log 2."""
        vectors = torch.cat([view.vectors for view in views])  # (V · B, d)
        told = softplus(-self.discriminator(self._draw(vectors))).mean()
        told = (told + softplus(self.discriminator(vectors.detach())).mean()) / 2
        weights = {name: weight.detach() for name, weight in self.discriminator.named_parameters()}
        taken = softplus(-torch.func.functional_call(self.discriminator, weights, (vectors,))).mean()
        return told + self.params.weight * taken, {"prior_discriminator": number(told), "prior_encoder": number(taken)}

    def _draw(self, like: torch.Tensor) -> torch.Tensor:
        if self.params.prior == "normal":
            return torch.randn_like(like)
        return (2 * torch.rand_like(like) - 1) * 3**0.5
