"""A sentence's vector against n-grams of token states seen through convolutions, as in IS-BERT and InfoWord.

IS-BERT's sentence vector is the mean of the n-gram features themselves. Here it is the encoder's own, so that a
checkpoint stays a plain encoder; the convolutions are heads of training alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import nn

from infoviews.contracts import Pairs
from infoviews.contrasts import _local
from infoviews.contrasts._scored import Scored
from infoviews.encoders.encoded import Encoded
from infoviews.encoders.encoder import Encoder

CITATION = (
    "Zhang, He, Liu, Lim, Bing (2020), An unsupervised sentence embedding method by mutual information maximization, "
    "section 3.1; Kong et al. (2020), A mutual information maximization perspective of language representation learning"
)


@dataclass(frozen=True)
class Params:
    """Which n-grams, and how sentence and n-gram meet.

    Attributes:
        weight: factor of this contrast's loss.
        meet: ``within`` scores a sentence against n-grams of its own, as IS-BERT, ``across`` against the other view's.
        rounds: n-grams drawn from each text at each step.
        sizes: tokens in a window; IS-BERT joins 1, 3 and 5.
        filters: features of each window size.
    """

    weight: float = 1.0
    meet: str = "within"
    rounds: int = 2
    sizes: tuple[int, ...] = (1, 3, 5)
    filters: int = 64

    def __post_init__(self) -> None:
        object.__setattr__(self, "sizes", tuple(self.sizes))
        _local.check("ngrams", self.weight, self.meet, self.rounds)
        if not self.sizes or min(self.sizes) < 1:
            raise ValueError(f"ngrams: sizes is {list(self.sizes)}; give one or more window sizes of at least 1")
        if self.filters < 1:
            raise ValueError(f"ngrams: filters is {self.filters}; it must be at least 1")


class Contrast(nn.Module):
    """S[i, j] = f(vector of text i, A relu(features of the windows around one token of text j))."""

    layers = (-1,)
    views = 2

    def __init__(self, params: Params, encoder: Encoder, pairs: Pairs) -> None:
        super().__init__()
        self.meetings, self.rounds = _local.MEETINGS[params.meet], params.rounds
        self.matrices = len(self.meetings) * self.rounds
        self.sizes = params.sizes
        self.convolutions = nn.ModuleList(nn.Conv1d(encoder.width, params.filters, size) for size in params.sizes)
        self.local = nn.Linear(len(params.sizes) * params.filters, encoder.dimension)

    def forward(self, views: Sequence[Encoded], critic: nn.Module) -> list[Scored]:
        """For each meeting of views, ``rounds`` matrices (B, B): rows are sentences, columns n-grams."""
        found = []
        for whole, part in self.meetings * self.rounds:
            features = self._features(views[part], _local.draw_positions(views[part].mask))
            found.append(Scored(critic(views[whole].vectors, features), whole, part))
        return found

    def _features(self, view: Encoded, positions: torch.Tensor) -> torch.Tensor:
        """Features (B, d) of the windows around one position of each text; only these windows are convolved."""
        parts = []
        for size, convolution in zip(self.sizes, self.convolutions, strict=True):
            window = _local.windows(view.states[-1], view.mask, positions, size)  # (B, size, H)
            parts.append(convolution(window.transpose(1, 2)).squeeze(2).relu())
        return self.local(torch.cat(parts, dim=1))
