"""The critic that measures information, and how it is fitted."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import torch

from infoviews.information.gaussian import GaussianCritic
from infoviews.information.inputs import widened


@dataclass(frozen=True)
class Fit:
    """How a critic is fitted.

    Attributes:
        critic: module of ``critics`` and ``critic_params`` its parameters.
        objective: module of ``objectives`` and ``objective_params`` its parameters.
        transform: what is done to each coordinate (see ``preparation``).
        inputs: what the network sees in addition to the coordinates (see ``inputs``).
        gaussian: start from the log ratio of the fitted Gaussian, to which the critic is added; otherwise the critic
            is alone.
        steps, batch, rate: of Adam, whose rate falls linearly to zero; gradients are clipped to norm 1.
        every, patience: validate every so many steps; stop after so many validations without a better one.
        validation: most pairs that are kept back to validate on (and at most a fifth of all).
    """

    critic: str = "separable"
    critic_params: dict[str, Any] = field(default_factory=dict)
    objective: str = "infonce"
    objective_params: dict[str, Any] = field(default_factory=dict)
    transform: str = "ranks"
    inputs: str = "plain"
    gaussian: bool = True
    steps: int = 300
    batch: int = 256
    rate: float = 4e-3
    every: int = 20
    patience: int = 6
    validation: int = 1000

    def kept(self, pairs: int) -> int:
        """How many of so many pairs are kept back to validate on."""
        return min(self.validation, pairs // 5)

    def alone(self) -> Fit:
        """The same network with neither normal scores nor a Gaussian to start from."""
        return replace(self, transform="none", gaussian=False)


class JointCritic(torch.nn.Module):
    """scale · Gaussian log ratio + gain · network; the gain starts at 0 where there is a Gaussian to start from."""

    def __init__(self, network: torch.nn.Module, start: GaussianCritic | None = None, inputs: str = "plain") -> None:
        super().__init__()
        self.inputs = inputs
        self.network = network
        self.start = start
        self.scale = torch.nn.Parameter(torch.tensor(1.0), requires_grad=start is not None)
        self.gain = torch.nn.Parameter(torch.tensor(1.0 if start is None else 0.0), requires_grad=start is not None)
        self.offset = torch.nn.Parameter(torch.tensor(0.0))

    def forward(self, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        """Scores (B, C) of prepared x (B, d) and y (C, d)."""
        if self.start is None:
            return self.gain * self.network(widened(x, self.inputs), widened(y, self.inputs)) + self.offset
        inside = (widened(side @ frame, self.inputs) for side, frame in zip((x, y), self.start.frames(), strict=True))
        inner = self.network(*inside)
        return self.scale * self.start(x, y) + self.gain * inner + self.offset
