"""TUBA: DV made a true bound by a baseline in place of the log; here the running log-mean of earlier batches."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch

from infoviews.contracts import Bound
from infoviews.objectives._scores import finite_exp, logmeanexp, parts

CITATION = "Poole, Ozair, van den Oord, Alemi, Tucker (2019), On variational bounds of mutual information, equation 4"
KIND = "lower bound"
OPTIMUM = 0.0
FREE = "constant"
TOLERANCE = 0.15


@dataclass(frozen=True)
class Params:
    """``baseline`` is log a before any batch was seen; ``rate`` is how much each batch moves it (0: never)."""

    baseline: float = 0.0
    rate: float = 0.01

    def __post_init__(self) -> None:
        if not 0 <= self.rate < 1:
            raise ValueError(f"tuba: rate is {self.rate}; it must be in [0, 1)")


def bound(scores: torch.Tensor, params: Params, state: torch.Tensor | None = None) -> Bound:
    """1 + E_p f - log a - E_q e^f / a of scores (B, B), in nats.

    A baseline a(y) that depends on y is absorbed by the critic. The one used on a batch was set by earlier batches,
    so that the value stays a lower bound; ``state`` is log a, detached.
    """
    joint, product = parts(scores)
    log_mean = logmeanexp(product)
    baseline = log_mean.new_full((), params.baseline) if state is None else state
    value = 1 + joint.mean() - baseline - finite_exp(log_mean - baseline)
    if params.rate:
        moved = torch.logaddexp(baseline + math.log1p(-params.rate), log_mean.detach() + math.log(params.rate))
        return Bound(value, -value, moved)
    return Bound(value, -value, baseline)
