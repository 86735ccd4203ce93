"""What a joint Gaussian says: its information without bias (canonical correlations), and its log ratio as a critic."""

from __future__ import annotations

import math

import numpy as np
import torch
from scipy.special import digamma


def gaussian_information(x: np.ndarray, y: np.ndarray) -> float:
    """I(x; y) in nats of the Gaussian with the sample's covariance, from its canonical correlations.

    -1/2 sum log(1 - rho^2) less its expected excess: for n - 1 degrees of freedom the log determinant of a sample
    covariance of d columns is off by sum_i psi((n - i) / 2) - d log((n - 1) / 2), i = 1..d, for Gaussian rows exactly.

    Args:
        x: (n, dx) and y: (n, dy); columns that depend on the others count once. n must exceed dx + dy + 1.

    Raises:
        ValueError: too few rows.
    """
    n, dx, dy = len(x), np.linalg.matrix_rank(x - x.mean(0)), np.linalg.matrix_rank(y - y.mean(0))
    if n <= dx + dy + 1:
        raise ValueError(f"{n} rows are too few for a covariance of {dx + dy} columns; need more than {dx + dy + 1}")
    _, _, correlations = canonical(x, y)
    excess = _excess(n, dx) + _excess(n, dy) - _excess(n, dx + dy)
    return float(-0.5 * np.log1p(-(correlations**2)).sum() - 0.5 * excess)


def _excess(n: int, width: int) -> float:
    """Expected log determinant of a sample covariance of ``width`` unit Gaussians, less the true one, which is 0."""
    return float(digamma((n - np.arange(1, width + 1)) / 2).sum() - width * np.log((n - 1) / 2))


def canonical(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Canonical axes of x (dx, rank of x) and y (dy, rank of y), and correlations (the lesser rank,), falling, below 1.

    Axes beyond the correlations are those of the wider side that have no partner.
    """
    to_x, to_y = _whitening(x), _whitening(y)
    cross = (to_x.T @ (x - x.mean(0)).T @ (y - y.mean(0)) @ to_y) / len(x)
    left, correlations, right = np.linalg.svd(cross)
    return to_x @ left, to_y @ right.T, np.minimum(correlations, 1 - 1e-9)


def _whitening(rows: np.ndarray) -> np.ndarray:
    """Axes (d, rank) that make the rows uncorrelated with variance 1, directions without variance left out."""
    variance, axes = np.linalg.eigh(np.atleast_2d(np.cov(rows, rowvar=False, bias=True)))
    kept = variance > 1e-9 * max(variance.max(), 1e-300)
    return axes[:, kept] / np.sqrt(variance[kept])


SILENT = 5.0
"""Weight of all uncorrelated coordinates together, in coordinates, where there are more."""


class GaussianCritic(torch.nn.Module):
    """Log density ratio log p(x, y) / p(x)p(y) of the Gaussian fitted to x and y, in nats, in canonical coordinates.

    Correlations found and measured on the same rows are too high, so each is measured on one half of the rows with
    axes found on the other; those within two standard errors of zero are dropped.

    ``frame_x`` and ``frame_y`` (d, m) are all canonical axes, scaled by their correlations and at least so far that
    those without any weigh as ``SILENT`` coordinates together: what a network should see of many noisy columns.

    Args:
        x: (n, d) and y: (n, d), centred.
    """

    axes_x: torch.Tensor
    axes_y: torch.Tensor
    frame_x: torch.Tensor
    frame_y: torch.Tensor
    correlations: torch.Tensor

    def __init__(self, x: np.ndarray, y: np.ndarray) -> None:
        super().__init__()
        x, y = x.astype(np.float64), y.astype(np.float64)
        axes_x, axes_y, found = canonical(x, y)
        halves = [slice(None, None, 2), slice(1, None, 2)]
        honest = np.zeros(len(found))
        for own, other in (halves, halves[::-1]):
            left, right, _ = canonical(x[own], y[own])
            common = min(len(found), left.shape[1], right.shape[1])
            honest[:common] += _correlations(x[other] @ left[:, :common], y[other] @ right[:, :common]) / 2
        kept = honest > 2 / np.sqrt(len(x))
        width = max(1, axes_x.shape[1], axes_y.shape[1])
        for name, array in {
            "axes_x": axes_x[:, : len(found)][:, kept],
            "axes_y": axes_y[:, : len(found)][:, kept],
            "frame_x": _frame(axes_x, honest, width),
            "frame_y": _frame(axes_y, honest, width),
            "correlations": np.minimum(honest, 0.9999)[kept],
        }.items():
            self.register_buffer(name, torch.tensor(array, dtype=torch.float32))

    def frames(self) -> tuple[torch.Tensor, torch.Tensor]:
        """What a network should see of each side: x and y times these, (d, width) each."""
        return self.frame_x, self.frame_y

    def forward(self, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        """Scores (B, C) of x (B, d) and y (C, d)."""
        x, y, rho = x @ self.axes_x, y @ self.axes_y, self.correlations
        unexplained = 1 - rho**2
        own = rho**2 / (2 * unexplained)
        row = -(x * x * own).sum(1) - unexplained.log().sum() / 2
        return (x * (rho / unexplained)) @ y.T + row[:, None] - (y * y * own).sum(1)[None]


def _frame(axes: np.ndarray, correlations: np.ndarray, width: int) -> np.ndarray:
    """Axes (d, rank) weighed as the critic's docstring says, with zero columns up to the wider side's rank."""
    weight = np.full(axes.shape[1], min(1.0, math.sqrt(SILENT / width)))
    weight[: len(correlations)] = np.maximum(weight[: len(correlations)], correlations)
    return np.pad(axes * weight, ((0, 0), (0, width - axes.shape[1])))


def _correlations(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Correlation of each column of x with the same column of y."""
    x, y = x - x.mean(0), y - y.mean(0)
    return (x * y).mean(0) / np.sqrt((x * x).mean(0) * (y * y).mean(0))
