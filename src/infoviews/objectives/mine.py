"""MINE: Donsker-Varadhan with the gradient's bias reduced by a moving average of the normaliser, kept in log space."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch

from infoviews.contracts import Bound
from infoviews.objectives._scores import logmeanexp, parts

CITATION = "Belghazi et al. (2018), Mutual information neural estimation, section 3.2"
KIND = "estimate"
OPTIMUM = 0.0
FREE = "constant"
TOLERANCE = 0.15


@dataclass(frozen=True)
class Params:
    """``rate``: weight of the newest batch in the moving average of E_q e^f."""

    rate: float = 0.01

    def __post_init__(self) -> None:
        if not 0 < self.rate <= 1:
            raise ValueError(f"mine: rate is {self.rate}; it must be in (0, 1]")


def bound(scores: torch.Tensor, params: Params, state: torch.Tensor | None = None) -> Bound:
    """Donsker-Varadhan value of scores (B, B), in nats, whose loss has the gradient of E_p f - E_q e^f / average.

    The loss reads as the negative value, with that gradient. ``state`` is the log of the average, detached. The
    newest batch enters it before it is used, so that the ratio in the gradient never exceeds 1 / rate: a batch with
    an outlier cannot send it to infinity.
    """
    joint, product = parts(scores)
    log_mean = logmeanexp(product)
    average = log_mean.detach()
    if state is not None and params.rate < 1:
        average = torch.logaddexp(state + math.log1p(-params.rate), average + math.log(params.rate))
    value = joint.mean() - log_mean
    surrogate = (log_mean - average).exp() - joint.mean()
    return Bound(value, surrogate - surrogate.detach() - value.detach(), average)
