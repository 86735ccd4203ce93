"""Where to compute: on the GPU where there is one."""

from __future__ import annotations

import torch


def best() -> torch.device:
    """The GPU of this process, or else the CPU."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def has_bfloat16(device: torch.device) -> bool:
    """Whether the device is a GPU that multiplies in bfloat16."""
    return device.type == "cuda" and torch.cuda.is_bf16_supported()
