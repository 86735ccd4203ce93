"""How a classifier's work is cut for a processor's caches, or put into few large pieces for a GPU."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from infoviews import devices


@dataclass(frozen=True)
class Machine:
    """Where classifiers are fitted, and in what pieces; what they converge to does not depend on it.

    Attributes:
        device: where all arrays lie.
        rows: rows of a slice. On a CPU its logits should stay in the cache from the first product to the second.
        batched: apply the preconditioners of all problems in one product, instead of solving one after another.
        bytes: what the mini-batches that are stepped side by side hold at most; on a CPU they should stay in its cache.
    """

    device: torch.device
    rows: int = 1024
    batched: bool = False
    bytes: int = 2**20


def here() -> Machine:
    """The GPU where there is one."""
    device = devices.best()
    return Machine(device) if device.type == "cpu" else Machine(device, rows=2**16, batched=True, bytes=2**32)
