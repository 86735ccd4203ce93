"""Rows of token ids that lie on a device and are gathered and padded there."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from infoviews.contracts import Ragged

STEP = 4
"""Widths on a GPU are multiples of this: few shapes, each recorded once, against little padding."""


class LaidRows:
    """All rows of a ``Ragged`` on one device; ``padded`` gives any of them as a batch, without waiting for the device.

    Args:
        rows: token ids without special tokens.
        tokenizer: has the special tokens.
        max_tokens: longest text, special tokens included; longer rows are cut.
        device: where they lie.
    """

    def __init__(self, rows: Ragged, tokenizer: Any, max_tokens: int, device: torch.device) -> None:
        first = rows.offsets[0]
        flat = np.ascontiguousarray(rows.ids[first : rows.offsets[-1]], dtype=np.int32)
        self.flat = torch.from_numpy(flat if len(flat) else np.zeros(1, np.int32)).to(device)
        self.starts = torch.from_numpy(rows.offsets[:-1] - first).to(device)
        self.lengths = torch.from_numpy(np.minimum(rows.lengths, max_tokens - 2)).to(device)
        self.signs = tokenizer.cls_token_id, tokenizer.sep_token_id, tokenizer.pad_token_id

    def padded(self, rows: torch.Tensor, width: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Rows between the first and the last special token, as ``embed.pad`` gives them but for their width.

        Args:
            rows: row numbers (B,), on the device.
            width: tokens of a padded text, at least those of the longest row and two.

        Returns:
            ids (B, width) and mask (B, width), int64.
        """
        first, last, filler = self.signs
        lengths, columns = self.lengths[rows][:, None], torch.arange(width, device=rows.device)
        source = (self.starts[rows][:, None] + columns - 1).clamp(0, len(self.flat) - 1)
        ids = torch.where(columns <= lengths, self.flat[source].long(), filler)
        ids = torch.where(columns == lengths + 1, last, ids)
        ids[:, 0] = first
        return ids, (columns <= lengths + 1).long()


def widened(widths: np.ndarray, max_tokens: int) -> np.ndarray:
    """The next multiples of ``STEP``, of any shape, but no more than the encoder reads."""
    return np.minimum(-(-widths // STEP) * STEP, max_tokens)
