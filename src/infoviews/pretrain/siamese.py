"""One contrastive step: both views through one encoder, a critic over all pairs, a bound of the score matrix."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn.functional import normalize

from infoviews.contracts import Pairs, Ragged
from infoviews.encoders.embed import pad
from infoviews.encoders.encoder import Encoder


class Siamese(nn.Module):
    """Everything that learns in a cell, and the running state of its objective (MINE's moving average)."""

    def __init__(self, encoder: Encoder, critic: nn.Module) -> None:
        super().__init__()
        self.encoder = encoder
        self.critic = critic
        self.register_buffer("running", torch.tensor(torch.nan))  # nan until the objective keeps a state

    def views(self, ids: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Both views in one forward pass, ids and mask (2B, T) → two of (B, d)."""
        first, second = self.encoder(ids, mask).float().chunk(2)
        return first, second


@dataclass
class ContrastiveStep:
    """The loss of step ``n``: batch ``n`` of the pairs, scored and bounded.

    Attributes:
        model: what learns.
        objective: a module of ``infoviews.objectives``.
        params: its ``Params``.
        pairs: training pairs (two views).
        batches: row numbers of each step.
        mask_duplicates: leave texts that equal the positive out of the negatives.
    """

    model: Siamese
    objective: ModuleType
    params: Any
    pairs: Pairs
    batches: Any
    mask_duplicates: bool

    def __post_init__(self) -> None:
        self.hashes = tuple(content_hashes(view) for view in self.pairs.views)

    def __call__(self, step: int) -> tuple[torch.Tensor, dict[str, float]]:
        model, rows = self.model, self.batches[step]
        ids, mask = pad(self._both(rows), model.encoder.tokenizer, model.encoder.max_tokens)  # (2B, T)
        device = next(model.parameters()).device
        x, y = model.views(ids.to(device), mask.to(device))  # (B, d), (B, d)
        with torch.autocast(device.type, enabled=False):  # scores and losses in fp32
            scores = model.critic(x, y)  # (B, B)
            if self.mask_duplicates:
                scores = scores.masked_fill(self._duplicates(rows).to(device), -torch.inf)
            bound = self.objective.bound(scores, self.params, None if model.running.isnan() else model.running)
        if bound.state is not None:
            model.running = bound.state
        return bound.loss, {"bound": bound.value.item(), **geometry(x.detach(), y.detach())}

    def _both(self, rows: np.ndarray) -> Ragged:
        first, second = (view.take(rows) for view in self.pairs.views[:2])
        return Ragged(
            np.concatenate([first.ids, second.ids]),
            np.concatenate([first.offsets, first.offsets[-1] + second.offsets[1:]]),
        )

    def _duplicates(self, rows: np.ndarray) -> torch.Tensor:
        """Off-diagonal places (i, j) whose candidate is the same text as row i's own anchor or partner."""
        x, y = (hashes[rows] for hashes in self.hashes[:2])
        same = (y[None, :] == y[:, None]) | (y[None, :] == x[:, None])  # (B, B)
        np.fill_diagonal(same, False)
        return torch.from_numpy(same)


def content_hashes(rows: Ragged) -> np.ndarray:
    """A 64-bit hash of each row's ids, uint64 array (rows,): equal texts are found without comparing strings."""
    if not len(rows):
        return np.empty(0, np.uint64)
    position = np.arange(rows.offsets[-1] - rows.offsets[0]) - np.repeat(
        rows.offsets[:-1] - rows.offsets[0], rows.lengths
    )
    keys = np.random.default_rng(0).integers(1, 2**63, size=int(rows.lengths.max(initial=0)) + 1, dtype=np.uint64)
    own = np.asarray(rows.ids[rows.offsets[0] : rows.offsets[-1]]).astype(np.uint64) + np.uint64(1)
    running = np.concatenate([np.zeros(1, np.uint64), np.cumsum(own * keys[position], dtype=np.uint64)])
    ends = rows.offsets - rows.offsets[0]
    return running[ends[1:]] - running[ends[:-1]]


@torch.no_grad()
def geometry(x: torch.Tensor, y: torch.Tensor) -> dict[str, float]:
    """Alignment E|x - y|² and uniformity log E exp(-2|x - x'|²) on the unit sphere.

    Wang & Isola 2020 (arXiv:2005.10242), equations 5 and 6; x and y are the views' vectors (B, d).
    """
    x, y = normalize(x.float(), dim=1), normalize(y.float(), dim=1)
    apart = torch.pdist(x).square()  # (B(B-1)/2,)
    uniformity = torch.logsumexp(-2 * apart, dim=0) - torch.log(torch.tensor(float(len(apart))))
    return {"alignment": (x - y).square().sum(1).mean().item(), "uniformity": uniformity.item()}
