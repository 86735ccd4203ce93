"""Each anchor's partner told from all partners and from all hard negatives of the batch: supervised SimCSE.

The hard negatives are a third view, such as contradictions of the premise. They are chosen against the anchor and not
drawn from the marginal, so the value bounds no information, and this is an addition. For SimCSE's loss alone give the
contrast weight 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn.functional import cross_entropy, normalize

from infoviews.contracts import Pairs
from infoviews.encoders.encoded import Encoded
from infoviews.encoders.encoder import Encoder
from infoviews.fixed import Number, number

CITATION = "Gao, Yao, Chen (2021), SimCSE: Simple contrastive learning of sentence embeddings, equation 5"


@dataclass(frozen=True)
class Params:
    """``weight`` of the loss; ``temperature`` divides cosines."""

    weight: float = 1.0
    temperature: float = 0.05

    def __post_init__(self) -> None:
        if min(self.weight, self.temperature) <= 0:
            raise ValueError(
                f"hardnegatives: weight and temperature must be positive; given {self.weight} and {self.temperature}"
            )


class Addition(nn.Module):
    """It has nothing to learn of its own."""

    views = 3
    layers = ()

    def __init__(self, params: Params, encoder: Encoder, pairs: Pairs) -> None:
        super().__init__()
        if len(pairs.views) < 3:
            raise ValueError(
                f"hardnegatives: pairs need a third view of hard negatives; these have {len(pairs.views)} views. "
                "Take a view family that gives it, such as entailment with negatives: true"
            )
        self.params = params

    def forward(
        self, encoder: Encoder, views: Sequence[Encoded], labels: torch.Tensor | None
    ) -> tuple[torch.Tensor, dict[str, Number]]:
        """Cross-entropy, nats, over 2 B candidates: the second view's texts, then the third's.

        Candidates with the very tokens of the anchor or of its partner are left out.
        """
        anchors, partners, against = (normalize(view.vectors, dim=1) for view in views[:3])
        with torch.autocast(anchors.device.type, enabled=False):
            logits = anchors @ torch.cat([partners, against]).T / self.params.temperature  # (B, 2 B)
            size = len(anchors)
            same = torch.cat([_same(views[0], other) | _same(views[1], other) for other in views[1:3]], dim=1)
            same[:, :size].fill_diagonal_(False)
            partner = torch.arange(size, device=logits.device)
            loss = cross_entropy(logits.masked_fill(same, -torch.inf), partner)
        return self.params.weight * loss, {"hardnegatives": number(loss)}


def _same(first: Encoded, second: Encoded) -> torch.Tensor:
    """Where text i of one view has the ids of text j of the other, bool (B, B)."""
    one, two = (torch.where(view.mask != 0, view.ids, -1) for view in (first, second))
    return (one[:, None] == two[None]).all(2)
