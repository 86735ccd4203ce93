"""L-BFGS on many logistic regressions side by side (Nocedal and Wright, algorithm 7.4), around a given metric."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch

MEMORY = 8
"""Pairs of steps and gradient changes that are kept."""

Apply = Callable[[torch.Tensor], torch.Tensor]


@dataclass
class Batch:
    """Problems that share a matrix; ``logits`` is 1 for two classes and K for more.

    Shapes: x (n, D) with a last column of ones; target (n, 1, logits) one-hot or 0/1; weight (n, P), 1 / n_p on rows
    of T_p; ridge, centre and scale (D, P, 1).
    """

    x: torch.Tensor
    target: torch.Tensor
    weight: torch.Tensor
    ridge: torch.Tensor
    centre: torch.Tensor
    scale: torch.Tensor

    def take(self, keep: torch.Tensor) -> Batch:
        """The problems marked in ``keep``, bool (P,)."""
        return Batch(
            self.x,
            self.target,
            self.weight[:, keep],
            self.ridge[:, keep],
            self.centre[:, keep],
            self.scale[:, keep],
        )

    def forward(self, w: torch.Tensor) -> torch.Tensor:
        """Logits of weights (D, P, logits)."""
        return (self.x @ w.flatten(1)).unflatten(1, w.shape[1:])  # (n, P, logits)

    def loss(self, z: torch.Tensor) -> torch.Tensor:
        """Mean cross-entropy of each problem, (P,)."""
        if z.shape[2] == 1:
            rows = torch.nn.functional.softplus(z[..., 0]) - z[..., 0] * self.target[..., 0]
        else:
            rows = torch.logsumexp(z, 2) - (z * self.target).sum(2)
        return (rows * self.weight).sum(0)

    def gradient(self, w: torch.Tensor, z: torch.Tensor) -> torch.Tensor:
        """Gradient of the whole objective, (D, P, logits)."""
        residual = (probabilities(z) - self.target) * self.weight[..., None]
        return (self.x.T @ residual.flatten(1)).unflatten(1, z.shape[1:]) + self.ridge * w

    def norm(self, g: torch.Tensor) -> torch.Tensor:
        """Largest absolute gradient entry in standardised coordinates, (P,)."""
        inner = (g - self.centre * g[-1:]) / self.scale
        return torch.maximum(inner[:-1].abs().amax((0, 2)), g[-1].abs().amax(1))


def probabilities(z: torch.Tensor) -> torch.Tensor:
    """Class probabilities of logits (n, P, logits)."""
    return torch.sigmoid(z) if z.shape[2] == 1 else torch.softmax(z, 2)


def minimise(batch: Batch, start: torch.Tensor, apply: Apply, tolerance: float, most: int) -> tuple[torch.Tensor, int]:
    """L-BFGS on all problems of a batch side by side; problems that converged are dropped from the batch."""
    out = start.clone()
    active = torch.arange(start.shape[1])
    w, z = start, batch.forward(start)
    g = batch.gradient(w, z)
    value = batch.loss(z) + penalty(batch, w, w) / 2
    history: list[tuple[torch.Tensor, torch.Tensor, torch.Tensor]] = []
    for iteration in range(most):
        open_ = batch.norm(g) > tolerance
        if open_.sum() <= 0.7 * len(open_):
            out[:, active] = w
            if not open_.any():
                return out, iteration
            active, batch = active[open_], batch.take(open_)
            w, z, g, value = w[:, open_], z[:, open_], g[:, open_], value[open_]
            history = [(s[:, open_], y[:, open_], rho[open_]) for s, y, rho in history]
        step = _direction(g, history, apply)
        slope = (g * step).sum((0, 2))
        z_step = batch.forward(step)
        size, value = _search(batch, w, z, step, z_step, value, slope)
        s = step * size[None, :, None]
        w, z = w + s, z.addcmul_(z_step, size[None, :, None])
        g_new = batch.gradient(w, z)
        y, g = g_new - g, g_new
        inner = (s * y).sum((0, 2))
        history = [*history[-(MEMORY - 1) :], (s, y, torch.where(inner > 0, 1 / inner, torch.zeros_like(inner)))]
    out[:, active] = w
    return out, most


def _direction(
    g: torch.Tensor, history: list[tuple[torch.Tensor, torch.Tensor, torch.Tensor]], apply: Apply
) -> torch.Tensor:
    """Two-loop recursion, every problem with its own pairs, the Hessian's inverse ``apply`` in the middle."""
    q = g.clone()
    alphas = []
    for s, y, rho in reversed(history):
        alpha = rho * (s * q).sum((0, 2))
        q -= alpha[None, :, None] * y
        alphas.append(alpha)
    r = apply(q)
    for (s, y, rho), alpha in zip(history, reversed(alphas), strict=True):
        r = r + (alpha - rho * (y * r).sum((0, 2)))[None, :, None] * s
    return -r


def _search(
    batch: Batch,
    w: torch.Tensor,
    z: torch.Tensor,
    step: torch.Tensor,
    z_step: torch.Tensor,
    value: torch.Tensor,
    slope: torch.Tensor,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Halve each problem's step until it descends enough (Armijo); logits are linear, so no further product."""
    size = torch.ones_like(value)
    fixed, cross, square = penalty(batch, w, w), penalty(batch, w, step), penalty(batch, step, step)
    for _ in range(40):
        trial = batch.loss(torch.addcmul(z, z_step, size[None, :, None]))
        trial = trial + (fixed + 2 * size * cross + size**2 * square) / 2
        bad = ~(trial <= value + 1e-4 * size * slope + 1e-13 * value.abs())
        if not bad.any():
            return size, trial
        size = torch.where(bad, size / 2, size)
    return torch.where(bad, torch.zeros_like(size), size), torch.where(bad, value, trial)


def penalty(batch: Batch, a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """Ridge product of two weight tensors (D, P, logits), (P,); half of ``penalty(w, w)`` enters the objective."""
    return (batch.ridge * a * b).sum((0, 2))
