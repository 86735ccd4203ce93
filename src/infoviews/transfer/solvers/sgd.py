"""SentEval's torch classifier (tools/classifier.py, nhid 0), many fits of equal length at once.

Every fit sets the seed itself, so all fits on n rows share the initialisation and the order of rows;
they differ in rows and weight decay alone and can be stepped side by side. Each fit does what it would do by itself:
mean cross-entropy on mini-batches, weight decay on weights and bias inside the optimiser, best model by dev accuracy
at checks ``epoch_size`` epochs apart, and an early stop whose count is never set back.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from infoviews.transfer.solvers.machine import Machine, here

MAX_EPOCH = 200


@dataclass(frozen=True)
class Settings:
    """``optimiser`` (adam or rmsprop, torch's default rates), ``batch``, ``tenacity`` and ``epoch_size`` of a check."""

    optimiser: str
    batch: int
    tenacity: int
    epoch_size: int


@dataclass(frozen=True)
class Fit:
    """Rows to train on and to check on, weight decays to try; ``cut`` is the length that the 5 % were cut from."""

    train: np.ndarray
    dev: np.ndarray
    decays: tuple[float, ...]
    cut: int | None = None


def five_percent(rows: np.ndarray, decays: tuple[float, ...], seed: int) -> Fit:
    """A fit that holds out a random, unstratified 5 % of its rows for the early stop, as the refits do."""
    permutation = np.random.RandomState(seed).permutation(len(rows))
    first = int(0.05 * len(rows))
    return Fit(rows[permutation[first:]], rows[permutation[:first]], decays, cut=len(rows))


def train(
    features: np.ndarray,
    labels: np.ndarray,
    classes: int,
    fits: list[Fit],
    settings: Settings,
    seed: int,
    machine: Machine | None = None,
) -> tuple[list[np.ndarray], list[torch.Tensor]]:
    """Train all fits.

    Args:
        features: real array (N, d); cast to float32, never scaled.
        labels: class ids (N,).
        classes: of the task, K; one that no row has still has its share of the initialisation.
        fits: all with the same number of decays, R.
        settings: of the optimiser and the early stop.
        seed: of initialisation and permutations.
        machine: where it is computed; the GPU where there is one.

    Returns:
        For each fit the best dev accuracies (R,) in 0..1, and the best models, (R, K, d + 1), bias last.
    """
    machine = machine or here()
    x = torch.ones(len(features), features.shape[1] + 1, device=machine.device)
    x[:, :-1] = torch.as_tensor(features)
    y = torch.as_tensor(labels).to(machine.device)
    most = max(1, machine.bytes // (4 * settings.batch * x.shape[1]))
    alike: dict[tuple[int, int | None], list[int]] = {}
    for number, fit in enumerate(fits):
        alike.setdefault((len(fit.train), fit.cut), []).append(number)
    scores: list[np.ndarray] = [np.empty(0)] * len(fits)
    models: list[torch.Tensor] = [torch.empty(0)] * len(fits)
    for numbers in alike.values():
        for start in range(0, len(numbers), most):
            together = numbers[start : start + most]
            group = _Group(x, y, classes, [fits[number] for number in together], settings, seed)
            for number, score, model in zip(together, *group.run(), strict=True):
                scores[number], models[number] = score, model
    return scores, models


def predict(features: np.ndarray, rows: np.ndarray, model: torch.Tensor) -> np.ndarray:
    """Classes of the given rows under one model (K, d + 1)."""
    x = torch.as_tensor(features[rows], dtype=torch.float32)
    return (x @ model[:, :-1].T + model[:, -1]).argmax(1).numpy()


class _Group:
    """Fits of equal train length; parameters are w (F, K, R, d + 1), so that rows of a product are long."""

    def __init__(
        self, x: torch.Tensor, y: torch.Tensor, classes: int, fits: list[Fit], settings: Settings, seed: int
    ) -> None:
        self.x, self.y, self.settings = x, y, settings
        self.classes = torch.arange(classes, device=x.device)
        self.rows = torch.as_tensor(np.stack([fit.train for fit in fits])).to(x.device)  # (F, n)
        self.dev = [torch.as_tensor(fit.dev).to(x.device) for fit in fits]
        self.random = np.random.RandomState(seed)
        if fits[0].cut is not None:
            self.random.permutation(fits[0].cut)  # the cut has consumed the stream's first permutation
        decays = torch.tensor([fit.decays for fit in fits], device=x.device)  # (F, R)
        self.decay = decays[:, None, :, None]
        count, tried = decays.shape
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            linear = torch.nn.Linear(x.shape[1] - 1, len(self.classes))
        start = torch.cat([linear.weight.detach(), linear.bias.detach()[:, None]], 1).to(x.device)  # (K, d + 1)
        self.w = start[None, :, None].repeat(count, 1, tried, 1)
        self.first, self.second = torch.zeros_like(self.w), torch.zeros_like(self.w)
        self.steps = 0
        self.best = torch.full((count, tried), -1.0, dtype=torch.float64, device=x.device)
        self.model = self.w.clone()
        self.misses = torch.zeros(count, tried, dtype=torch.long, device=x.device)
        self.open = torch.ones(count, tried, dtype=torch.bool, device=x.device)
        self.alive = torch.arange(count, device=x.device)

    def run(self) -> tuple[list[np.ndarray], list[torch.Tensor]]:
        epoch = 0
        while len(self.alive) and epoch <= MAX_EPOCH:
            for _ in range(self.settings.epoch_size):
                self._epoch()
            epoch += self.settings.epoch_size
            self._check()
            self._drop()
        return list(self.best.cpu().numpy()), [model.transpose(0, 1) for model in self.model.cpu()]

    def _epoch(self) -> None:
        permutation = torch.as_tensor(self.random.permutation(self.rows.shape[1])).to(self.x.device)
        order = self.rows[:, permutation]
        for rows in order.split(self.settings.batch, dim=1):
            self._step(rows)

    def _step(self, rows: torch.Tensor) -> None:
        flat, shape = rows.reshape(-1), self.w.shape
        x = self.x.index_select(0, flat).view(*rows.shape, -1)  # (F, batch, d + 1)
        right = (self.y.index_select(0, flat).view(len(rows), 1, 1, -1) == self.classes[:, None, None]).float()
        z = torch.bmm(self.w.flatten(1, 2), x.transpose(1, 2)).unflatten(1, shape[1:3])  # (F, K, R, batch)
        residual = z.softmax(1).sub_(right).div_(rows.shape[1])
        g = torch.bmm(residual.flatten(1, 2), x).view(shape).addcmul_(self.w, self.decay)
        self.steps += 1
        if self.settings.optimiser == "adam":
            self.first.lerp_(g, 0.1)
            self.second.mul_(0.999).addcmul_(g, g, value=0.001)
            root = self.second.sqrt().div_((1 - 0.999**self.steps) ** 0.5).add_(1e-8)
            self.w.addcdiv_(self.first, root, value=-1e-3 / (1 - 0.9**self.steps))
        else:
            self.second.mul_(0.99).addcmul_(g, g, value=0.01)
            self.w.addcdiv_(g, self.second.sqrt().add_(1e-8), value=-1e-2)

    def _check(self) -> None:
        for place, fit in enumerate(self.alive.tolist()):
            rows = self.dev[fit]
            z = self.w[place].flatten(0, 1) @ self.x[rows].T
            right = z.view(*self.w.shape[1:3], -1).argmax(0) == self.y[rows]  # (R, m)
            accuracy = right.double().mean(1)
            open_ = self.open[fit]
            better = open_ & (accuracy > self.best[fit])
            worse = open_ & ~better
            self.best[fit, better] = accuracy[better]
            self.model[fit, :, better] = self.w[place, :, better]
            self.open[fit] &= ~(worse & (self.misses[fit] >= self.settings.tenacity))
            self.misses[fit] += worse

    def _drop(self) -> None:
        keep = self.open[self.alive].any(1)
        if not keep.all():
            self.alive, self.rows, self.decay = self.alive[keep], self.rows[keep], self.decay[keep]
            self.w, self.first, self.second = self.w[keep], self.first[keep], self.second[keep]
