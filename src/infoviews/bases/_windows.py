"""Masked language modelling on a GPU: windows of one width drawn and masked where the corpus is."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import nn
from torch.utils.checkpoint import checkpoint

from infoviews.contracts import Ragged
from infoviews.encoders.masking import is_special, spoil
from infoviews.training.queued import Laid


class MaskedWindows(Laid):
    """Losses of batches of windows, all full, so that nothing is padded and every step is the same work.

    A window starts at any token of the corpus; one that would run beyond its document is moved back to end with it, and
    takes in what stands before where the document is shorter. As many tokens are predicted in each window.

    Args:
        model: a ``MaskedLanguageModel`` on the device.
        sentences: token ids of the corpus, in reading order.
        ends: where its documents end, int64 (documents,), tokens from the start.
        size: windows of a batch.
        share: of the tokens of a window that are predicted.
    """

    def __init__(self, model: Any, sentences: Ragged, ends: np.ndarray, size: int, share: float) -> None:
        encoder, device = model.encoder, next(model.parameters()).device
        width = encoder.max_tokens // 8 * 8 or encoder.max_tokens  # kernels of attention read eights
        self.inside = min(width - 2, int(ends[-1]))
        self.model, self.size, self.predicted = model, size, max(1, round(share * self.inside))
        flat = np.ascontiguousarray(sentences.ids[sentences.offsets[0] : sentences.offsets[-1]], dtype=np.int32)
        self.tokens, self.ends = torch.from_numpy(flat).to(device), torch.from_numpy(ends).to(device)
        self.parts = 1

    def plan(self, step: int) -> int:
        return self.parts

    def loss(self, at: torch.Tensor, plan: int) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
        ids = self.drawn()
        masked, places = self.masked(ids)
        total, model = torch.zeros(()), self.model
        for given in zip(masked.chunk(plan), places.chunk(plan), ids.gather(1, places).chunk(plan), strict=True):
            total = total + (
                surprise(model, *given) if plan == 1 else checkpoint(surprise, model, *given, use_reentrant=False)
            )
        loss = total / places.numel()
        return loss, {"perplexity": loss.detach().clamp(max=20).exp()}

    def drawn(self) -> torch.Tensor:
        """Windows between [CLS] and [SEP], ids (size, width)."""
        device, tokenizer = self.tokens.device, self.model.encoder.tokenizer
        starts = torch.randint(len(self.tokens), (self.size,), device=device)
        ends = self.ends[torch.searchsorted(self.ends, starts, right=True)]
        starts = torch.minimum(starts, (ends - self.inside).clamp(min=0))
        inside = self.tokens[starts[:, None] + torch.arange(self.inside, device=device)].long()
        sides = inside.new_full((2, self.size, 1), tokenizer.cls_token_id)
        sides[1] = tokenizer.sep_token_id
        return torch.cat([sides[0], inside, sides[1]], dim=1)

    def masked(self, ids: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Windows with masks, and the places (size, predicted) of what was there."""
        tokenizer = self.model.encoder.tokenizer
        draws = torch.rand(ids.shape, device=ids.device).masked_fill(is_special(ids, tokenizer.all_special_ids), -1.0)
        places = draws.topk(self.predicted, dim=1).indices
        return ids.scatter(1, places, spoil(ids.gather(1, places), tokenizer)), places

    def spare(self) -> str | None:
        if self.parts >= self.size:
            return None
        self.parts *= 2
        return f"a batch goes in {self.parts} passes from now on, computed again for their gradients"


def surprise(model: Any, masked: torch.Tensor, places: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Summed cross-entropy, nats, of targets (B, n) at places (B, n) of full windows (B, T)."""
    states = model.encoder.reader(input_ids=masked).last_hidden_state  # (B, T, H)
    chosen = states.gather(1, places[..., None].expand(-1, -1, states.shape[2])).flatten(0, 1)
    return nn.functional.cross_entropy(model.logits(chosen).float(), targets.flatten(), reduction="sum")
