"""Several processes, one run: each encodes its share of a batch, all see every vector, all take the same step.

Without ``torch.distributed`` set up, every function here does what one process alone needs: next to nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from torch import distributed as dist
from torch import nn


def start() -> None:
    """Join the other processes if torchrun started this one (gloo on the CPU, NCCL and one GPU each otherwise)."""
    if dist.is_torchelastic_launched() and not dist.is_initialized():
        if torch.cuda.is_available():
            torch.cuda.set_device(dist.get_node_local_rank())
        dist.init_process_group("nccl" if torch.cuda.is_available() else "gloo")


def stop() -> None:
    """Leave together, so that no process ends while another still talks to it."""
    if dist.is_initialized():
        dist.barrier()
        dist.destroy_process_group()


def ranks() -> int:
    """Processes that share this run."""
    return dist.get_world_size() if dist.is_initialized() else 1


def rank() -> int:
    """This process's number, 0 for the one that writes."""
    return dist.get_rank() if dist.is_initialized() else 0


def wait() -> None:
    """Wait until every process is here."""
    if dist.is_initialized():
        dist.barrier()


def share(rows: torch.Tensor, views: int) -> torch.Tensor:
    """This process's part of a batch, (views · B, T) → (views · B / ranks, T): the same pairs of every view.

    Raises:
        ValueError: the pairs cannot be shared out equally.
    """
    count, pairs = ranks(), len(rows) // views
    if count == 1:
        return rows
    if pairs % count:
        raise ValueError(f"a batch of {pairs} pairs cannot be shared by {count} processes; give a multiple of {count}")
    return rows.unflatten(0, (views, count, pairs // count))[:, rank()].flatten(0, 1)


def gather(rows: torch.Tensor, views: int) -> torch.Tensor:
    """The opposite of ``share``, with gradients: parts (views · B / ranks, ...) of all processes → (views · B, ...).

    Every process computes the loss of the whole batch, so every process already holds the gradient of its own part;
    it is multiplied by the number of processes because ``average`` divides by it.
    """
    if ranks() == 1:
        return rows
    parts = _Gather.apply(rows.unflatten(0, (views, -1)))  # (ranks, views, B / ranks, ...)
    return parts.transpose(0, 1).flatten(0, 2)


class _Gather(torch.autograd.Function):
    @staticmethod
    def forward(context: Any, own: torch.Tensor) -> torch.Tensor:
        parts = [torch.empty_like(own, memory_format=torch.contiguous_format) for _ in range(ranks())]
        dist.all_gather(parts, own.contiguous())
        return torch.stack(parts)

    @staticmethod
    def backward(context: Any, gradient: torch.Tensor) -> torch.Tensor:
        return ranks() * gradient[rank()]


def seed_draws(*numbers: int) -> None:
    """Seed torch's generators by several numbers, each of which changes what is drawn.

    They are hashed together: torch's generator on the CPU keeps the lowest 32 bits of a seed and no others.
    """
    torch.manual_seed(int(np.random.SeedSequence(numbers).generate_state(1, np.uint64)[0]))


@contextmanager
def own_draws() -> Iterator[None]:
    """Dropout of this process's own part: other masks than the other processes' draw, and nothing else disturbed.

    Outside, all processes draw alike, so that what they compute of the whole batch is the same everywhere.
    """
    if ranks() == 1:
        yield
        return
    with torch.random.fork_rng([torch.cuda.current_device()] if torch.cuda.is_available() else []):
        seed_draws(torch.initial_seed(), rank())
        yield


@torch.no_grad()
def average(parameters: Iterable[nn.Parameter], loss: torch.Tensor, stop: bool) -> tuple[torch.Tensor, bool]:
    """Replace every gradient by its mean over the processes, in one exchange.

    The loss and the wish to stop travel with it, so that all processes record the same loss and stop, or fail, at the
    same step: a NaN on one is a NaN on all.

    Returns:
        mean loss (scalar), and whether any process was asked to stop.
    """
    loss = loss.detach()
    if ranks() == 1:
        return loss, stop
    gradients = [p.grad for p in parameters if p.grad is not None]
    told = torch.stack([loss.float(), torch.tensor(float(stop), device=loss.device)])
    flat = torch.cat([*(gradient.flatten() for gradient in gradients), told])
    dist.all_reduce(flat)
    flat /= ranks()
    parts = flat[:-2].split([gradient.numel() for gradient in gradients])
    for gradient, mean in zip(gradients, parts, strict=True):
        gradient.copy_(mean.view_as(gradient))
    return flat[-2], bool(flat[-1] > 0)
