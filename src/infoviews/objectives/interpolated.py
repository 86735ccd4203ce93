"""I_alpha: from NWJ (alpha 0, no bias, high variance) to InfoNCE (alpha 1, low variance, ceiling log K) in one dial."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import torch

from infoviews.contracts import Bound
from infoviews.objectives._scores import checked, finite_exp, log_leave_one_out_mean, logmeanexp, mean, parts

CITATION = "Poole, Ozair, van den Oord, Alemi, Tucker (2019), On variational bounds of mutual information, equation 14"
KIND = "lower bound"
OPTIMUM = 0.0
FREE = None
TOLERANCE = 0.15


@dataclass(frozen=True)
class Params:
    """``alpha`` in (0, 1) weighs the batch's own normaliser against ``baseline``, the fixed log q."""

    alpha: float = 0.5
    baseline: float = 0.0

    def __post_init__(self) -> None:
        if not 0 < self.alpha < 1:
            raise ValueError(f"interpolated: alpha is {self.alpha}; it must be in (0, 1); use nwj for 0, infonce for 1")


def bound(scores: torch.Tensor, params: Params, state: Any = None) -> Bound:
    """1 + E[f_ii - b_ij] - E[e^(f_ij - b_ii)], i != j, of scores (B, B), in nats.

    b_ij = log(alpha mean over k != j of e^(f_ik) + (1 - alpha) q). A baseline that leaves the partner out (b_ii) has
    only independent candidates, and one that leaves another candidate out (b_ij) holds the partner and as many more.
    """
    scores = checked(scores)
    mixed = torch.logaddexp(
        log_leave_one_out_mean(scores) + math.log(params.alpha),
        scores.new_full((), params.baseline + math.log1p(-params.alpha)),
    )
    own = mixed.diagonal()
    left_out = torch.isneginf(scores)
    _, others = parts(mixed.masked_fill(left_out, -math.inf))
    _, product = parts(scores - own[:, None])
    value = 1 + scores.diagonal().mean() - mean(others, others) - finite_exp(logmeanexp(product))
    return Bound(value, -value)
