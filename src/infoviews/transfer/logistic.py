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
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch

log = logging.getLogger(__name__)

MEMORY = 8
"""Pairs of steps and gradient changes that L-BFGS keeps."""

MAX_ITERATIONS = 500
REFRESH = int(__import__("os").environ.get("RF", "12"))
"""Iterations after which the problem on the whole data renews its Hessian."""

Apply = Callable[[torch.Tensor], torch.Tensor]
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


@dataclass
class _Batch:
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

    def take(self, keep: torch.Tensor) -> _Batch:
        return _Batch(
            self.x,
            self.target,
            self.weight[:, keep],
            self.ridge[:, keep],
            self.centre[:, keep],
            self.scale[:, keep],
        )

    def forward(self, w: torch.Tensor) -> torch.Tensor:
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
        w, spent = _minimise(batch, w + (whole_w - before), metric[1], tolerance, MAX_ITERATIONS)
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


def _batch(x: torch.Tensor, target: torch.Tensor, moments: tuple[torch.Tensor, ...], c: float) -> _Batch:
    weight, mean, scale = moments
    ridge = scale**2 * weight.amax(0)[None, :, None] / c  # the largest weight is 1 / n_p
    ridge[-1] = 0.0
    return _Batch(x, target, weight, ridge, mean, scale)


def _solve_whole(
    whole: _Batch, w: torch.Tensor, ridge: torch.Tensor, metric: Metric | None, tolerance: float
) -> tuple[torch.Tensor, Metric]:
    """Optimum on the union of all subsets, and a Hessian near it; renewed only where the last one is slow."""
    curvature = metric[0] if metric else _curvature(whole, w)
    for _ in range(MAX_ITERATIONS // REFRESH):
        apply = _preconditioner(curvature, ridge, w.shape[2])
        w, spent = _minimise(whole, w, apply, tolerance, REFRESH)
        if spent < REFRESH:
            break
        curvature = _curvature(whole, w)
    return w, (curvature, apply)


def _curvature(whole: _Batch, w: torch.Tensor) -> torch.Tensor:
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


def _minimise(
    batch: _Batch, start: torch.Tensor, apply: Apply, tolerance: float, most: int
) -> tuple[torch.Tensor, int]:
    """L-BFGS on all problems of a batch side by side; problems that converged are dropped from the batch."""
    out = start.clone()
    active = torch.arange(start.shape[1])
    w, z = start, batch.forward(start)
    g = batch.gradient(w, z)
    value = batch.loss(z) + _penalty(batch, w, w) / 2
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
    batch: _Batch,
    w: torch.Tensor,
    z: torch.Tensor,
    step: torch.Tensor,
    z_step: torch.Tensor,
    value: torch.Tensor,
    slope: torch.Tensor,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Halve each problem's step until it descends enough (Armijo); logits are linear, so no further product."""
    size = torch.ones_like(value)
    fixed, cross, square = _penalty(batch, w, w), _penalty(batch, w, step), _penalty(batch, step, step)
    for _ in range(40):
        trial = batch.loss(torch.addcmul(z, z_step, size[None, :, None]))
        trial = trial + (fixed + 2 * size * cross + size**2 * square) / 2
        bad = ~(trial <= value + 1e-4 * size * slope + 1e-13 * value.abs())
        if not bad.any():
            return size, trial
        size = torch.where(bad, size / 2, size)
    return torch.where(bad, torch.zeros_like(size), size), torch.where(bad, value, trial)


def _penalty(batch: _Batch, a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    return (batch.ridge * a * b).sum((0, 2))


def _summary(batch: _Batch, w: torch.Tensor) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    z = batch.forward(w)
    predicted = z.argmax(2) if z.shape[2] > 1 else (z[..., 0] > 0)
    objective = batch.loss(z) + _penalty(batch, w, w) / 2
    norm = batch.norm(batch.gradient(w, z))
    return predicted.to(torch.uint8).numpy(), objective.numpy(), norm.numpy()
