"""The loss of one step: the views of a batch, encoded, contrasted, bounded, with what is added."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import numpy as np
import torch

from infoviews.contracts import Bound, Pairs, Ragged, concatenated
from infoviews.contrasts._scored import Scored
from infoviews.encoders.embed import pad
from infoviews.encoders.encoded import Encoded
from infoviews.encoders.geometry import geometry
from infoviews.fixed import Number
from infoviews.pretrain.duplicates import content_hashes, false_negatives
from infoviews.pretrain.siamese import Siamese
from infoviews.training.meter import Meter, model_flops


@dataclass
class ContrastiveStep:
    """The loss of step ``n``: batch ``n`` of the pairs, scored and bounded.

    Attributes:
        model: what learns.
        objective: a module of ``infoviews.objectives``.
        params: its ``Params``.
        pairs: training pairs; the model reads their first ``model.read`` views.
        batches: row numbers of each step.
        mask_duplicates: leave texts that equal the anchor or its partner out of the negatives.
        meter: told where the time goes.
    """

    model: Siamese
    objective: ModuleType
    params: Any
    pairs: Pairs
    batches: Any
    mask_duplicates: bool
    meter: Meter = field(default_factory=Meter)

    def __post_init__(self) -> None:
        self.flops = model_flops(self.model.encoder.backbone)
        self.hashes = tuple(content_hashes(view) for view in self.pairs.views)

    def __call__(self, step: int) -> tuple[torch.Tensor, dict[str, Number]]:
        model, rows = self.model, self.batches[step]
        ids, mask = pad(self._stacked(rows), model.encoder.tokenizer, model.encoder.max_tokens)  # (V · B, T)
        device = next(model.parameters()).device
        self.meter.count(mask, self.flops)
        self.meter.lap("data")
        views = model.views(ids.to(device), mask.to(device))
        self.meter.lap("forward")
        with torch.autocast(device.type, enabled=False):  # scores and losses in fp32
            loss, record = self.contrast(views, rows)
        record |= geometry(views[0].vectors.detach(), views[1].vectors.detach())
        labels = None if self.pairs.labels is None else torch.from_numpy(self.pairs.labels[rows]).long().to(device)
        for addition in model.additions.values():
            added, facts = addition(model.encoder, views, labels)
            loss, record = loss + added, record | facts
        self.meter.lap("loss")
        return loss, record

    def contrast(self, views: list[Encoded], rows: np.ndarray) -> tuple[torch.Tensor, dict[str, Number]]:
        """Loss (scalar) and values (nats) of all contrasts of the views of the pairs ``rows``.

        ``bound`` is the mean over contrasts by their weights; with several, each has a column of its own.
        """
        model, loss, values, place = self.model, torch.zeros(()), {}, 0
        for name, contrast in model.contrasts.items():
            weight, losses, found = model.weights[name], [], []
            with nullcontext() if weight else torch.no_grad():
                for scored in contrast(views, model.critic):
                    bound = self._bound(scored, rows, place)
                    losses.append(bound.loss if scored.penalty is None else bound.loss + scored.penalty)
                    found.append(bound.value.item())
                    place += 1
                loss = loss + weight * torch.stack(losses).mean()
            values[name] = float(np.mean(found))
        weights = np.array([model.weights[name] for name in values])
        mean = np.average(list(values.values()), weights=weights if weights.any() else None)
        several = {f"bound_{name}": value for name, value in values.items()} if len(values) > 1 else {}
        return loss, {"bound": float(mean), **several}

    def _bound(self, scored: Scored, rows: np.ndarray, place: int) -> Bound:
        """The bound of one matrix; ``place`` is where the model keeps the running state of that matrix."""
        scores, running = scored.scores, self.model.running
        if self.mask_duplicates:
            anchors, candidates = self.hashes[scored.anchors][rows], self.hashes[scored.candidates][rows]
            scores = scores.masked_fill(false_negatives(anchors, candidates).to(scores.device), -torch.inf)
        before = None if running[place].isnan() else running[place].clone()
        bound = self.objective.bound(scores, self.params, before)
        if bound.state is not None:
            running[place] = bound.state
        return bound

    def _stacked(self, rows: np.ndarray) -> Ragged:
        """The views of the rows, one view after another."""
        return concatenated([view.take(rows) for view in self.pairs.views[: self.model.read]])
