"""One step of training at a time, its numbers read at once: what a CPU does, and the reference for every other way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

import torch
from torch import nn

from infoviews.training import parallel
from infoviews.training.cpu.embedding import densify
from infoviews.training.meter import Meter

Step = Callable[[int], tuple[torch.Tensor, dict[str, Any]]]
"""From the step's number to its loss (scalar) and what history.csv records of it."""


class NotFinite(FloatingPointError):
    """A loss or a gradient that is not a number, at ``step``, where that is not the step just taken."""

    def __init__(self, message: str, step: int | None = None) -> None:
        super().__init__(message)
        self.step = step


class Descent(Protocol):
    """Takes steps; ``read`` says what became of them."""

    def take(self, step: int, stop: Callable[[], bool]) -> bool:
        """Take one step; whether this process, which asks ``stop``, or another of the run is to stop after it.

        Raises:
            FloatingPointError: a loss or gradient is not a number, and the weights are those before the step.
        """

    def read(self) -> dict[str, float]:
        """Loss, record and gradient's norm of the last step.

        Raises:
            NotFinite: a step since the last call ended in what is not a number; weights are those before it.
        """


@dataclass
class Plain:
    """Loss, gradient, clipping and update, one after another.

    Attributes:
        module: holds all parameters that learn.
        step_loss: computes the loss of one step.
        optimiser: of the parameters.
        rate_at: learning rate of a step.
        clip: most that the gradient's norm may be.
        meter: told where the time goes.
    """

    module: nn.Module
    step_loss: Step
    optimiser: torch.optim.Optimizer
    rate_at: Callable[[int], float]
    clip: float
    meter: Meter
    _last: dict[str, Any] = field(default_factory=dict, init=False)

    def take(self, step: int, stop: Callable[[], bool]) -> bool:
        self.meter.begin()
        for group in self.optimiser.param_groups:
            group["lr"] = self.rate_at(step)
        loss, record = self.step_loss(step)
        self.meter.lap("forward")
        loss.backward()
        densify(self.module.parameters())
        self.meter.lap("backward")
        loss, stopping = parallel.average(self.module.parameters(), loss, stop())
        norm = self._finite_norm(loss)
        self.optimiser.step()
        self.optimiser.zero_grad(set_to_none=True)
        self._last = {"loss": loss, **record, "gradient_norm": norm}
        self.meter.lap("optimiser")
        return stopping

    def read(self) -> dict[str, float]:
        return {name: float(value) for name, value in self._last.items()}

    def _finite_norm(self, loss: torch.Tensor) -> torch.Tensor:
        norm = nn.utils.clip_grad_norm_(self.module.parameters(), self.clip)
        if not torch.isfinite(loss) or not torch.isfinite(norm):
            raise FloatingPointError(f"loss {loss.item()}, gradient norm {norm.item()}")
        return norm
