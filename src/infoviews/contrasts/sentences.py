"""Sentence vectors of one view against those of another; with more than two views, CMC's graphs of views."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from torch import nn

from infoviews.contracts import Pairs
from infoviews.contrasts._scored import Scored
from infoviews.encoders.encoded import Encoded
from infoviews.encoders.encoder import Encoder

CITATION = (
    "Chen, Kornblith, Norouzi, Hinton (2020), A simple framework for contrastive learning; "
    "Tian, Krishnan, Isola (2020), Contrastive multiview coding, section 3.3"
)


@dataclass(frozen=True)
class Params:
    """Which views meet, and through what.

    Attributes:
        weight: factor of this contrast's loss.
        graph: ``pair`` scores the first two views, ``core`` the first with each other, ``full`` every two.
        projection: head between sentence vectors and critic, for training alone: ``none``, ``mlp`` (one hidden
            layer, SimCLR) or ``tanh`` (one layer, SimCSE).
    """

    weight: float = 1.0
    graph: str = "pair"
    projection: str = "none"

    def __post_init__(self) -> None:
        if self.weight < 0:
            raise ValueError(f"sentences: weight is {self.weight}; it must be at least 0")
        if self.graph not in ("pair", "core", "full"):
            raise ValueError(f"sentences: graph is {self.graph!r}; allowed: 'pair', 'core', 'full'")
        if self.projection not in ("none", "mlp", "tanh"):
            raise ValueError(f"sentences: projection is {self.projection!r}; allowed: 'none', 'mlp', 'tanh'")


class Contrast(nn.Module):
    """One matrix for each edge of the graph; all views share the projection, if there is one."""

    layers: tuple[int, ...] = ()

    def __init__(self, params: Params, encoder: Encoder, pairs: Pairs) -> None:
        super().__init__()
        every = list(combinations(range(len(pairs.views)), 2))
        self.edges = {"pair": [(0, 1)], "core": [edge for edge in every if edge[0] == 0], "full": every}[params.graph]
        self.views = 1 + max(second for _, second in self.edges)
        self.matrices = len(self.edges)
        self.head = _head(params.projection, encoder.dimension)

    def forward(self, views: Sequence[Encoded], critic: nn.Module) -> list[Scored]:
        """For each edge (u, v): S[i, j] = f(vector of view u of text i, vector of view v of text j)."""
        vectors = [self.head(view.vectors) for view in views[: self.views]]
        return [Scored(critic(vectors[i], vectors[j]), i, j) for i, j in self.edges]


def _head(projection: str, dimension: int) -> nn.Module:
    if projection == "mlp":
        return nn.Sequential(nn.Linear(dimension, dimension), nn.ReLU(), nn.Linear(dimension, dimension))
    if projection == "tanh":
        return nn.Sequential(nn.Linear(dimension, dimension), nn.Tanh())
    return nn.Identity()
