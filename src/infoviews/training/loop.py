"""The training loop: AdamW, warm-up and linear decay, clipping, exact resume, and a record when it fails."""

from __future__ import annotations

import logging
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn

from infoviews.training import graphs, norm, parallel
from infoviews.training import state as states
from infoviews.training.batches import Batches
from infoviews.training.clock import Stop
from infoviews.training.cpu import use_fast_layers
from infoviews.training.descent import Descent, Plain, Step
from infoviews.training.meter import Meter
from infoviews.training.progress import shown
from infoviews.training.queued import Laid, Queued

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Optimisation:
    """How long and how fast to learn."""

    num_steps: int
    learning_rate: float = 3e-4
    warmup: float = 0.1
    weight_decay: float = 0.01
    clip: float = 1.0
    save_every: int = 200
    log_every: int = 20

    def __post_init__(self) -> None:
        for name, low in {"num_steps": 1, "save_every": 1, "log_every": 1}.items():
            if getattr(self, name) < low:
                raise ValueError(f"{name} must be at least {low}; given {getattr(self, name)}")
        if self.weight_decay < 0:
            raise ValueError(f"weight_decay must be at least 0; given {self.weight_decay}")
        if not 0 <= self.warmup < 1:
            raise ValueError(f"warmup is the share of steps with a rising rate, in [0, 1); given {self.warmup}")
        if self.learning_rate <= 0 or self.clip <= 0:
            raise ValueError(
                f"learning_rate and clip must be positive; given learning_rate {self.learning_rate}, clip {self.clip}"
            )

    def rate_at(self, step: int) -> float:
        """Learning rate of a step: linear warm-up, then linear decay to zero."""
        rising = max(1, round(self.warmup * self.num_steps))
        if step < rising:
            return self.learning_rate * (step + 1) / rising
        return self.learning_rate * (self.num_steps - step) / max(1, self.num_steps - rising)


@dataclass(frozen=True)
class Outcome:
    """How a run ended: rows for history.csv, the reason where it failed, and seconds and steps of this process."""

    history: list[dict[str, float]]
    failure: dict[str, Any] | None
    seconds: float
    steps: int


class Interrupted(Stop):
    """The run was asked to stop; its state is saved and the next call goes on from it."""


class DeviceLost(Interrupted):
    """The GPU is gone, and with it whatever this process could still do; another one goes on from the last state."""


def train(
    module: nn.Module,
    work: Step | Laid,
    how: Optimisation,
    folder: Path,
    identity: str,
    seed: int,
    batches: Batches | None = None,
    meter: Meter | None = None,
    label: str = "training",
) -> Outcome:
    """Descend the loss that ``work`` gives over the parameters of ``module``.

    Every random draw of a step comes from (seed, step), so a resumed run repeats an undisturbed one bit for bit on
    CPU. A non-finite loss or gradient ends the run with a record instead of an exception. Where torchrun started
    several processes, each computes its share and all take the same step (``parallel``).

    Args:
        module: holds all parameters that learn.
        work: computes the loss of one step; a ``Laid`` is queued without waiting for it.
        how: optimiser settings.
        folder: where states for resuming lie; emptied by the caller when the run ends well.
        identity: digest of the spec and of what it starts and learns from; states of another run are removed.
        seed: seed of dropout and whatever else torch draws inside a step.
        batches: ``batches[step]`` are the rows of a step, for the record of a failure.
        meter: adds up where the time goes; ``work`` may add its own laps to it.
        label: what the run is called where progress is shown.

    Raises:
        Interrupted: SIGTERM came; the state was saved first.
        DeviceLost: the GPU failed.
        StateNotSaved: the disk is full; the states before are untouched.
        ValueError: the state was saved by another number of processes.
    """
    use_fast_layers(module)
    device, meter = next(module.parameters()).device, meter or Meter()
    if device.type == "cuda":
        norm.quicken(module)
    # Dense over the whole embedding table, touched rows or not: the moments of the others decay too, and clipping and
    # stepping together take under 1 % of the time of a step with 16,000 words (4 layers of width 256, 2 x 64 texts).
    optimiser = torch.optim.AdamW(
        _groups(module, how.weight_decay), lr=how.learning_rate, fused=True, capturable=device.type == "cuda"
    )
    run = _Run(module, optimiser, folder, identity)
    with graphs.queue(device):
        first, history = run.resume()
        descent: Descent
        if isinstance(work, Laid):
            rates = [how.rate_at(step) for step in range(how.num_steps)]
            descent = Queued(module, work, optimiser, rates, how.clip, seed)
            meter.begin()
        else:
            descent = Plain(module, work, optimiser, how.rate_at, how.clip, meter)
        asked_to_stop = _listen_for_sigterm()
        began, failure, step = time.monotonic(), None, first - 1
        module.train()
        for step in shown(range(first, how.num_steps), how.num_steps, label):
            parallel.seed_draws(seed, step)
            saves = (step + 1) % how.save_every == 0 and step + 1 < how.num_steps
            try:
                stop = descent.take(step, asked_to_stop)
                if step % how.log_every == 0 or step == how.num_steps - 1:
                    history.append({"step": step, **descent.read()})
                elif saves or stop:
                    descent.read()  # nothing that is not a number gets into a state
            except FloatingPointError as error:  # bounds raise it for scores that are not numbers
                step = step if getattr(error, "step", None) is None else error.step  # type: ignore[attr-defined]
                failure = run.failure(step, error, batches)
                break
            except torch.AcceleratorError as error:
                raise DeviceLost(f"{label}: step {step}: {error}; {run.last or 'no state'} is what is saved") from error
            if stop or saves:
                run.save(step + 1, history)
                meter.lap("saving")
                if stop:
                    raise Interrupted(f"stopped by SIGTERM after step {step}; the state is in {folder}")
        if isinstance(work, Laid):
            meter.lap("steps")
    module.eval()
    return Outcome(history, failure, time.monotonic() - began, step + 1 - first)


def _groups(module: nn.Module, weight_decay: float) -> list[dict[str, Any]]:
    """Weight decay for matrices only: biases and layer norms are left free, as BERT does."""
    learning = [p for p in module.parameters() if p.requires_grad]
    return [
        {"params": [p for p in learning if p.dim() >= 2], "weight_decay": weight_decay},
        {"params": [p for p in learning if p.dim() < 2], "weight_decay": 0.0},
    ]


def _listen_for_sigterm() -> Callable[[], bool]:
    received: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, frame: received.append(number))
    return lambda: bool(received)


@dataclass
class _Run:
    """What is saved and goes on: weights, moments of the optimiser, history."""

    module: nn.Module
    optimiser: torch.optim.Optimizer
    folder: Path
    identity: str
    last: Path | None = None

    def save(self, step: int, history: list[dict[str, float]]) -> None:
        """All processes hold the same, so the first one writes; the others wait for it."""
        if parallel.rank() == 0:
            tensors = {f"module.{name}": tensor for name, tensor in self.module.state_dict().items()}
            for index, values in self.optimiser.state_dict()["state"].items():
                tensors |= {f"optimiser.{index}.{name}": tensor for name, tensor in values.items()}
            record = {"identity": self.identity, "ranks": parallel.ranks(), "history": history}
            self.last = states.save(self.folder, step, tensors, record)
        parallel.wait()

    def resume(self) -> tuple[int, list[dict[str, float]]]:
        """Steps done and their history, after taking over the newest whole state of this run."""
        found = states.load(self.folder)
        if found is None:
            return 0, []
        step, tensors, record = found
        if record["identity"] != self.identity:
            log.warning("%s holds states of another spec, base or data; they go, and this run starts anew", self.folder)
            parallel.wait()
            if parallel.rank() == 0:
                states.clear(self.folder)
            return 0, []
        if record["ranks"] != parallel.ranks():
            raise ValueError(
                f"{self.folder} holds the state of a run of {record['ranks']} processes, and this one has "
                f"{parallel.ranks()}: it would end elsewhere. Start it with {record['ranks']}, or remove the folder"
            )
        self.module.load_state_dict(
            {name.removeprefix("module."): tensor for name, tensor in tensors.items() if name.startswith("module.")}
        )
        settings = self.optimiser.state_dict()
        for name, tensor in tensors.items():
            if name.startswith("optimiser."):
                _, index, key = name.split(".", 2)
                settings["state"].setdefault(int(index), {})[key] = tensor
        self.optimiser.load_state_dict(settings)
        self.last = states.latest(self.folder)
        log.info("going on after step %d", step)
        return step, record["history"]

    def failure(self, step: int, error: Exception, batches: Batches | None) -> dict[str, Any]:
        """What run.json says of a failed run: the step, why, the rows of its batch, and the last state before it."""
        log.error("stopped: %s at step %d", error, step)
        return {
            "step": step,
            "reason": f"{error} at step {step}",
            "batch": None if batches is None else batches[step].tolist(),
            "last_good_state": self.last.name if self.last else None,
        }
