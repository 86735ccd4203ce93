"""What a run costs, measured as it runs: tokens a second, where the time goes, share of the machine's speed, memory."""

from __future__ import annotations

import resource
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
import torch
from torch import nn

from infoviews.training import parallel

PHASES = ("data", "forward", "loss", "backward", "optimiser", "steps", "saving")
"""Steps that are queued on a GPU are timed as a whole."""

GEMM = {"cpu": 1024, "cuda": 8192}
"""Rows and columns of the square matrices whose product measures the machine's speed."""


@dataclass
class Meter:
    """Adds up time by phase; ``lap`` gives the time since the last call to a phase."""

    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float), init=False)
    tokens: int = field(default=0, init=False)
    places: int = field(default=0, init=False)
    flops: float = field(default=0.0, init=False)
    _last: float = field(default=0.0, init=False)

    def reset(self) -> None:
        """Forget what was counted: a warm-up is over."""
        self.seconds.clear()
        self.tokens, self.places, self.flops = 0, 0, 0.0

    def begin(self) -> None:
        """A step begins."""
        self._last = time.perf_counter()

    def lap(self, phase: str) -> None:
        """What happened since the last lap of this step was ``phase``."""
        now = time.perf_counter()
        self.seconds[phase] += now - self._last
        self._last = now

    def count(self, lengths: np.ndarray, places: int, model: tuple[float, float]) -> None:
        """A batch goes through the model: tokens of each text (B,), places that are computed, padding counted, and what
        ``model_flops`` says of the model."""
        total, squares = float(lengths.sum()), float(np.square(lengths, dtype=np.float64).sum())
        self.tokens += int(total)
        self.places += places
        self.flops += model[0] * total + model[1] * squares

    def shares(self) -> dict[str, float]:
        """Share of the measured time that each phase took; they add up to 1."""
        total = sum(self.seconds.values()) or 1.0
        return {phase: round(self.seconds[phase] / total, 4) for phase in PHASES if phase in self.seconds}


def throughput(meter: Meter, seconds: float, pairs: int, gemm: float, device: torch.device) -> dict[str, Any]:
    """What run.json says of a run's speed; rates are per second of wall time, ``gemm`` in FLOP/s.

    ``model_flops_utilisation`` counts the FLOPs that real tokens need (no padding, no recomputation) and divides by
    what the same machine reaches multiplying square matrices of the type that the run computes in.
    """
    seconds = max(seconds, 1e-9)
    return {
        "pairs_per_second": pairs / seconds,
        "tokens_per_second": round(meter.tokens / seconds, 1),
        "padding_of_a_batch": round(1 - meter.tokens / max(meter.places, 1), 4),
        "shares": meter.shares(),
        "gemm_flops_per_second": round(gemm),
        "model_flops_utilisation": round(meter.flops / seconds / gemm / parallel.ranks(), 4),
        "peak_memory_bytes": peak_memory(device),
    }


@lru_cache
def gemm_speed(device: torch.device, seconds: float = 0.2) -> float:
    """FLOP/s of a product of square matrices with this process's threads; takes ``seconds`` of wall time.

    In single precision, on a GPU in bfloat16, as training is. The best of several products: other work on the machine
    can only slow one down. Measured once a process.
    """
    dtype = torch.bfloat16 if device.type == "cuda" else torch.float32
    size = GEMM["cuda" if device.type == "cuda" else "cpu"]
    a = torch.full((size, size), 0.5, device=device, dtype=dtype)
    begun, best = time.perf_counter(), float("inf")
    repeats = 20 if device.type == "cuda" else 1
    while time.perf_counter() - begun < seconds:
        start = time.perf_counter()
        for _ in range(repeats):
            product = a @ a
        product.flatten()[0].item()  # waits for the device
        best = min(best, (time.perf_counter() - start) / repeats)
    return 2 * size**3 / best


def model_flops(backbone: Any) -> tuple[float, float]:
    """FLOPs of forward and backward of an encoder: for each token, and for each pair of tokens of a text.

    Six for every weight of a matrix that a token is multiplied with (Kaplan et al. 2020, arXiv:2001.08361, section
    2.1), embeddings excluded; attention adds its width times ``PER_PAIR`` a layer and pair.
    """
    config = backbone.config
    tables = {id(module.weight) for module in backbone.modules() if isinstance(module, nn.Embedding)}
    weights = sum(
        parameter.numel()
        for name, parameter in backbone.named_parameters()
        if parameter.dim() > 1 and id(parameter) not in tables and not name.endswith(NOT_BY_TOKEN)
    )
    return 6.0 * weights, PER_PAIR.get(config.model_type, 12.0) * config.num_hidden_layers * config.hidden_size


PER_PAIR = {"gpt2": 6.0, "xlnet": 18.0, "infoviews-bilstm": 0.0}
"""12 in most transformers: half where a token sees those before it alone, half as much again where scores are also by
distance, and nothing without attention."""

NOT_BY_TOKEN = ("bias", "rel_attn.r", "seg_embed", "mask_emb")
"""Ends of the names of XLNet's parameters with several axes that no token is multiplied with."""


def peak_memory(device: torch.device) -> int:
    """Most memory held so far, in bytes: of the GPU where there is one, else of this process."""
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
