"""Alignment and uniformity as an objective: partners close on the unit sphere, all texts spread over it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import nn

from infoviews.contracts import Pairs
from infoviews.encoders.encoded import Encoded
from infoviews.encoders.encoder import Encoder
from infoviews.encoders.geometry import alignment, uniformity
from infoviews.fixed import Number, number

CITATION = (
    "Wang, Isola (2020), Understanding contrastive representation learning through alignment and uniformity on the "
    "hypersphere, equations 5 and 6"
)


@dataclass(frozen=True)
class Params:
    """``weight`` of the whole; ``alignment`` and ``uniformity`` are the factors of its two terms."""

    weight: float = 1.0
    alignment: float = 1.0
    uniformity: float = 1.0

    def __post_init__(self) -> None:
        if not self.weight > 0 or min(self.alignment, self.uniformity) < 0:
            raise ValueError(f"geometry: weight must be positive, alignment and uniformity at least 0; given {self}")


class Addition(nn.Module):
    """It has nothing to learn of its own."""

    views = 2
    layers = ()

    def __init__(self, params: Params, encoder: Encoder, pairs: Pairs) -> None:
        super().__init__()
        self.params = params

    def forward(
        self, encoder: Encoder, views: Sequence[Encoded], labels: torch.Tensor | None
    ) -> tuple[torch.Tensor, dict[str, Number]]:
        """Alignment of the first two views and the mean of their uniformities."""
        x, y = views[0].vectors, views[1].vectors
        spread = (uniformity(x) + uniformity(y)) / 2
        loss = self.params.alignment * alignment(x, y) + self.params.uniformity * spread
        return self.params.weight * loss, {"geometry": number(loss)}
