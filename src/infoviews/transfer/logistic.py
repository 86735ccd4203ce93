"""L2-regularised logistic regression to its optimum, for many row subsets of one feature matrix at once.

Problem p with penalty C has rows T_p, features standardised on T_p, x' = (x - mu_p) / s_p, and minimises
``|w|^2 / (2 C n_p) + mean over T_p of the cross-entropy``, intercept free: scikit-learn's LogisticRegression divided
by C n_p. Substituting v = w / s_p gives ``sum_j s_pj^2 v_j^2 / (2 C n_p) + ...`` on *unscaled* features, so all
problems share one matrix, each iteration is two matrix products for all of them, and the Hessian of the whole data
preconditions every subset. L-BFGS (Nocedal and Wright, algorithm 7.4) starts from that Hessian instead of a multiple
of the identity and from the optimum on the whole data, itself warm-started along the grid.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

import numpy as np
import torch

from infoviews.transfer.minimise import Apply, Batch, minimise, penalty, probabilities

log = logging.getLogger(__name__)

MAX_ITERATIONS = 500
REFRESH = 12
"""Iterations after which the problem on the whole data renews its Hessian."""

Metric = tuple[torch.Tensor, Apply]
"""Data part of a Hessian, and the product with the inverse of it plus a ridge."""


@dataclass(frozen=True)
class Path:
    """Optima along a grid of penalties.

    Attributes:
        predicted: predicted class of every row, uint8 (grid, n, P).
        objective: scikit-learn's objective divided by C n_p, float64 (grid, P).
        gradient: largest absolute gradient entry in standardised coordinates, float64 (grid, P).
        iterations: matrix-product pairs spent on the subsets, summed over the grid.
    """

    predicted: np.ndarray
    objective: np.ndarray
    gradient: np.ndarray
    iterations: int


def solve_path(
    features: np.ndarray, labels: np.ndarray, train: np.ndarray, grid: list[float], tolerance: float = 1e-6
) -> Path:
    """Solve every row subset at every penalty.

    Args:
        features: real array (n, d), all rows that are trained on or predicted.
        labels: class ids 0..K-1, int array (n,); ids of rows in no subset are not used.
        train: bool array (n, P), True where row i belongs to subset p; every subset holds two classes or more.
        grid: values of C, ascending: strongest penalty first.
        tolerance: bound on the largest absolute gradient entry of the objective above.

    Raises:
        ValueError: a subset with fewer than two classes.
    """
    used = np.any(train, axis=1)
    classes = int(labels[used].max()) + 1
    for p in range(train.shape[1]):
        if len(np.unique(labels[train[:, p]])) < 2:
            raise ValueError(f"subset {p} of {train.shape[1]} holds fewer than two classes; use fewer folds")
    x, target, masks = _tensors(features, labels, train, used, classes)
    moments = _moments(x, masks)
    whole_moments = _moments(x, torch.as_tensor(used, dtype=x.dtype)[:, None])
    logits = target.shape[2]
    whole_w = torch.zeros(x.shape[1], 1, logits, dtype=x.dtype)
    w = torch.zeros(x.shape[1], masks.shape[1], logits, dtype=x.dtype)
    metric: Metric | None = None
    found = []
    iterations = 0
    for c in grid:
        before = whole_w
        whole, batch = _batch(x, target, whole_moments, c), _batch(x, target, moments, c)
        whole_w, metric = _solve_whole(whole, whole_w, batch.ridge.mean(1), metric, tolerance)
        w, spent = minimise(batch, w + (whole_w - before), metric[1], tolerance, MAX_ITERATIONS)
        iterations += spent
        found.append(_summary(batch, w))
    predicted, objective, gradient = (np.stack(part) for part in zip(*found, strict=True))
    if (gradient > tolerance).any():
        log.warning("%d fits stopped above the gradient tolerance", int((gradient > tolerance).sum()))
    return Path(predicted, objective, gradient, iterations)


def _tensors(
    features: np.ndarray, labels: np.ndarray, train: np.ndarray, used: np.ndarray, classes: int
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    x = torch.as_tensor(features, dtype=torch.float64)
    inside = x[torch.as_tensor(used)]
    spread = inside.std(0, correction=0)
    x = (x - inside.mean(0)) / torch.where(spread > 1e-12 * inside.abs().amax(0), spread, torch.ones_like(spread))
    x = torch.cat([x, torch.ones(len(x), 1, dtype=x.dtype)], 1)
    y = torch.as_tensor(labels).clamp(0, classes - 1)
    target = torch.nn.functional.one_hot(y, classes) if classes > 2 else y[:, None]
    return x, target[:, None, :].to(x.dtype), torch.as_tensor(train, dtype=x.dtype)


def _moments(x: torch.Tensor, masks: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Weights (n, P) and per-subset mean and standard deviation (D, P, 1); a constant column keeps scale 1."""
    weight = masks / masks.sum(0)
    mean = x.T @ weight
    variance = (x**2).T @ weight - mean**2
    scale = torch.where(variance > 1e-12, variance, torch.ones_like(variance)).sqrt()
    return weight, mean[..., None], scale[..., None]


def _batch(x: torch.Tensor, target: torch.Tensor, moments: tuple[torch.Tensor, ...], c: float) -> Batch:
    weight, mean, scale = moments
    ridge = scale**2 * weight.amax(0)[None, :, None] / c  # the largest weight is 1 / n_p
    ridge[-1] = 0.0
    return Batch(x, target, weight, ridge, mean, scale)


def _solve_whole(
    whole: Batch, w: torch.Tensor, ridge: torch.Tensor, metric: Metric | None, tolerance: float
) -> tuple[torch.Tensor, Metric]:
    """Optimum on the union of all subsets, and a Hessian near it; renewed only where the last one is slow."""
    curvature = metric[0] if metric else _curvature(whole, w)
    for _ in range(MAX_ITERATIONS // REFRESH):
        apply = _preconditioner(curvature, ridge, w.shape[2])
        w, spent = minimise(whole, w, apply, tolerance, REFRESH)
        if spent < REFRESH:
            break
        curvature = _curvature(whole, w)
    return w, (curvature, apply)


def _curvature(whole: Batch, w: torch.Tensor) -> torch.Tensor:
    """Data part of the Hessian, (r * D, r * D) with r columns of ``_basis`` (Böhning, 1992, eq. 2).

    Products are float32, since it only guides the steps.
    """
    p = probabilities(whole.forward(w))[:, 0]  # (n, logits)
    basis = _basis(p.shape[1])
    mean = p @ basis
    x = whole.x.float()
    size, r = x.shape[1], basis.shape[1]
    hessian = torch.empty(r, size, r, size, dtype=w.dtype)
    for k in range(r):
        for m in range(k + 1):
            covariance = p @ (basis[:, k] * basis[:, m]) - mean[:, k] * mean[:, m]
            block = (x.T @ (x * (covariance * whole.weight[:, 0]).float()[:, None])).to(w.dtype)
            hessian[k, :, m], hessian[m, :, k] = block, block.T
    return hessian.reshape(r * size, -1)


def _basis(logits: int) -> torch.Tensor:
    """Orthonormal basis (logits, r) in which the optimum lies: classes sum to zero, since the penalty says so."""
    if logits == 1:
        return torch.ones(1, 1, dtype=torch.float64)
    centring = torch.eye(logits, dtype=torch.float64) - 1 / logits
    return torch.linalg.eigh(centring).eigenvectors[:, 1:]


def _preconditioner(curvature: torch.Tensor, ridge: torch.Tensor, logits: int) -> Apply:
    """Multiply by the inverse of data part plus ridge (D, 1); jitter grows until the sum is positive definite."""
    basis = _basis(logits)
    diagonal = ridge[:, 0].repeat(basis.shape[1])
    jitter = 1e-7 * float(curvature.diagonal().mean()) + 1e-12
    while True:
        factor, failed = torch.linalg.cholesky_ex(curvature + torch.diag(diagonal + jitter))
        if not failed:
            break
        jitter *= 10
    inverse = torch.cholesky_inverse(factor)

    def apply(g: torch.Tensor) -> torch.Tensor:
        inside = (g @ basis).permute(2, 0, 1).reshape(-1, g.shape[1])  # (r * D, P)
        return (inverse @ inside).unflatten(0, (-1, g.shape[0])).permute(1, 2, 0) @ basis.T

    return apply


def _summary(batch: Batch, w: torch.Tensor) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    z = batch.forward(w)
    predicted = z.argmax(2) if z.shape[2] > 1 else (z[..., 0] > 0)
    objective = batch.loss(z) + penalty(batch, w, w) / 2
    norm = batch.norm(batch.gradient(w, z))
    return predicted.to(torch.uint8).numpy(), objective.numpy(), norm.numpy()
