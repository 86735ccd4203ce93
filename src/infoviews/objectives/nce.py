"""Binary noise-contrastive estimation with m noise pairs per joint pair; its critic learns the log density ratio."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch.nn.functional import logsigmoid

from infoviews.contracts import Bound
from infoviews.objectives._scores import count, log, mean, parts

CITATION = "Gutmann, Hyvärinen (2012), Noise-contrastive estimation of unnormalized statistical models, equation 8"
KIND = "estimate"
OPTIMUM = 0.0
FREE = None
TOLERANCE = 0.15


@dataclass(frozen=True)
class Params:
    """``noise``: pairs drawn from the product for each joint pair; ``None`` takes as many as a batch offers, B - 1."""

    noise: int | None = None

    def __post_init__(self) -> None:
        if self.noise is not None and self.noise < 1:
            raise ValueError(f"nce: noise is {self.noise}; it must be at least 1, or null for all in the batch")


def bound(scores: torch.Tensor, params: Params, state: Any = None) -> Bound:
    """Plug-in information E_p f of scores (B, B), in nats; no bound in either direction.

    The loss is -E_p log [e^f / (e^f + m)] - m E_q log [m / (e^f + m)]; the density ratio carries its own normaliser,
    so none is estimated. One noise pair gives the loss of ``jsd``.
    """
    joint, product = parts(scores)
    noise = params.noise or count(product) / len(joint)
    loss = -logsigmoid(joint - log(noise)).mean() - noise * mean(logsigmoid(log(noise) - product), product)
    return Bound(joint.mean(), loss)
