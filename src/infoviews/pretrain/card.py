"""The step of a cell on a GPU: pairs, batches and hashes lie there, and nothing is read until history is written."""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

import numpy as np
import torch

from infoviews.contracts import Pairs, concatenated
from infoviews.encoders.laid import LaidRows
from infoviews.pretrain.duplicates import content_hashes
from infoviews.pretrain.step import ContrastiveLoss
from infoviews.training import parallel
from infoviews.training.batches import Batches
from infoviews.training.meter import Meter, model_flops
from infoviews.training.passes import Planned, planned
from infoviews.training.queued import Laid


class Plan(NamedTuple):
    """What the host decides of a step: its passes through the encoder, and that no step was taken before."""

    passes: Planned
    first: bool


class CardStep(Laid):
    """As ``ContrastiveStep``, with the same loss of the same batches.

    Args:
        loss: of encoded views; its model is on the device.
        pairs: training pairs.
        batches: row numbers of each step.
        num_steps: how many batches are laid out.
        mask_duplicates: leave texts that equal the anchor or its partner out of the negatives.
        meter: counts tokens.
        recompute: gradient caching, see ``Passes``.
    """

    def __init__(
        self,
        loss: ContrastiveLoss,
        pairs: Pairs,
        batches: Batches,
        num_steps: int,
        mask_duplicates: bool,
        meter: Meter,
        recompute: bool = False,
    ) -> None:
        model, encoder = loss.model, loss.model.encoder
        device = next(model.parameters()).device
        views = pairs.views[: model.read]
        self.contrastive, self.model, self.meter = loss, model, meter
        self.max_tokens, self.flops = encoder.max_tokens, model_flops(encoder.backbone)
        self.lengths = np.stack([np.minimum(view.lengths, self.max_tokens - 2) + 2 for view in views])  # (V, N)
        self.rows = np.stack([batches[step] for step in range(num_steps)]).astype(np.int32)  # (steps, B)
        self.schedule = torch.from_numpy(self.rows).to(device)
        self.laid = LaidRows(concatenated(views), encoder.tokenizer, self.max_tokens, device)
        self.firsts = torch.arange(len(views), device=device)[:, None] * len(views[0])  # (V, 1), rows of each view
        self.labels = None if pairs.labels is None else torch.from_numpy(np.asarray(pairs.labels)).long().to(device)
        hashes = [content_hashes(view).view(np.int64) for view in views] if mask_duplicates else []
        self.hashes = [torch.from_numpy(one).to(device) for one in hashes]
        self.halvings = 1 if recompute else 0

    def plan(self, step: int) -> Plan:
        lengths = self.lengths[:, self.rows[step]].ravel()
        passes = planned(lengths, self.max_tokens)
        if parallel.ranks() > 1:  # each takes its share of the texts, whatever their lengths
            passes = Planned(((len(lengths) // parallel.ranks(), passes.parts[-1][1]),))
        for _ in range(self.halvings):
            passes = passes.halved() or passes
        self.meter.count(lengths, sum(texts * width for texts, width in passes.parts), self.flops)
        return Plan(passes, step == 0)

    def loss(self, at: torch.Tensor, plan: Plan) -> tuple[torch.Tensor, dict[str, Any]]:
        rows = self.schedule.index_select(0, at)[0].long()  # (B,)
        ids, mask = self.laid.padded((self.firsts + rows).flatten(), plan.passes.parts[-1][1])  # (V · B, T)
        self.model.passes = plan.passes
        labels = None if self.labels is None else self.labels[rows]
        return self.contrastive(self.model.views(ids, mask), partial(self._same, rows), labels, plan.first)

    def spare(self) -> str | None:
        if self.plan(0).passes.halved() is None:
            return None
        self.halvings += 1
        parts = self.plan(0).passes.parts
        return (
            f"passes of {parts[-1][0]} texts from now on, computed again for their gradients; batches stay as they are"
        )

    def _same(self, rows: torch.Tensor, anchors: int, candidates: int) -> torch.Tensor | None:
        if not self.hashes:
            return None
        own, partner = self.hashes[anchors][rows], self.hashes[candidates][rows]
        same = (partner[None] == partner[:, None]) | (partner[None] == own[:, None])
        return same.fill_diagonal_(False)
