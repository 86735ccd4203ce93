"""Fit a critic to pairs of the critic's split: a Gaussian start, a network that corrects it, and early stopping."""

from __future__ import annotations

import copy
import logging
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch

from infoviews import registry
from infoviews.information.gaussian import GaussianCritic
from infoviews.information.inputs import widened, width
from infoviews.information.preparation import prepare

log = logging.getLogger(__name__)

Map = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Fit:
    """How a critic is fitted.

    Attributes:
        critic: module of ``critics`` and ``critic_params`` its parameters.
        objective: module of ``objectives`` and ``objective_params`` its parameters.
        transform: what is done to each coordinate (see ``preparation``).
        inputs: what the network sees in addition to the coordinates (see ``inputs``).
        gaussian: start from the log ratio of the fitted Gaussian, to which the critic is added; otherwise the critic
            is alone.
        steps, batch, rate: of Adam, whose rate falls linearly to zero; gradients are clipped to norm 1.
        every, patience: validate every so many steps; stop after so many validations without a better one.
        validation: most pairs that are kept back to validate on (and at most a fifth of all).
    """

    critic: str = "separable"
    critic_params: dict[str, Any] = field(default_factory=dict)
    objective: str = "infonce"
    objective_params: dict[str, Any] = field(default_factory=dict)
    transform: str = "ranks"
    inputs: str = "plain"
    gaussian: bool = True
    steps: int = 300
    batch: int = 256
    rate: float = 4e-3
    every: int = 20
    patience: int = 6
    validation: int = 1000


REFERENCE = 1024
"""Pairs of the critic's split over which what its objective leaves free is taken out."""


class JointCritic(torch.nn.Module):
    """scale · Gaussian log ratio + gain · network; the gain starts at 0 where there is a Gaussian to start from."""

    def __init__(self, network: torch.nn.Module, start: GaussianCritic | None = None, inputs: str = "plain") -> None:
        super().__init__()
        self.inputs = inputs
        self.network = network
        self.start = start
        self.scale = torch.nn.Parameter(torch.tensor(1.0), requires_grad=start is not None)
        self.gain = torch.nn.Parameter(torch.tensor(1.0 if start is None else 0.0), requires_grad=start is not None)
        self.offset = torch.nn.Parameter(torch.tensor(0.0))

    def forward(self, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        """Scores (B, C) of prepared x (B, d) and y (C, d)."""
        if self.start is None:
            return self.gain * self.network(widened(x, self.inputs), widened(y, self.inputs)) + self.offset
        inside = (widened(side @ frame, self.inputs) for side, frame in zip((x, y), self.start.frames(), strict=True))
        inner = self.network(*inside)
        return self.scale * self.start(x, y) + self.gain * inner + self.offset


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
        facts: steps taken, steps of the best critic, validation loss in nats.
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

    @torch.no_grad()
    def scores(self, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        """Log-ratio scores (B, C) of prepared rows."""
        scores = self.critic(x, y) - self.optimum
        if self.reference is not None:
            own = self.critic(x, self.reference) - self.optimum
            scores -= torch.logsumexp(own, dim=1, keepdim=True) - math.log(own.shape[1])
        return scores.clamp(max=self.limit)


def fit_critic(x: np.ndarray, y: np.ndarray, how: Fit, seed: int) -> Fitted:
    """Fit a critic to row-aligned pairs of the critic's split.

    The last part of the pairs, in seeded random order, is kept back to choose the step; nothing of the split that
    will be measured is seen.

    Args:
        x: features (n, d), at least 20 rows. y: features (n, d).
        how: what is fitted, and for how long.
        seed: of the order of pairs, the batches and the initial weights.

    Raises:
        ValueError: shapes differ or rows are too few.
    """
    if x.shape != y.shape or x.ndim != 2 or len(x) < 20:
        raise ValueError(f"pairs of shapes {x.shape} and {y.shape}; need two equal shapes (n, d) with 20 rows or more")
    rng = np.random.default_rng([seed, 0x66697463])
    train, held = kept_apart(len(x), how, rng)
    side_x, side_y = prepare(x[train], how.transform), prepare(y[train], how.transform)
    tx, ty = side_x(x[train]), side_y(y[train])
    module = registry.get("critics", how.critic)
    start = GaussianCritic(tx, ty) if how.gaussian else None
    with torch.random.fork_rng():
        torch.manual_seed(int(rng.integers(2**31)))
        inside = width(x.shape[1] if start is None else start.frame_x.shape[1], how.inputs)
        network = module.Critic(registry.parameters(module, how.critic_params), inside)
    return fit_network(JointCritic(network, start, how.inputs), (side_x, side_y), (x, y), (train, held), how, rng)


def kept_apart(n: int, how: Fit, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Rows that train and rows that choose the step, of n pairs in random order."""
    order = rng.permutation(n)
    kept = min(how.validation, n // 5)
    return order[kept:], order[:kept]


def fit_network(
    critic: JointCritic,
    maps: tuple[Map, Map],
    pairs: tuple[np.ndarray, np.ndarray],
    rows: tuple[np.ndarray, np.ndarray],
    how: Fit,
    rng: np.random.Generator,
) -> Fitted:
    """Train a critic whose maps are fixed.

    Args:
        critic: trained in place.
        maps: of the two sides, rows of ``pairs`` → what the critic takes.
        pairs: x (n, ...) and y (n, ...), row by row.
        rows: those that train, and those that choose the step.
        how: of this, the objective and the optimiser's settings. rng: of the batches.
    """
    sides = [[torch.from_numpy(map_(side[part])) for map_, side in zip(maps, pairs, strict=True)] for part in rows]
    (tx, ty), validation = sides[0], (sides[1][0], sides[1][1])
    state, failures, facts = _descend(critic, tx, ty, validation, how, rng)
    objective, critic = registry.get("objectives", how.objective), critic.eval()
    free = level(critic, tx[:REFERENCE], ty[:REFERENCE]) if objective.FREE == "constant" else 0.0
    reference = ty[:REFERENCE] if objective.FREE == "row" else None
    if state is not None:
        state = state - free  # log of an average of e^f: it moves with f
    return Fitted(critic, *maps, objective.OPTIMUM + free, reference, math.log(len(rows[0])), state, failures, facts)


@torch.no_grad()
def level(critic: JointCritic, x: torch.Tensor, y: torch.Tensor) -> float:
    """log-mean-exp of the scores of pairs that do not belong together, x_i and y_j with i != j."""
    scores = critic(x, y).fill_diagonal_(-math.inf)
    return torch.logsumexp(scores.flatten(), dim=0).item() - math.log(len(x) * (len(x) - 1))


def _descend(
    critic: JointCritic,
    x: torch.Tensor,
    y: torch.Tensor,
    validation: tuple[torch.Tensor, torch.Tensor],
    how: Fit,
    rng: np.random.Generator,
) -> tuple[Any, int, dict[str, float]]:
    """Train in place and leave the critic of the best validation; returns its state, failures and facts."""
    module = registry.get("objectives", how.objective)
    params = registry.parameters(module, how.objective_params)
    scalars = [critic.scale, critic.gain, critic.offset]  # few and slow: ten times the rate of the network's weights
    groups: list[dict[str, Any]] = [
        {"params": list(critic.network.parameters()), "initial_lr": how.rate},
        {"params": scalars, "initial_lr": 10 * how.rate},
    ]
    optimiser = torch.optim.AdamW(groups, lr=how.rate, weight_decay=1e-4, fused=True)
    with torch.no_grad():
        critic.offset.add_(module.OPTIMUM)
    state, best, kept, waited, failures, step = None, math.inf, None, 0, 0, 0
    for step, rows in enumerate(_batches(len(x), how, rng)):
        if step % how.every == 0 or step == how.steps:
            value = _validate(critic, module, params, state, validation)
            if value < best:
                best, kept, waited = value, (step, copy.deepcopy(critic.state_dict()), state), 0
            else:
                waited += 1
        if waited >= how.patience or step == how.steps:
            break
        try:
            state = _step(critic, optimiser, module, params, state, x[rows], y[rows], 1 - step / how.steps)
        except FloatingPointError as error:
            log.warning("critic stopped at step %d: %s", step, error)
            failures += 1
            break
    if kept is None:
        return state, failures + 1, {"steps": step}
    critic.load_state_dict(kept[1])
    return kept[2], failures, {"steps": step, "best": kept[0], "validation": best}


def _batches(n: int, how: Fit, rng: np.random.Generator) -> Iterator[np.ndarray]:
    """Rows of one batch after the other, without end; each pass over the pairs is in a new order."""
    batch = min(how.batch, n)
    order = np.empty(0, dtype=np.int64)
    while True:
        if len(order) < batch:
            order = rng.permutation(n)
        yield order[:batch]
        order = order[batch:]


def _step(
    critic: JointCritic,
    optimiser: torch.optim.Optimizer,
    module: Any,
    params: Any,
    state: Any,
    x: torch.Tensor,
    y: torch.Tensor,
    pace: float,
) -> Any:
    """One step at ``pace`` times each group's rate; returns the bound's state, or raises ``FloatingPointError``."""
    for group in optimiser.param_groups:
        group["lr"] = pace * group["initial_lr"]
    result = module.bound(critic(x, y), params, state)
    optimiser.zero_grad()
    result.loss.backward()
    norm = torch.nn.utils.clip_grad_norm_(critic.parameters(), 1.0)
    if not torch.isfinite(norm):
        raise FloatingPointError(f"gradient norm {norm.item()}")
    optimiser.step()
    return result.state


@torch.no_grad()
def _validate(critic: JointCritic, module: Any, params: Any, state: Any, pairs: tuple[torch.Tensor, ...]) -> float:
    """Loss on the validation pairs in one matrix, or infinity where it is not finite."""
    try:
        loss = module.bound(critic(*pairs), params, state).loss.item()
    except FloatingPointError:
        return math.inf
    return loss if math.isfinite(loss) else math.inf
