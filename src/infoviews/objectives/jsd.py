"""Jensen-Shannon objective of Deep InfoMax: tell joint from product pairs; its gradients have low variance."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import torch
from torch.nn.functional import softplus

from infoviews.contracts import Bound
from infoviews.objectives._scores import mean, parts

CITATION = "Hjelm et al. (2019), Learning deep representations by mutual information estimation, equation 4"
KIND = "divergence"
OPTIMUM = 0.0
FREE = None
TOLERANCE = 0.05


@dataclass(frozen=True)
class Params:
    """``shifted`` reports 2 log 2 + V in [.., 2 log 2], which bounds 2 JSD(joint || product); else V in [.., 0].

    V is the objective itself, -E_p softplus(-f) - E_q softplus(f). Deep InfoMax reports the shifted reading.
    """

    shifted: bool = True


def bound(scores: torch.Tensor, params: Params, state: Any = None) -> Bound:
    """Jensen-Shannon value of scores (B, B), in nats; it grows with information but is not information.

    Its best critic is log p(x, y) / p(x)p(y) with no constant: read information out of it by ``dv``, by ``smile``, or
    by ``nwj`` with ``critic="log ratio"``, never by the plain NWJ formula, which would come out 1/e too low.
    """
    joint, product = parts(scores)
    value = -softplus(-joint).mean() - mean(softplus(product), product)
    return Bound(value + 2 * math.log(2) * params.shifted, -value)
