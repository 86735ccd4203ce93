"""What has been read against what comes next, with one map per offset: contrastive predictive coding.

The first view is the past, the second the future; ``neighbours`` gives them in that order. Each view is cut into parts
of equal length, and each part is pooled as a sentence is. A recurrent network reads the parts of the past; its last
state c predicts the k-th part z_k of the future, f(W_k c, z_k).

The paper reads a book sentence by sentence. Here a part is seen by the encoder together with the rest of its own view,
whose attention runs both ways, so the parts of one view know of each other; but the two views go through the encoder
apart, so nothing of the future reaches the past. A view of one sentence has clauses where the paper has sentences.
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
from infoviews.fixed import fixed

CITATION = "van den Oord, Li, Vinyals (2018), Representation learning with contrastive predictive coding, equation 3"


@dataclass(frozen=True)
class Params:
    """``parts`` of each view: so many are read, and so many predicted, each by its own map."""

    weight: float = 1.0
    parts: int = 3

    def __post_init__(self) -> None:
        if self.weight < 0:
            raise ValueError(f"future: weight is {self.weight}; it must be at least 0")
        if self.parts < 1:
            raise ValueError(f"future: parts is {self.parts}; it must be at least 1")


class Contrast(nn.Module):
    """S_k[i, j] = f(W_k c_i, z_jk), k = 1 … parts."""

    layers = (-1,)
    views = 2

    def __init__(self, params: Params, encoder: Encoder, pairs: Pairs) -> None:
        super().__init__()
        self.matrices = params.parts
        self.context = nn.GRU(encoder.dimension, encoder.dimension, batch_first=True)
        self.maps = nn.ModuleList(
            nn.Linear(encoder.dimension, encoder.dimension, bias=False) for _ in range(params.parts)
        )

    def forward(self, views: Sequence[Encoded], critic: nn.Module) -> list[Scored]:
        """One matrix (B, B) per offset: rows are contexts of the first view, columns parts of the second."""
        past, future = (self._parts(view) for view in views[:2])  # (B, parts, d)
        _, last = self.context(past)
        return [Scored(critic(to(last[0]), future[:, k])) for k, to in enumerate(self.maps)]

    def _parts(self, view: Encoded) -> torch.Tensor:
        """Vectors (B, parts, d): part k pools the real tokens [⌊kL/parts⌋, ⌊(k+1)L/parts⌋) of a text of L tokens.

        A text with fewer tokens than parts gives some of its tokens to more than one part; none is empty.
        """
        order, lengths = _local.real_positions(view.mask), view.mask.sum(1)  # (B, T), (B,)
        rows = torch.arange(len(order), device=order.device)[:, None]
        found = []
        for k in range(self.matrices):
            start = lengths * k // self.matrices
            stop = (lengths * (k + 1) // self.matrices).maximum(start + 1)
            longest = -(-order.shape[1] // self.matrices) if fixed() else int((stop - start).max())
            ranks = start[:, None] + torch.arange(longest, device=order.device)  # (B, longest part)
            places = order.gather(1, ranks.clamp(max=order.shape[1] - 1))
            found.append(view.pool(view.states[-1][rows, places], (ranks < stop[:, None]).to(view.mask.dtype)))
        return torch.stack(found, dim=1)
