"""Scaled dot-product attention with the quicker dropout: on the CPU no fused kernel of torch drops weights."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from infoviews.training.cpu.dropout import LEVELS, noise

NAME = "sdpa_quick_dropout"


def attend(
    module: nn.Module,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: torch.Tensor | None,
    dropout: float = 0.0,
    scaling: float | None = None,
    **options: Any,
) -> tuple[torch.Tensor, None]:
    """Attention as transformers calls it: query, key and value (B, heads, T, d) → (B, T, heads, d).

    Without dropout, and on other devices than the CPU, it is transformers' own call of torch's kernels.
    ``attention_mask`` is boolean (B, 1, T, T), true where a key is seen, or ``None``.
    """
    dropped = round(dropout * LEVELS)
    if not 0 < dropped < LEVELS or query.device.type != "cpu":
        from transformers.integrations.sdpa_attention import sdpa_attention_forward

        return sdpa_attention_forward(module, query, key, value, attention_mask, dropout, scaling, **options)
    scale = query.shape[-1] ** -0.5 if scaling is None else scaling
    scores = (query * scale) @ key.transpose(2, 3)  # (B, heads, T, T)
    if attention_mask is not None:
        scores = scores.masked_fill(~attention_mask, -torch.inf)
    weights = torch.softmax(scores, dim=-1)
    return ((weights * noise(weights.shape, dropped)) @ value).transpose(1, 2).contiguous(), None


def quicken(module: nn.Module) -> None:
    """Let every transformer below ``module`` that uses torch's attention, with dropout, use this one."""
    for child in module.modules():
        config: Any = getattr(child, "config", None)
        drops = getattr(config, "attention_probs_dropout_prob", 0.0) > 0
        if drops and getattr(config, "_attn_implementation", None) == "sdpa":
            _register()
            config._attn_implementation = NAME


def _register() -> None:
    from transformers import AttentionInterface, AttentionMaskInterface
    from transformers.masking_utils import sdpa_mask

    AttentionInterface.register(NAME, attend)
    AttentionMaskInterface.register(NAME, sdpa_mask)
