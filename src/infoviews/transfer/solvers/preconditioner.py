"""Hessians of logistic regressions, factored: what L-BFGS starts from instead of a multiple of the identity."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import torch

from infoviews.transfer.solvers.minimise import Batch, probabilities

SAMPLE = 16384
"""Rows that a Hessian is made of at most: it guides the steps, and so many rows settle it."""

UNLIKELY = 1e-4
"""Probability of a class below which a row may be taken to be sure that it is not of it."""


@dataclass(frozen=True)
class Metric:
    """Approximate inverse Hessians of the P problems of a batch.

    Attributes:
        factors: see ``factor``.
        which: the factor of each problem, (P,).
        batched: the factors are inverses of what ``factor`` gives, and all problems are served at once.
    """

    factors: list[torch.Tensor]
    which: torch.Tensor
    batched: bool = False

    def take(self, problems: torch.Tensor) -> Metric:
        """The metric of some problems, bool (P,)."""
        return Metric(self.factors, self.which[problems], self.batched)

    def give(self, problem: int, own: torch.Tensor) -> None:
        """Let a problem part with the first factor, which is everybody's, or renew the one that it has."""
        if self.which[problem] == 0:
            self.which[problem] = len(self.factors)
            self.factors.append(own)
        else:
            self.factors[int(self.which[problem])] = own

    def __call__(self, g: torch.Tensor) -> torch.Tensor:
        """Product with the inverse, float64 (D, L, P) → (D, L, P)."""
        basis = basis_of(g.shape[1]).to(g.device)
        inside = torch.einsum("dlp,lr->rdp", g, basis).flatten(0, 1).float()  # (r * D, P)
        inside = self._all_at_once(inside) if self.batched else self._one_by_one(inside)
        return torch.einsum("rdp,lr->dlp", inside.double().unflatten(0, (-1, len(g))), basis).contiguous()

    def _one_by_one(self, inside: torch.Tensor) -> torch.Tensor:
        for number in self.which.unique().tolist():
            columns = torch.nonzero(self.which == number)[:, 0]
            inside[:, columns] = torch.cholesky_solve(inside[:, columns], self.factors[number])
        return inside

    def _all_at_once(self, inside: torch.Tensor) -> torch.Tensor:
        """A triangular solve takes as many steps as there are rows, each too small for a GPU; a product takes one."""
        common = self.factors[0]
        out = common.T @ (common @ inside)
        numbers = self.which.tolist()
        own = [place for place, number in enumerate(numbers) if number]
        if own:
            inverses = torch.stack([self.factors[numbers[place]] for place in own])  # (own, r * D, r * D)
            columns = inside.T[own, :, None]  # (own, r * D, 1)
            out[:, own] = (inverses.mT @ (inverses @ columns))[..., 0].T
        return out


def factor(problem: Batch, w: torch.Tensor, ridge: torch.Tensor, inverse: bool = False) -> torch.Tensor:
    """Cholesky factor of one problem's Hessian at weights (D, L, 1) with a ridge (D,), float32 (r * D, r * D).

    ``inverse`` gives the inverse of the factor, whose product with its transpose stays positive however it is rounded.

    Raises:
        FloatingPointError: the Hessian is not finite.
    """
    basis = basis_of(w.shape[1]).to(w.device)
    curvature = _curvature(problem, w, basis.float(), min(UNLIKELY, float(ridge.amax())))
    if not curvature.isfinite().all():
        raise FloatingPointError("the Hessian is not finite; are the features finite and of sane size?")
    jitter = 1e-7 * float(curvature.diagonal().mean()) + 1e-12
    curvature.diagonal().add_(ridge.float().repeat(basis.shape[1]) + jitter)
    while True:  # the jitter grows until the sum is positive definite to rounding
        found, failed = torch.linalg.cholesky_ex(curvature)
        if not failed:
            one = torch.eye(len(found), device=found.device)
            return torch.linalg.solve_triangular(found, one, upper=False) if inverse else found
        curvature.diagonal().add_(9 * jitter)
        jitter *= 10


@cache
def basis_of(logits: int) -> torch.Tensor:
    """Orthonormal basis (L, r) that contains the optimum: classes sum to zero, since the penalty says so."""
    if logits == 1:
        return torch.ones(1, 1, dtype=torch.float64)
    centring = torch.eye(logits, dtype=torch.float64) - 1 / logits
    return torch.linalg.eigh(centring).eigenvectors[:, 1:]


def _curvature(problem: Batch, w: torch.Tensor, basis: torch.Tensor, least: float) -> torch.Tensor:
    """Data part of the Hessian in the basis, float32 (r * D, r * D) (Böhning, 1992, eq. 2).

    Where the classes separate, most rows are sure of most classes: probabilities below ``least``, which bend the
    objective less than the penalty does, count as zero, and a block sums the rows that are unsure of its classes.
    """
    inside = torch.nonzero(problem.mask[:, 0, 0])[:, 0]
    inside = inside[:: -(-len(inside) // SAMPLE)]
    x = problem.x[inside]
    p = probabilities((x @ w[..., 0].float())[..., None])[..., 0]  # (rows, L)
    size, logits = w.shape[0], w.shape[1]
    if logits == 1:
        return x.T @ (x * (p * (1 - p))) / len(inside)
    p = torch.where(p > least, p, 0.0)
    p = p / p.sum(1, keepdim=True)
    hessian = torch.zeros(logits, size, logits, size, device=x.device)
    for k in range(logits):
        for m in range(k + 1):
            weight = p[:, k] * (1 - p[:, k]) if k == m else -p[:, k] * p[:, m]
            unsure = torch.nonzero(weight)[:, 0]
            rows = x[unsure]
            block = rows.T @ (rows * weight[unsure, None])
            hessian[k, :, m], hessian[m, :, k] = block, block.T
    left = (basis.T @ hessian.flatten(1)).view(-1, size, logits, size)  # (r, D, L, D)
    return torch.einsum("rdle,ls->rdse", left, basis).reshape(basis.shape[1] * size, -1) / len(inside)
