"""Every bound at the exact critic: what is left of its error when nothing has to be learned."""

from __future__ import annotations

import numpy as np
import pandas as pd
import torch

from infoviews import registry
from infoviews.calibration.truth import gaussian_correlation

CASES = ((5, 2.0), (20, 6.0), (20, 10.0))
"""Dimensions a side and nats."""


def log_ratio(rows: int, dimension: int, information: float, rng: np.random.Generator) -> torch.Tensor:
    """log p(x, y) / p(x)p(y) of all pairs of a batch of Gaussian coordinate pairs, float64 (rows, rows)."""
    rho = gaussian_correlation(information, dimension)
    x, noise = rng.standard_normal((2, rows, dimension))
    y = rho * x + np.sqrt(1 - rho**2) * noise
    squares = (x * x).sum(1)[:, None] * rho**2 + (y * y).sum(1)[None] * rho**2 - 2 * rho * x @ y.T
    return torch.from_numpy(information - squares / (2 * (1 - rho**2)))


def exact_critic(batches: int = 40) -> pd.DataFrame:
    """Mean and standard deviation over batches of 128 of every bound of information, in nats, for each case."""
    found = []
    for name in registry.names("objectives"):
        module = registry.get("objectives", name)
        if module.KIND == "divergence":
            continue
        row: dict[str, object] = {"estimator": name, "kind": module.KIND}
        for dimension, information in CASES:
            rng = np.random.default_rng([dimension, int(information)])
            values = []
            for _ in range(batches):
                scores = log_ratio(128, dimension, information, rng) + module.OPTIMUM
                values.append(module.bound(scores, module.Params()).value.item())
            row[f"{dimension}-d, {information:g} nats"] = float(np.mean(values))
            row[f"sd {dimension}-d, {information:g} nats"] = float(np.std(values))
        found.append(row)
    return pd.DataFrame(found)
