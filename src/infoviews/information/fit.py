"""Fit a critic to pairs of the critic's split: a Gaussian start, a network that corrects it, and early stopping."""

from __future__ import annotations

import copy
import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch

from infoviews import devices, registry
from infoviews.information.critic import Fit, JointCritic
from infoviews.information.descent import descend
from infoviews.information.inputs import width
from infoviews.information.part import Map, Part, prepared

REFERENCE = 1024
"""Pairs of the critic's split over which what its objective leaves free is taken out."""


@dataclass(frozen=True)
class Fitted:
    """A critic with the maps that go before it; ``scores`` are on the scale of log p(x, y) / p(x)p(y).

    Attributes:
        critic: scores prepared rows.
        x, y: maps of the two sides, rows of features → what the critic takes.
        optimum: the constant in the critic: the training objective's own and, where that leaves one free (DV, MINE,
            TUBA), log-mean-exp over products of the critic's split.
        reference: prepared y of the critic's split (m, d), where that objective leaves a function of x free
            (InfoNCE); each row is then normalised by its log-mean-exp over the reference. Since the reference is no
            part of what is measured, this is one more critic like any other.
        limit: scores are cut there, at the log of the pairs that fitted the critic: so few say nothing of larger
            ratios (McAllester and Stratos, 2020), and one wild score in millions would ruin an average of e^f.
        state: running quantities of the training objective at the best step (the baseline of TUBA).
        failures: steps whose loss or gradient was not finite; training stopped at the first.
        facts: steps taken, steps of the best critic, validation loss in nats, and 1 where a Gaussian was the start.
    """

    critic: JointCritic
    x: Map
    y: Map
    optimum: float
    reference: torch.Tensor | None
    limit: float
    state: Any
    failures: int
    facts: dict[str, float]

    @property
    def device(self) -> torch.device:
        """Where the scores are made; prepared rows must be there too."""
        return self.critic.offset.device

    def to(self, device: torch.device) -> Fitted:
        """The same critic there; the one that is moved is of no use any more."""
        reference = None if self.reference is None else self.reference.to(device)
        return replace(self, critic=self.critic.to(device), reference=reference)

    @torch.no_grad()
    def scores(self, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        """Log-ratio scores (B, C) of prepared rows."""
        return self.limited(x, self.raw(x, y))

    @torch.no_grad()
    def raw(self, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        """What the critic says of prepared rows, (B, C): enough for a bound that knows no constant of a row."""
        return self.critic(x, y) - self.optimum

    @torch.no_grad()
    def limited(self, x: torch.Tensor, raw: torch.Tensor) -> torch.Tensor:
        """``raw`` scores of x on the scale of log ratios, cut at the limit."""
        if self.reference is not None:
            own = self.raw(x, self.reference)
            raw = raw - (torch.logsumexp(own, dim=1, keepdim=True) - math.log(own.shape[1]))
        return raw.clamp(max=self.limit)


def fit_critic(x: np.ndarray, y: np.ndarray, how: Fit, seed: int) -> Fitted:
    """Fit a critic to row-aligned pairs (n, d) of the critic's split, as ``prepared`` takes them."""
    return fit_part(prepared(x, y, how, seed), how)


def fit_part(part: Part, how: Fit) -> Fitted:
    """Fit a critic to features; ``how`` names the transform and the start with which the part was prepared."""
    module, rng = registry.get("critics", how.critic), part.rng()
    start = copy.deepcopy(part.start)  # this one moves between devices with its critic
    with torch.random.fork_rng():
        torch.manual_seed(int(rng.integers(2**31)))
        inside = width(part.train[0].shape[1] if start is None else start.frame_x.shape[1], how.inputs)
        network = module.Critic(registry.parameters(module, how.critic_params), inside)
    return fit_network(JointCritic(network, start, how.inputs), part, how, rng)


def fit_network(critic: JointCritic, part: Part, how: Fit, rng: np.random.Generator) -> Fitted:
    """Train a critic on the GPU where there is one.

    Args:
        critic: trained in place.
        part: the pairs.
        how: of this, the objective and the optimiser's settings. rng: of the batches.
    """
    device = devices.best()
    critic = critic.to(device)
    tx, ty, *held = (torch.from_numpy(side).to(device) for side in (*part.train, *part.validation))
    state, failures, facts = descend(critic, tx, ty, (held[0], held[1]), how, rng)
    objective, critic = registry.get("objectives", how.objective), critic.eval()
    free = level(critic, tx[:REFERENCE], ty[:REFERENCE]) if objective.FREE == "constant" else 0.0
    reference = ty[:REFERENCE] if objective.FREE == "row" else None
    if state is not None:
        state = state - free  # log of an average of e^f: it moves with f
    optimum, limit = objective.OPTIMUM + free, math.log(len(tx))
    facts["gaussian"] = float(critic.start is not None)
    made = Fitted(critic, part.x, part.y, optimum, reference, limit, state, failures, facts)
    return made.to(torch.device("cpu"))  # who measures on a GPU puts it back there


@torch.no_grad()
def level(critic: JointCritic, x: torch.Tensor, y: torch.Tensor) -> float:
    """log-mean-exp of the scores of pairs that do not belong together, x_i and y_j with i != j."""
    scores = critic(x, y).fill_diagonal_(-math.inf)
    return torch.logsumexp(scores.flatten(), dim=0).item() - math.log(len(x) * (len(x) - 1))
