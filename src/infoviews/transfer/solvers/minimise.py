"""L-BFGS on many logistic regressions side by side (Nocedal and Wright, algorithm 7.4), around a given metric."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

import torch

MEMORY = 10
"""Pairs of steps and gradient changes that are kept."""

OVERSHOT = 0.8
"""A step is too long where the slope at its end is this share of the slope at its start, turned upwards."""


class Inverse(Protocol):
    """Approximate inverse Hessians of the problems of a batch."""

    def take(self, problems: torch.Tensor) -> Inverse:
        """Those of some problems, bool (P,)."""

    def __call__(self, g: torch.Tensor) -> torch.Tensor:
        """Their products with gradients (D, L, P)."""


@dataclass(frozen=True)
class Batch:
    """Problems that share a matrix; L is 1 for two classes and K for more.

    Attributes:
        x: float32 (n, D), standardised, last column ones.
        target: one-hot, or 0/1 where L is 1, float32 (n, L, 1).
        mask: 1 on the rows of T_p, float32 (n, 1, P).
        count: n_p, float64 (P,).
        ridge: float64 (D, 1, P), of the objective divided by C n_p.
        centre: float64 (D, 1, P), of the columns over T_p.
        scale: float64 (D, 1, P), likewise.
        rows: of a slice, see ``machine``.
    """

    x: torch.Tensor
    target: torch.Tensor
    mask: torch.Tensor
    count: torch.Tensor
    ridge: torch.Tensor
    centre: torch.Tensor
    scale: torch.Tensor
    rows: int

    def take(self, keep: torch.Tensor) -> Batch:
        """The problems marked in ``keep``, bool (P,)."""
        picked = {name: getattr(self, name)[..., keep] for name in ("mask", "count", "ridge", "centre", "scale")}
        return replace(self, **picked)

    def logits(self, w: torch.Tensor, rows: slice) -> torch.Tensor:
        """Logits of weights (D, L, P) on some rows, (rows, L, P), in the precision of ``w``."""
        return (self.x[rows].to(w.dtype) @ w.flatten(1)).unflatten(1, w.shape[1:])

    def gradient(self, w: torch.Tensor, kind: torch.dtype) -> torch.Tensor:
        """Gradient of the whole objective, float64 (D, L, P); products are taken in ``kind``."""
        cast = w.to(kind)
        total = torch.zeros_like(cast).flatten(1)
        for start in range(0, len(self.x), self.rows):
            rows = slice(start, start + self.rows)
            residual = probabilities(self.logits(cast, rows)).sub_(self.target[rows]).mul_(self.mask[rows])
            total.addmm_(self.x[rows].to(kind).T, residual.flatten(1))
        return total.double().unflatten(1, w.shape[1:]) / self.count + self.ridge * w

    def norm(self, g: torch.Tensor) -> torch.Tensor:
        """Largest absolute gradient entry in standardised coordinates, (P,)."""
        inner = (g - self.centre * g[-1:]) / self.scale
        return torch.maximum(inner[:-1].abs().amax((0, 1)), g[-1].abs().amax(0))


def probabilities(z: torch.Tensor) -> torch.Tensor:
    """Class probabilities of logits (n, L, P); overwrites the logits."""
    if z.shape[1] == 1:
        return z.sigmoid_()
    z = z.sub_(z.amax(1, keepdim=True)).exp_()
    return z.div_(z.sum(1, keepdim=True))


class History:
    """Steps and gradient changes of every problem, in rings that turn together; a zero pair does nothing."""

    def __init__(self, steps: torch.Tensor, changes: torch.Tensor, newest: int = 0) -> None:
        self.steps, self.changes, self.newest = steps, changes, newest  # (MEMORY, D, L, P)
        inner = (steps * changes).sum((1, 2))
        self.inverse = torch.where(inner > 0, 1 / inner, torch.zeros_like(inner))  # (MEMORY, P)

    @classmethod
    def empty(cls, like: torch.Tensor) -> History:
        """No pairs yet, for weights of this shape."""
        return cls(like.new_zeros(MEMORY, *like.shape), like.new_zeros(MEMORY, *like.shape))

    def take(self, problems: torch.Tensor) -> History:
        """The pairs of some problems."""
        return History(self.steps[..., problems], self.changes[..., problems], self.newest)

    def put(self, problems: torch.Tensor, other: History) -> None:
        """Write back the pairs of some problems."""
        for own, theirs in ((self.steps, other.steps), (self.changes, other.changes), (self.inverse, other.inverse)):
            own[..., problems] = theirs
        self.newest = other.newest

    def push(self, step: torch.Tensor, change: torch.Tensor) -> None:
        """Replace the oldest pair."""
        self.newest = (self.newest + 1) % MEMORY
        self.steps[self.newest], self.changes[self.newest] = step, change
        inner = (step * change).sum((0, 1))
        self.inverse[self.newest] = torch.where(inner > 0, 1 / inner, torch.zeros_like(inner))

    def steepened(self, ridge: torch.Tensor) -> History:
        """The pairs under a penalty larger by ``ridge``: what was learnt of the data's curvature stays true."""
        return History(self.steps, self.changes + ridge * self.steps, self.newest)

    def direction(self, g: torch.Tensor, metric: Inverse) -> torch.Tensor:
        """Two-loop recursion, every problem with its own pairs, the Hessian's inverse ``metric`` in the middle."""
        slots = [(self.newest - age) % MEMORY for age in range(MEMORY)]
        q, alphas = g.clone(), {}
        for slot in slots:
            alphas[slot] = self.inverse[slot] * (self.steps[slot] * q).sum((0, 1))
            q.addcmul_(self.changes[slot], alphas[slot], value=-1)
        r = metric(q)
        for slot in reversed(slots):
            beta = self.inverse[slot] * (self.changes[slot] * r).sum((0, 1))
            r.addcmul_(self.steps[slot], alphas[slot] - beta)
        return r.neg_()


def minimise(
    batch: Batch,
    start: torch.Tensor,
    metric: Inverse,
    history: History,
    tolerance: float,
    most: int,
    kind: torch.dtype,
) -> tuple[torch.Tensor, torch.Tensor, int]:
    """Take all problems to their optima; those that have converged are dropped from the batch.

    Every round evaluates one gradient for each open problem, at a point of its own: the objective is convex, so the
    slope at a step's end tells whether it went too far, and if so the secant through both slopes where to try next.

    Args:
        batch: the problems.
        start: first weights, float64 (D, L, P).
        metric: approximate inverses of their Hessians.
        history: pairs to start from; those of this run are added to it.
        tolerance: bound on ``Batch.norm``.
        most: rounds at most.
        kind: precision of the products.

    Returns:
        Weights (D, L, P), what ``Batch.norm`` is there, (P,), and the number of rounds.
    """
    out, norms = start.clone(), torch.zeros_like(batch.count)
    active = torch.arange(start.shape[2], device=start.device)
    w, g = start, batch.gradient(start, kind)
    size, pairs = torch.ones_like(batch.count), history
    for done in range(most + 1):
        norm = batch.norm(g)
        unsolved = norm > tolerance
        if done == most or unsolved.sum() <= 0.7 * len(unsolved):
            out[..., active], norms[active] = w, norm
            if pairs is not history:
                history.put(active, pairs)
            if done == most or not unsolved.any():
                return out, norms, done
            active, batch, pairs = active[unsolved], batch.take(unsolved), pairs.take(unsolved)
            metric = metric.take(unsolved)
            w, g, size = w[..., unsolved], g[..., unsolved], size[unsolved]
        step = pairs.direction(g, metric)
        begin = (g * step).sum((0, 1))
        trial = w + size * step
        found = batch.gradient(trial, kind)
        end = (found * step).sum((0, 1))
        fine = end <= -OVERSHOT * begin
        pairs.push(torch.where(fine, trial - w, 0.0), torch.where(fine, found - g, 0.0))
        w, g = torch.where(fine, trial, w), torch.where(fine, found, g)
        size = torch.where(fine, 1.0, size * (begin / (begin - end)).clamp(min=0.1))
    raise AssertionError("unreachable")
