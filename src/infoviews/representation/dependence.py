"""The neural dependency measure of Deep InfoMax: what the coordinates of a representation tell of each other.

Total correlation, KL(p(z) || prod_i p(z_i)): a critic tells rows from rows whose coordinates were shuffled each by
itself. 0 for independent coordinates; Deep InfoMax (Hjelm et al., 2019, section 4) reports it beside I(input;
representation).
"""

from __future__ import annotations

import copy
import math
from dataclasses import dataclass

import numpy as np
import torch
from sklearn.covariance import ledoit_wolf
from torch.nn.functional import softplus

from infoviews import devices
from infoviews.contracts import Estimate
from infoviews.information.estimate import interval
from infoviews.information.preparation import prepare

SHUFFLES = 8
"""Shuffled copies of the held-out rows over which the product of the marginals is averaged."""


CUT = 0.01
"""Share of cut scores from which a value is only a lower limit."""


@dataclass(frozen=True)
class Training:
    """``steps`` of Adam on ``batch`` rows at ``rate``, falling to 0; a step is chosen every ``every`` on a fifth."""

    steps: int = 300
    batch: int = 256
    rate: float = 2e-3
    every: int = 20
    hidden: int = 64


class DependenceCritic(torch.nn.Module):
    """log p(z) / prod_i p(z_i): that of the Gaussian with the correlations of the rows, and a network's correction.

    Args:
        rows: of the critic's split (n, d), each coordinate standard normal. hidden: units of the network's two layers.
    """

    precision: torch.Tensor

    def __init__(self, rows: np.ndarray, hidden: int) -> None:
        super().__init__()
        covariance, _ = ledoit_wolf(rows, assume_centered=True)
        deviation = np.sqrt(np.maximum(np.diag(covariance), 1e-12))
        correlation = covariance / np.outer(deviation, deviation)
        excess = (np.linalg.inv(correlation) - np.eye(len(correlation))) / np.outer(deviation, deviation)
        self.register_buffer("precision", torch.tensor(excess, dtype=torch.float32))
        self.constant = -0.5 * float(np.linalg.slogdet(correlation)[1])
        self.gain = torch.nn.Parameter(torch.zeros(()))
        layers = [torch.nn.Linear(rows.shape[1], hidden), torch.nn.ReLU(), torch.nn.Linear(hidden, hidden)]
        self.network = torch.nn.Sequential(*layers, torch.nn.ReLU(), torch.nn.Linear(hidden, 1))

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        """Log ratios (B,) of rows (B, d), which may lie elsewhere."""
        rows = rows.to(self.gain.device)
        gaussian = self.constant - 0.5 * ((rows @ self.precision) * rows).sum(1)
        return gaussian + self.gain * self.network(rows).squeeze(1)


def dependence(
    critic: np.ndarray, heldout: np.ndarray, features: str, seed: int, how: Training | None = None, bootstrap: int = 200
) -> Estimate:
    """Total correlation of a representation's coordinates, nats, by Donsker-Varadhan on held-out rows.

    Normal scores of each coordinate go before the critic; they leave the measure as it is. Coordinates that do not vary
    on the critic's split depend on nothing and are left out. Scores are cut at the log of the rows that fitted the
    critic, which say nothing of larger ratios: where that touches more than ``CUT`` of them the value is only a lower
    limit, flagged ``censored``.

    Args:
        critic: representations (n, d) that fit the critic. heldout: (m, d) that are measured.
        features: what they are of, for the record. seed: of everything drawn. bootstrap: replicates of the interval.

    Raises:
        ValueError: fewer than two coordinates or 20 rows, widths that differ, or values that are not finite.
    """
    if critic.ndim != 2 or heldout.ndim != 2 or critic.shape[1] != heldout.shape[1] or critic.shape[1] < 2:
        raise ValueError(f"representations of shapes {critic.shape} and {heldout.shape}; need (n, d), (m, d), d >= 2")
    if min(len(critic), len(heldout)) < 20:
        raise ValueError(f"{len(critic)} and {len(heldout)} representations; the dependency measure needs 20 of each")
    rng = np.random.default_rng([seed, 0x646570])
    n = len(heldout)
    varying = critic.std(axis=0) > 0
    if varying.sum() < 2:
        return Estimate("dependence", features, 0.0, 0.0, 0.0, n, n, math.inf, "")
    critic, heldout = critic[:, varying], heldout[:, varying]
    scores = prepare(critic, whiten=False)
    network = _fit(scores(critic), how or Training(), rng)
    rows = scores(heldout)
    with torch.no_grad():
        joint = network(torch.from_numpy(rows)).double().cpu().numpy()
        product = np.stack([network(_shuffled(rows, rng)).double().cpu().numpy() for _ in range(SHUFFLES)])
    limit = math.log(len(critic))
    flag = "censored" if np.mean(joint > limit) > CUT else ""
    joint, product = np.minimum(joint, limit), np.minimum(product, limit)
    draws = np.concatenate([np.ones((1, n)), rng.multinomial(n, np.full(n, 1 / n), size=bootstrap)])
    values = draws @ joint / n - np.log(draws @ np.exp(product).mean(axis=0) / n)
    low, high = interval(values, math.inf)
    return Estimate("dependence", features, float(values[0]), low, high, n, n, math.inf, flag)


def _fit(rows: np.ndarray, how: Training, rng: np.random.Generator) -> DependenceCritic:
    """The critic of the best Jensen-Shannon loss on a fifth of the rows; its optimum is the log ratio."""
    order = rng.permutation(len(rows))
    train, held = rows[order[len(rows) // 5 :]], rows[order[: len(rows) // 5]]
    with torch.random.fork_rng():
        torch.manual_seed(int(rng.integers(2**31)))
        network = DependenceCritic(train, how.hidden).to(devices.best())
    optimiser = torch.optim.Adam(network.parameters(), lr=how.rate)
    validation = torch.from_numpy(held), _shuffled(held, rng)
    best, kept = math.inf, copy.deepcopy(network.state_dict())
    for step in range(how.steps + 1):
        if step % how.every == 0 or step == how.steps:
            with torch.no_grad():
                value = _loss(network, *validation).item()
            if value < best:
                best, kept = value, copy.deepcopy(network.state_dict())
        if step == how.steps:
            break
        optimiser.param_groups[0]["lr"] = how.rate * (1 - step / how.steps)
        batch = train[rng.integers(len(train), size=how.batch)]
        loss = _loss(network, torch.from_numpy(batch), _shuffled(batch, rng))
        optimiser.zero_grad()
        loss.backward()
        if not torch.isfinite(torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)):
            break
        optimiser.step()
    network.load_state_dict(kept)
    return network


def _loss(network: DependenceCritic, joint: torch.Tensor, product: torch.Tensor) -> torch.Tensor:
    return softplus(-network(joint)).mean() + softplus(network(product)).mean()


def _shuffled(rows: np.ndarray, rng: np.random.Generator) -> torch.Tensor:
    """Rows whose coordinates are each in an order of its own: draws of the product of the marginals."""
    return torch.from_numpy(rng.permuted(rows, axis=0))
