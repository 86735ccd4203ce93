"""SMILE: Donsker-Varadhan read-out with clipped density ratios, of a critic trained by the Jensen-Shannon objective."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch.nn.functional import softplus

from infoviews.contracts import Bound
from infoviews.objectives._scores import logmeanexp, mean, parts

CITATION = "Song, Ermon (2020), Understanding the limitations of variational mutual information estimators, equation 9"
KIND = "estimate"
OPTIMUM = 0.0
FREE = None
TOLERANCE = 0.15


@dataclass(frozen=True)
class Params:
    """``clip``: log ratios are limited to [-clip, clip], nats; smaller means less variance and more bias."""

    clip: float = 5.0

    def __post_init__(self) -> None:
        if not self.clip > 0:
            raise ValueError(f"smile: clip is {self.clip}; it must be positive")


def bound(scores: torch.Tensor, params: Params, state: Any = None) -> Bound:
    """E_p f - log E_q clip(e^f) of scores (B, B), in nats: an estimate, off in either direction, never a bound.

    The loss is the Jensen-Shannon one, since the clipped value would leave scores beyond the clip without gradient.
    """
    joint, product = parts(scores)
    clipped = torch.where(torch.isneginf(product), product, product.clamp(-params.clip, params.clip))
    value = joint.mean() - logmeanexp(clipped)
    return Bound(value, softplus(-joint).mean() + mean(softplus(product), product))
