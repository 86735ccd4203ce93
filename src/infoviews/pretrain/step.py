"""The loss of one step: the views of a batch, encoded, contrasted, bounded, with what is added."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import partial
from types import ModuleType
from typing import Any

import numpy as np
import torch

from infoviews.contracts import Bound, Pairs, Ragged, concatenated
from infoviews.contrasts._scored import Scored
from infoviews.encoders.embed import pad
from infoviews.encoders.encoded import Encoded
from infoviews.encoders.geometry import geometry
from infoviews.fixed import Number, average, fixed, number
from infoviews.pretrain.duplicates import content_hashes, false_negatives
from infoviews.pretrain.siamese import Siamese
from infoviews.training.meter import Meter, model_flops

Same = Callable[[int, int], torch.Tensor | None]
"""Numbers of the views of anchors and candidates → where a candidate is no negative, bool (B, B), if that is known."""


@dataclass
class ContrastiveLoss:
    """From the encoded views of a batch to its loss.

    Attributes:
        model: what learns.
        objective: a module of ``infoviews.objectives``.
        params: its ``Params``.
    """

    model: Siamese
    objective: ModuleType
    params: Any

    def __call__(
        self, views: list[Encoded], same: Same, labels: torch.Tensor | None, first: bool = False
    ) -> tuple[torch.Tensor, dict[str, Number]]:
        """Loss (scalar) of all contrasts and additions, and what history.csv records.

        Args:
            views: encoded, of one batch.
            same: known false negatives.
            labels: of the pairs (B,), if they carry any.
            first: no step was taken before; asked only where shapes are fixed, else the model knows.
        """
        with torch.autocast(views[0].ids.device.type, enabled=False):  # scores and losses in fp32
            loss, record = self.contrast(views, same, first)
        record |= geometry(views[0].vectors.detach(), views[1].vectors.detach())
        for addition in self.model.additions.values():
            added, facts = addition(self.model.encoder, views, labels)
            loss, record = loss + added, record | facts
        return loss, record

    def contrast(self, views: list[Encoded], same: Same, first: bool = False) -> tuple[torch.Tensor, dict[str, Number]]:
        """Loss (scalar) and values (nats) of all contrasts.

        ``bound`` is the mean over contrasts by their weights; with several, each has a column of its own.
        """
        model, loss, place = self.model, torch.zeros(()), 0
        values: dict[str, Number] = {}
        for name, contrast in model.contrasts.items():
            weight, losses, found = model.weights[name], [], []
            with nullcontext() if weight else torch.no_grad():
                for scored in contrast(views, model.critic):
                    bound = self._bound(scored, same(scored.anchors, scored.candidates), place, first)
                    losses.append(bound.loss if scored.penalty is None else bound.loss + scored.penalty)
                    found.append(number(bound.value))
                    place += 1
                loss = loss + weight * torch.stack(losses).mean()
            values[name] = average(found)
        mean = average(list(values.values()), [model.weights[name] for name in values])
        several = {f"bound_{name}": value for name, value in values.items()} if len(values) > 1 else {}
        return loss, {"bound": mean, **several}

    def _bound(self, scored: Scored, left_out: torch.Tensor | None, place: int, first: bool) -> Bound:
        """The bound of one matrix; ``place`` is where the model keeps the running state of that matrix."""
        running = self.model.running
        scores = scored.scores if left_out is None else scored.scores.masked_fill(left_out, -torch.inf)
        new = first if fixed() else bool(running[place].isnan())
        bound = self.objective.bound(scores, self.params, None if new else running[place].clone())
        if bound.state is not None:
            running[place] = bound.state
        return bound


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
        self.hashes = tuple(content_hashes(view) for view in self.pairs.views) if self.mask_duplicates else ()
        self.loss = ContrastiveLoss(self.model, self.objective, self.params)

    def __call__(self, step: int) -> tuple[torch.Tensor, dict[str, Number]]:
        model, rows = self.model, self.batches[step]
        ids, mask = pad(self._stacked(rows), model.encoder.tokenizer, model.encoder.max_tokens)  # (V · B, T)
        self.meter.count(mask.sum(1).numpy(), mask.numel(), self.flops)
        self.meter.lap("data")
        views = model.views(ids, mask)
        self.meter.lap("forward")
        labels = None if self.pairs.labels is None else torch.from_numpy(self.pairs.labels[rows]).long()
        found = self.loss(views, partial(self.same, rows), labels)
        self.meter.lap("loss")
        return found

    def same(self, rows: np.ndarray, anchors: int, candidates: int) -> torch.Tensor | None:
        """Known false negatives among the pairs ``rows``."""
        if not self.mask_duplicates:
            return None
        return false_negatives(self.hashes[anchors][rows], self.hashes[candidates][rows])

    def _stacked(self, rows: np.ndarray) -> Ragged:
        """The views of the rows, one view after another."""
        return concatenated([view.take(rows) for view in self.pairs.views[: self.model.read]])
