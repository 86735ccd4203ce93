"""Local-global at several layers and across two views: the multi-scale objective of AMDIM."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from infoviews.contracts import Pairs
from infoviews.contrasts import _local
from infoviews.contrasts._scored import Scored
from infoviews.encoders.encoded import Encoded
from infoviews.encoders.encoder import Encoder

CITATION = "Bachman, Hjelm, Buchwalter (2019), Learning representations by maximizing mutual information across views"


@dataclass(frozen=True)
class Params:
    """Which layers meet, and how scores are held in.

    Attributes:
        weight: factor of this contrast's loss.
        layers: numbers of the layers whose token states are scored; 0 is the embedding, -1 the top.
        local: score tokens of the first of ``layers`` in one view against its tokens in the other, too, as AMDIM's
            5 × 5 to 5 × 5.
        clip: limit scores softly to [-clip, clip] by tanh, as AMDIM; ``None`` for no limit. It comes on top of a clip
            that the critic has; give one of the two.
        penalty: times the mean squared score before the limit, added to the loss.
    """

    weight: float = 1.0
    layers: tuple[int, ...] = (-1, -2)
    local: bool = True
    clip: float | None = 10.0
    penalty: float = 0.05

    def __post_init__(self) -> None:
        object.__setattr__(self, "layers", tuple(self.layers))
        if not self.layers or len(set(self.layers)) < len(self.layers):
            raise ValueError(f"layers: layers is {list(self.layers)}; give one or more layers, each once")
        if self.clip is not None and not self.clip > 0:
            raise ValueError(f"layers: clip is {self.clip}; it must be positive, or null for none")
        if min(self.weight, self.penalty) < 0:
            raise ValueError(f"layers: weight and penalty must be at least 0; given {self.weight} and {self.penalty}")


class Contrast(nn.Module):
    """S[i, j] = f(A vector of text i, B_l h_j) of two views in both directions, h_j a token of text j at layer l."""

    views = 2

    def __init__(self, params: Params, encoder: Encoder, pairs: Pairs) -> None:
        super().__init__()
        config: Any = encoder.backbone.config
        deepest = config.num_hidden_layers
        wrong = [layer for layer in params.layers if not -deepest - 1 <= layer <= deepest]
        if wrong:
            raise ValueError(f"layers: the encoder has layers 0 to {deepest} (or -1 to {-deepest - 1}); given {wrong}")
        self.params = params
        self.layers = params.layers
        self.matrices = 2 * (len(params.layers) + params.local)
        width, dimension = encoder.width, encoder.dimension
        self.whole = nn.Linear(dimension, dimension)
        self.tokens = nn.ModuleList(nn.Linear(width, dimension) for _ in params.layers)

    def forward(self, views: Sequence[Encoded], critic: nn.Module) -> list[Scored]:
        """Both directions; rows are sentences (with ``local`` also tokens of the first layer), columns tokens."""
        tokens = [self._tokens(view) for view in views[:2]]
        found = []
        for first, second in _local.MEETINGS["across"]:
            anchors = self.whole(views[first].vectors)
            found += [self._scored(critic(anchors, part), first, second) for part in tokens[second]]
            if self.params.local:
                found.append(self._scored(critic(tokens[first][0], tokens[second][0]), first, second))
        return found

    def _tokens(self, view: Encoded) -> list[torch.Tensor]:
        """One token of each text, seen at every layer: vectors (B, d)."""
        positions = _local.draw_positions(view.mask)
        maps = zip(self.layers, self.tokens, strict=True)
        return [to(_local.at(view.states[layer], positions)) for layer, to in maps]

    def _scored(self, raw: torch.Tensor, anchors: int, candidates: int) -> Scored:
        clip = self.params.clip
        scores = raw if clip is None else clip * torch.tanh(raw / clip)
        penalty = self.params.penalty * raw.square().mean() if self.params.penalty else None
        return Scored(scores, anchors, candidates, penalty)
