"""Steps queued on a GPU without waiting for any: recorded once for each shape as a CUDA graph, and replayed.

A small transformer's step is a thousand kernels of microseconds each; a host that starts them one by one, and waits for
a number now and then, keeps the GPU idle for most of the time. So nothing is read but where history is written.
"""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable
from contextlib import nullcontext
from functools import partial
from typing import Any

import torch
from torch import nn

from infoviews import devices
from infoviews.fixed import fixing
from infoviews.training import parallel
from infoviews.training.cpu.embedding import densify
from infoviews.training.descent import NotFinite
from infoviews.training.graphs import Recorder

log = logging.getLogger(__name__)


class Laid(ABC):
    """The loss of steps whose inputs lie on the device."""

    @abstractmethod
    def plan(self, step: int) -> Hashable:
        """All that the host decides of a step: its shapes above all. Steps of one plan are the same work."""

    @abstractmethod
    def loss(self, at: torch.Tensor, plan: Any) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
        """Loss (scalar) and record of the step whose number, int64 (1,), is ``at`` on the device; waits for nothing."""

    def spare(self) -> str | None:
        """Take less memory from now on, at any speed; what changes, or ``None`` if no less can be taken."""
        return None


class Queued:
    """Takes steps of ``work`` on a device.

    After a loss or a gradient that is not a number the weights are left alone, and ``read`` names the step.

    Args:
        module: holds all parameters that learn.
        work: gives the loss.
        optimiser: fused, its rates tensors.
        rates: learning rate of every step.
        clip: most that the gradient's norm may be.
        seed: of all draws.
        recorder: records steps; by default CUDA graphs on a GPU, and nothing elsewhere.
    """

    def __init__(
        self,
        module: nn.Module,
        work: Laid,
        optimiser: torch.optim.Optimizer,
        rates: list[float],
        clip: float,
        seed: int,
        recorder: Recorder | None = None,
    ) -> None:
        device = next(module.parameters()).device
        self.module, self.work, self.optimiser, self.clip, self.seed = module, work, optimiser, clip, seed
        self.at = torch.zeros(1, dtype=torch.int64, device=device)
        self.rates = torch.tensor(rates, device=device)
        self.rate = torch.zeros((), device=device)
        for group in optimiser.param_groups:
            group["lr"] = self.rate
        self.broken = torch.zeros((), device=device)
        self.first_broken = torch.full((3,), -1.0, dtype=torch.float64, device=device)  # step, loss, gradient's norm
        optimiser.found_inf = self.broken  # type: ignore[attr-defined]  # fused optimisers change nothing where it is 1
        self.autocast = devices.has_bfloat16(device)
        self.recorder = recorder or Recorder(device)
        self.names: list[str] = []
        self.numbers = torch.zeros(0)
        self.asked = False

    def take(self, step: int, stop: Callable[[], bool]) -> bool:
        self.at.fill_(step)
        self.asked = stop()
        while True:
            plan = self.work.plan(step)
            try:
                self.numbers = self.recorder.run(plan, partial(self._step, plan), partial(self._prepare, step))
                return self.asked if parallel.ranks() > 1 else stop()
            except torch.OutOfMemoryError as error:
                self._spare(error)

    def read(self) -> dict[str, float]:
        step, loss, norm = self.first_broken.tolist()
        if step >= 0:
            raise NotFinite(f"loss {loss}, gradient norm {norm}", int(step))
        return dict(zip(self.names, self.numbers.tolist(), strict=True))

    def _prepare(self, step: int) -> Callable[[], None]:
        """Get ready for a step that may have to be taken again; gives what takes back all that it changed."""
        carried = [*self.module.buffers(), *(p for p in self.module.parameters() if not p.requires_grad)]
        before = [tensor.detach().clone() for tensor in carried]
        self.optimiser.zero_grad(set_to_none=True)

        @torch.no_grad()
        def back() -> None:
            for tensor, value in zip(carried, before, strict=True):
                tensor.copy_(value)
            self.optimiser.zero_grad(set_to_none=True)
            parallel.seed_draws(self.seed, step)

        return back

    def _step(self, plan: Any) -> torch.Tensor:
        device = self.at.device
        with torch.autocast("cuda", torch.bfloat16) if self.autocast else nullcontext(), fixing():
            loss, record = self.work.loss(self.at, plan)
        loss.backward()
        densify(self.module.parameters())
        loss, self.asked = parallel.average(self.module.parameters(), loss, self.asked)
        norm = nn.utils.clip_grad_norm_(self.module.parameters(), self.clip)
        self._note(loss, norm)
        self.rate.copy_(self.rates.index_select(0, self.at)[0])
        self.optimiser.step()
        self.names = ["loss", *record, "gradient_norm"]
        return torch.stack([value.detach().float().to(device) for value in (loss, *record.values(), norm)])

    def _note(self, loss: torch.Tensor, norm: torch.Tensor) -> None:
        bad = ~(torch.isfinite(loss) & torch.isfinite(norm))
        now = torch.stack([self.at[0].double(), loss.double(), norm.double()])
        self.first_broken.copy_(torch.where(bad & (self.broken == 0), now, self.first_broken))
        self.broken.copy_(torch.maximum(self.broken, bad.float()))

    def _spare(self, error: torch.OutOfMemoryError) -> None:
        self.recorder.give_up("memory ran out")
        if self.at.device.type == "cuda":
            torch.cuda.empty_cache()
        change = self.work.spare()
        if change is None:
            raise error
        log.warning("out of memory at a step: %s", change)
