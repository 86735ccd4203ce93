"""A small run that the resume tests train, kill and poison: dropout, a running buffer, states of some size."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn

from infoviews.training.loop import Optimisation, Outcome, train

STEPS = 60


class Network(nn.Module):
    """A regression with dropout and a moving average, as MINE keeps one."""

    average: torch.Tensor

    def __init__(self, width: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(6, width), nn.Dropout(0.3), nn.Tanh(), nn.Linear(width, 1))
        self.register_buffer("average", torch.zeros(()))

    def loss(self, step: int) -> torch.Tensor:
        x = torch.from_numpy(np.random.default_rng(step).normal(size=(16, 6)).astype(np.float32))
        error = (self.layers(x) - x.sum(1, keepdim=True)).square().mean()
        self.average = 0.9 * self.average + 0.1 * error.detach()
        return error / (1 + self.average)


def run(
    folder: Path,
    poison: int | None = None,
    stop_at: int | None = None,
    pause: float = 0.0,
    identity: str = "a",
    width: int = 32,
    batches: object = None,
) -> tuple[Network, Outcome]:
    """Train; NaN at step ``poison``, SIGTERM at step ``stop_at``, ``pause`` seconds a step."""
    torch.manual_seed(0)
    torch.set_num_threads(1)
    model = Network(width)

    def step_loss(step: int) -> tuple[torch.Tensor, dict[str, float]]:
        time.sleep(pause)
        if step == stop_at:
            os.kill(os.getpid(), signal.SIGTERM)
        return model.loss(step) * (torch.nan if step == poison else 1.0), {}

    how = Optimisation(num_steps=STEPS, learning_rate=1e-2, save_every=3, log_every=5)
    return model, train(model, step_loss, how, folder, identity, seed=7, batches=batches)  # type: ignore[arg-type]
