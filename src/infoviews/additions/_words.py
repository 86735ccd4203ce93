"""What additions that predict words share: checks of their parameters, the texts of a batch, and the softmax."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch.nn.functional import cross_entropy

from infoviews.encoders.encoded import Encoded
from infoviews.encoders.encoder import Encoder
from infoviews.fixed import first_places, fixed, room


def check(name: str, weight: float, predicted: float) -> None:
    """Raise ``ValueError`` unless the weight is positive and the share of tokens to predict is in (0, 1]."""
    if not weight > 0:
        raise ValueError(f"{name}: weight is {weight}; it must be positive")
    if not 0 < predicted <= 1:
        raise ValueError(f"{name}: predicted is {predicted}; it is the share of tokens to predict, in (0, 1]")


def require(encoder: Encoder, model_type: str, reason: str) -> None:
    """Raise ``ValueError`` with the reason unless the encoder's backbone is of the given type."""
    backbone: Any = encoder.backbone
    if backbone.config.model_type != model_type:
        raise ValueError(f"{reason}; given {backbone.config.model_type}")


def texts(views: Sequence[Encoded]) -> tuple[torch.Tensor, torch.Tensor]:
    """Token ids and mask of all views, one view after another: (V · B, T) each."""
    return torch.cat([view.ids for view in views]), torch.cat([view.mask for view in views])


def vocabulary(encoder: Encoder) -> torch.Tensor:
    """The encoder's word embedding (vocabulary, H), which is also the output matrix of the softmax."""
    backbone: Any = encoder.backbone
    return backbone.get_input_embeddings().weight


def at(
    places: torch.Tensor, share: float, states: torch.Tensor, ids: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """States (n, H) and ids (n,) of the places to predict, out of states (B, T, H) and ids (B, T).

    Where shapes are fixed, n is what a draw of ``share`` of all places stays within, and the ids of the rest are
    ``FILLING``.
    """
    if not fixed():
        return states[places], ids[places]
    rows, real = first_places(places, room(share, places.numel()))
    return states.flatten(0, 1)[rows], torch.where(real, ids.flatten()[rows], FILLING)


FILLING = -100
"""The target that ``cross_entropy`` does not count."""


def surprise(
    encoder: Encoder, states: torch.Tensor, targets: torch.Tensor, bias: torch.Tensor | None = None
) -> torch.Tensor:
    """Mean cross-entropy, nats per token, of targets (n,) given states (n, H) and a bias (vocabulary,).

    Targets below zero are fillings that do not count.
    """
    logits = states @ vocabulary(encoder).T
    return cross_entropy((logits if bias is None else logits + bias).float(), targets)
