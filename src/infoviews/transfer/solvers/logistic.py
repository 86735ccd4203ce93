"""L2-regularised logistic regression to its optimum, for many row subsets of one feature matrix at once.

Problem p with penalty C has rows T_p, features standardised on T_p, x' = (x - mu_p) / s_p, and minimises
``|w|^2 / (2 C n_p) + mean over T_p of the cross-entropy``, intercept free: scikit-learn's LogisticRegression divided
by C n_p. Substituting v = w / s_p gives ``sum_j s_pj^2 v_j^2 / (2 C n_p) + ...`` on *unscaled* features, so all
problems share one matrix, each iteration is two matrix products for all of them, and the Hessian of the whole data
preconditions every subset. L-BFGS (Nocedal and Wright, algorithm 7.4) starts from that Hessian instead of a multiple
of the identity and from the optimum on the whole data, itself warm-started along the grid. Products are float32 while
the gradient is far above its rounding, float64 to the tolerance.
"""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass, replace

import numpy as np
import torch

from infoviews.transfer.solvers.machine import Machine, here
from infoviews.transfer.solvers.minimise import Batch, History, minimise
from infoviews.transfer.solvers.preconditioner import Metric, factor

log = logging.getLogger(__name__)

MOST = {torch.float32: 120, torch.float64: 600}
"""Rounds at most in each precision, at each value of the grid."""

REFRESH = 12
"""Rounds after which the problem on the whole data renews its Hessian."""

PATIENCE = 30
"""Rounds after which a subset gets a Hessian of its own, which costs about so many."""

OWN_BYTES = 2**30
"""Memory for such Hessians; wide embeddings of many classes stay with the common one."""

COARSE = 2e-6
"""Gradients above this are taken in float32; below it rounding begins to tell."""


@dataclass(frozen=True)
class Path:
    """Optima along a grid of penalties.

    Attributes:
        predicted: predicted class of every row, uint8 (grid, n, P).
        objective: scikit-learn's objective divided by C n_p, float64 (grid, P).
        gradient: largest absolute gradient entry in standardised coordinates, float64 (grid, P).
        rounds: gradients of the subsets that were taken, summed over the grid.
    """

    predicted: np.ndarray
    objective: np.ndarray
    gradient: np.ndarray
    rounds: int


def solve_path(
    features: np.ndarray,
    labels: np.ndarray,
    train: np.ndarray,
    grid: list[float],
    tolerance: float = 1e-6,
    machine: Machine | None = None,
) -> Path:
    """Solve every row subset at every penalty.

    Args:
        features: real array (n, d), all rows that are trained on or predicted.
        labels: class ids 0..K-1, int array (n,); ids of rows in no subset are not used.
        train: bool array (n, P), True where row i belongs to subset p; every subset holds two classes or more.
        grid: values of C, ascending: strongest penalty first.
        tolerance: bound on the largest absolute gradient entry of the objective above.
        machine: where it is computed; the GPU where there is one.

    Raises:
        ValueError: a subset with fewer than two classes.
    """
    machine = machine or here()
    used = np.any(train, axis=1)
    classes = int(labels[used].max()) + 1
    for p in range(train.shape[1]):
        if len(np.unique(labels[train[:, p]])) < 2:
            raise ValueError(f"subset {p} of {train.shape[1]} holds fewer than two classes")
    x, target = _standardised(features, used, machine), _target(labels, classes).to(machine.device)
    subsets = _problems(x, target, train, machine.rows)
    union = _problems(x, target, used[:, None], machine.rows)
    solver = _Solver(subsets, union, machine.batched)
    found = []
    for c in grid:
        solver.solve(c, tolerance)
        found.append((*_summary(solver.batch, solver.w), solver.norm.cpu().numpy()))
    predicted, objective, gradient = (np.stack(part) for part in zip(*found, strict=True))
    if (gradient > tolerance).any():
        log.warning("%d fits stopped above the gradient tolerance", int((gradient > tolerance).sum()))
    return Path(predicted, objective, gradient, solver.rounds)


def _standardised(features: np.ndarray, used: np.ndarray, machine: Machine) -> torch.Tensor:
    """Columns centred and scaled in float64 over the rows in use, kept in float32 with a column of ones, (n, d + 1)."""
    n, d = features.shape
    x = torch.ones(n, d + 1, device=machine.device)
    if machine.batched:
        every = torch.from_numpy(features).to(machine.device).double()
        inside = every[torch.from_numpy(used).to(machine.device)]
        deviation, centre = torch.std_mean(inside, 0, correction=0)
        varies = deviation > 1e-12 * inside.abs().amax(0)
        x[:, :-1] = (every - centre) / torch.where(varies, deviation, 1.0)
        return x
    rows = np.flatnonzero(used)
    slices = [rows[start : start + machine.rows] for start in range(0, len(rows), machine.rows)]
    mean = sum(features[part].sum(0, dtype=np.float64) for part in slices) / len(rows)
    square = sum(((features[part] - mean) ** 2).sum(0) for part in slices) / len(rows)
    largest = np.max([np.abs(features[part]).max(0) for part in slices], 0).astype(np.float64)
    spread = np.where(np.sqrt(square) > 1e-12 * largest, np.sqrt(square), 1.0)
    for start in range(0, n, machine.rows):
        part = slice(start, start + machine.rows)
        x[part, :-1] = torch.from_numpy((features[part] - mean) / spread)
    return x


def _target(labels: np.ndarray, classes: int) -> torch.Tensor:
    y = torch.as_tensor(labels).clamp(0, classes - 1)
    target = torch.nn.functional.one_hot(y, classes) if classes > 2 else y[:, None]
    return target[..., None].float()


def _problems(x: torch.Tensor, target: torch.Tensor, train: np.ndarray, rows: int) -> Batch:
    """Row subsets with the moments of their columns, no penalty yet; a constant column keeps scale 1."""
    mask = torch.as_tensor(train, dtype=torch.float32).to(x.device)
    count = mask.sum(0, dtype=torch.float64)
    total = torch.zeros(x.shape[1], mask.shape[1], dtype=torch.float64, device=x.device)
    square = torch.zeros_like(total)
    for start in range(0, len(x), rows):
        part, inside = x[start : start + rows].double(), mask[start : start + rows].double()
        total.addmm_(part.T, inside)
        square.addmm_((part**2).T, inside)
    mean = total / count
    variance = square / count - mean**2
    scale = torch.where(variance > 1e-12, variance, torch.ones_like(variance)).sqrt()
    return Batch(x, target, mask[:, None], count, torch.zeros_like(mean)[:, None], mean[:, None], scale[:, None], rows)


def _penalised(batch: Batch, c: float) -> Batch:
    ridge = batch.scale**2 / (c * batch.count)
    ridge[-1] = 0.0
    return replace(batch, ridge=ridge)


class _Solver:
    """Walks along the grid; what was learnt at one penalty is where the next one starts."""

    def __init__(self, subsets: Batch, union: Batch, batched: bool) -> None:
        self.subsets, self.union, self.batch = subsets, union, subsets
        self.whole = union.count.new_zeros(union.x.shape[1], union.target.shape[1], 1)
        self.w = self.whole.repeat(1, 1, len(subsets.count))
        self.history = History.empty(self.w)
        self.metric = Metric([], torch.zeros_like(subsets.count, dtype=torch.long), batched)
        self.apart: list[tuple[float, torch.Tensor]] = []
        self.norm = torch.zeros_like(subsets.count)
        self.rounds = 0

    def solve(self, c: float, tolerance: float) -> None:
        """Move ``w`` to the optima at penalty ``c``."""
        batch = _penalised(self.subsets, c)
        self.history = self.history.steepened(batch.ridge - self.batch.ridge)
        self.batch = batch
        self._solve_whole(_penalised(self.union, c))
        self.w = self.whole + self._ahead(math.log(c))
        for kind, goal in ((torch.float32, max(tolerance, COARSE)), (torch.float64, tolerance)):
            self._solve_subsets(goal, kind)
        self.apart = [*self.apart[-1:], (math.log(c), self.w - self.whole)]

    def _ahead(self, place: float) -> torch.Tensor:
        """How far the subsets' optima are from that of all data: a line through the last two values of the grid."""
        if len(self.apart) < 2:
            return self.apart[0][1] if self.apart else torch.zeros_like(self.w)
        (a, early), (b, late) = self.apart
        return late + (late - early) * ((place - b) / (b - a))

    def _solve_whole(self, problem: Batch) -> None:
        """Optimum on the union of all subsets, and the subsets' common metric there."""
        ridge, factors, batched = self.batch.ridge.mean((1, 2)), self.metric.factors, self.metric.batched
        if not factors:
            factors.append(factor(problem, self.whole, ridge, batched))
        one, history = torch.zeros_like(problem.count, dtype=torch.long), History.empty(self.whole)
        for _ in range(MOST[torch.float32] // REFRESH):
            metric = Metric(factors, one, batched)
            self.whole, norm, _ = minimise(problem, self.whole, metric, history, COARSE, REFRESH, torch.float32)
            if norm <= COARSE:
                break
            factors[0] = factor(problem, self.whole, ridge, batched)
        if (self.metric.which == 0).any():
            factors[0] = factor(problem, self.whole, ridge, batched)

    def _solve_subsets(self, goal: float, kind: torch.dtype) -> None:
        """Problems that the common metric serves badly get one of their own."""
        for _ in range(MOST[kind] // PATIENCE):
            found = minimise(self.batch, self.w, self.metric, self.history, goal, PATIENCE, kind)
            self.w, self.norm, spent = found
            self.rounds += spent
            left = self.norm > goal
            if not left.any():
                break
            apart = int((left | (self.metric.which > 0)).sum())
            if apart * self.metric.factors[0].nbytes > OWN_BYTES:
                continue
            for p in torch.nonzero(left)[:, 0].tolist():
                one = torch.arange(len(left), device=left.device) == p
                ridge = self.batch.ridge[:, 0, p]
                self.metric.give(p, factor(self.batch.take(one), self.w[..., one], ridge, self.metric.batched))


def _summary(batch: Batch, w: torch.Tensor) -> tuple[np.ndarray, np.ndarray]:
    """Predicted class of every row and objective, in float64."""
    predicted = np.empty((len(batch.x), w.shape[2]), dtype=np.uint8)
    loss = (batch.ridge * w * w).sum((0, 1)) / 2
    for start in range(0, len(batch.x), batch.rows):
        rows = slice(start, start + batch.rows)
        z, y = batch.logits(w, rows), batch.target[rows]
        two = z.shape[1] == 1
        predicted[rows] = ((z > 0) if two else z.argmax(1, keepdim=True)).to(torch.uint8)[:, 0].cpu().numpy()
        top = torch.nn.functional.softplus(z) if two else torch.logsumexp(z, 1, keepdim=True)
        cost = top - (z * y).sum(1, keepdim=True)
        loss += (cost * batch.mask[rows]).sum((0, 1)) / batch.count
    return predicted, loss.cpu().numpy()
