"""A sentence's vector against the state of one of its tokens: the local objective of Deep InfoMax."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from torch import nn

from infoviews.contracts import Pairs
from infoviews.contrasts import _local
from infoviews.contrasts._scored import Scored
from infoviews.encoders.encoded import Encoded
from infoviews.encoders.encoder import Encoder

CITATION = "Hjelm et al. (2019), Learning deep representations by mutual information estimation, equation 8"


@dataclass(frozen=True)
class Params:
    """How sentence and token meet.

    Attributes:
        weight: factor of this contrast's loss.
        meet: ``across`` scores the vector of one view against tokens of the other, so that the views have a say;
            ``within`` against tokens of its own, as Deep InfoMax, which has one view.
        rounds: tokens drawn from each text at each step. Deep InfoMax takes every location; here each text gives the
            same number, whatever its length, so the joint is that of a text and one of its tokens at random.
    """

    weight: float = 1.0
    meet: str = "across"
    rounds: int = 2

    def __post_init__(self) -> None:
        _local.check("tokens", self.weight, self.meet, self.rounds)


class Contrast(nn.Module):
    """S[i, j] = f(vector of text i, A h_j), h_j the top state of one token of text j."""

    layers = (-1,)
    views = 2

    def __init__(self, params: Params, encoder: Encoder, pairs: Pairs) -> None:
        super().__init__()
        self.meetings, self.rounds = _local.MEETINGS[params.meet], params.rounds
        self.matrices = len(self.meetings) * self.rounds
        self.local = nn.Linear(encoder.width, encoder.dimension)

    def forward(self, views: Sequence[Encoded], critic: nn.Module) -> list[Scored]:
        """For each meeting of views, ``rounds`` matrices (B, B): rows are sentences, columns tokens."""
        found = []
        for whole, part in self.meetings * self.rounds:
            positions = _local.draw_positions(views[part].mask)
            token = self.local(_local.at(views[part].states[-1], positions))  # (B, d)
            found.append(Scored(critic(views[whole].vectors, token), whole, part))
        return found
