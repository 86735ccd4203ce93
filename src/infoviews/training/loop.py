"""The training loop: AdamW, warm-up and linear decay, clipping, exact resume, and a record when it fails."""

from __future__ import annotations

import logging
import signal
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from rich.progress import track
from torch import nn

from infoviews.training import parallel
from infoviews.training import state as states
from infoviews.training.batches import Batches
from infoviews.training.cpu import use_fast_layers
from infoviews.training.cpu.embedding import densify
from infoviews.training.meter import Meter

log = logging.getLogger(__name__)

Step = Callable[[int], tuple[torch.Tensor, dict[str, Any]]]
"""From the step's number to its loss (scalar) and what history.csv records of it."""


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


class Interrupted(RuntimeError):
    """The run was asked to stop; its state is saved and the next call goes on from it."""


def train(
    module: nn.Module,
    step_loss: Step,
    how: Optimisation,
    folder: Path,
    identity: str,
    seed: int,
    batches: Batches | None = None,
    meter: Meter | None = None,
) -> Outcome:
    """Descend ``step_loss`` over the parameters of ``module``.

    Every random draw of a step comes from (seed, step), so a resumed run repeats an undisturbed one bit for bit on
    CPU. A non-finite loss or gradient ends the run with a record instead of an exception. Where torchrun started
    several processes, each computes its share and all take the same step (``parallel``).

    Args:
        module: holds all parameters that learn.
        step_loss: computes the loss of one step.
        how: optimiser settings.
        folder: where states for resuming lie; emptied by the caller when the run ends well.
        identity: digest of the spec and of what it starts and learns from; states of another run are removed.
        seed: seed of dropout and whatever else torch draws inside a step.
        batches: ``batches[step]`` are the rows of a step, for the record of a failure.
        meter: adds up where the time goes; ``step_loss`` may add its own laps to it.

    Raises:
        Interrupted: SIGTERM came; the state was saved first.
        StateNotSaved: the disk is full; the states before are untouched.
        ValueError: the state was saved by another number of processes.
    """
    use_fast_layers(module)
    # Dense over the whole embedding table, touched rows or not: the moments of the others decay too, and clipping and
    # stepping together take under 1 % of the time of a step with 16,000 words (4 layers of width 256, 2 x 64 texts).
    optimiser = torch.optim.AdamW(_groups(module, how.weight_decay), lr=how.learning_rate, fused=True)
    run = _Run(module, optimiser, folder, identity)
    first, history = run.resume()
    meter, device = meter or Meter(), next(module.parameters()).device
    autocast = torch.autocast("cuda", torch.bfloat16) if _has_bfloat16(device) else nullcontext()
    asked_to_stop = _listen_for_sigterm()
    began, failure, step = time.monotonic(), None, first - 1
    module.train()
    for step in track(range(first, how.num_steps), description="training", transient=True):
        meter.begin(step, device)
        parallel.seed_draws(seed, step)
        for group in optimiser.param_groups:
            group["lr"] = how.rate_at(step)
        try:
            with autocast:
                loss, record = step_loss(step)
            meter.lap("forward")
            loss.backward()
            densify(module.parameters())
            meter.lap("backward")
            loss, stop = parallel.average(module.parameters(), loss, asked_to_stop())
            norm = _finite_norm(module, loss, how.clip)
        except FloatingPointError as error:  # bounds raise it for scores that are not numbers
            failure = run.failure(step, error, batches)
            break
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        if step % how.log_every == 0 or step == how.num_steps - 1:
            history.append({"step": step, "loss": loss.item(), **record, "gradient_norm": norm.item()})
        meter.lap("optimiser")
        if stop or ((step + 1) % how.save_every == 0 and step + 1 < how.num_steps):
            run.save(step + 1, history)
            meter.lap("saving")
            if stop:
                raise Interrupted(f"stopped by SIGTERM after step {step}; the state is in {folder}")
    module.eval()
    return Outcome(history, failure, time.monotonic() - began, step + 1 - first)


def _finite_norm(module: nn.Module, loss: torch.Tensor, clip: float) -> torch.Tensor:
    """Norm of the gradient, which is clipped to ``clip``; ``FloatingPointError`` if it or the loss is not a number."""
    norm = torch.nn.utils.clip_grad_norm_(module.parameters(), clip)
    if not torch.isfinite(loss) or not torch.isfinite(norm):
        raise FloatingPointError(f"loss {loss.item()}, gradient norm {norm.item()}")
    return norm


def _groups(module: nn.Module, weight_decay: float) -> list[dict[str, Any]]:
    """Weight decay for matrices only: biases and layer norms are left free, as BERT does."""
    learning = [p for p in module.parameters() if p.requires_grad]
    return [
        {"params": [p for p in learning if p.dim() >= 2], "weight_decay": weight_decay},
        {"params": [p for p in learning if p.dim() < 2], "weight_decay": 0.0},
    ]


def _has_bfloat16(device: torch.device) -> bool:
    return device.type == "cuda" and torch.cuda.is_bf16_supported()


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
