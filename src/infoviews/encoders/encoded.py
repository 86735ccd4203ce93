"""One view of a batch after the encoder: what contrasts and additions see of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch


@dataclass(frozen=True)
class Encoded:
    """One view of B texts; all views of a batch are padded to one length T.

    Attributes:
        ids: token ids (B, T), int64, padded.
        mask: (B, T), 1 where a token is real; [CLS] and [SEP] are, as they are for the encoder's pooling.
        vectors: sentence vectors (B, d), in single precision.
        states: token states (B, T, H) of each layer that was asked for, in single precision, by its number: 0 is the
            embedding, -1 the top.
        pool: the encoder's own pooling and linear map, (B, T, H) and (B, T) → (B, d), for parts of a text.
    """

    ids: torch.Tensor
    mask: torch.Tensor
    vectors: torch.Tensor
    states: dict[int, torch.Tensor]
    pool: Callable[[torch.Tensor, torch.Tensor], torch.Tensor]
