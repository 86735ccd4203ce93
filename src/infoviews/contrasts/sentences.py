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
    """``graph``: ``pair`` scores the first two views, ``core`` the first with each other, ``full`` every two."""

    weight: float = 1.0
    graph: str = "pair"

    def __post_init__(self) -> None:
        if self.weight < 0:
            raise ValueError(f"sentences: weight is {self.weight}; it must be at least 0")
        if self.graph not in ("pair", "core", "full"):
            raise ValueError(f"sentences: graph is {self.graph!r}; allowed: 'pair', 'core', 'full'")


class Contrast(nn.Module):
    """One matrix for each edge of the graph; it has nothing to learn of its own."""

    layers: tuple[int, ...] = ()

    def __init__(self, params: Params, encoder: Encoder, pairs: Pairs) -> None:
        super().__init__()
        every = list(combinations(range(len(pairs.views)), 2))
        self.edges = {"pair": [(0, 1)], "core": [edge for edge in every if edge[0] == 0], "full": every}[params.graph]
        self.views = 1 + max(second for _, second in self.edges)
        self.matrices = len(self.edges)

    def forward(self, views: Sequence[Encoded], critic: nn.Module) -> list[Scored]:
        """For each edge (u, v): S[i, j] = f(vector of view u of text i, vector of view v of text j)."""
        return [Scored(critic(views[i].vectors, views[j].vectors), i, j) for i, j in self.edges]
