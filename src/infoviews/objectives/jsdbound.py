"""The largest lower bound of information that the Jensen-Shannon loss allows: low variance, no ceiling at log K.

Among all pairs of distributions with the same Jensen-Shannon divergence J the least Kullback-Leibler divergence is
reached by two points: p is sure of one of them, and q gives it probability t = e^(-a). Then KL(p || q) = a and
2 (log 2 - J) = (1 + t) log(1 + t) + a t, which falls from 2 log 2 at a = 0 to 0. Since the loss of a classifier of
joint and product pairs, E_p softplus(-f) + E_q softplus(f), is at least 2 (log 2 - J) whatever f, the a that solves
the equation for that loss is a lower bound of I(x; y) = KL(joint || product).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import torch
from torch.nn.functional import softplus

from infoviews.contracts import Bound
from infoviews.objectives._scores import mean, parts

CITATION = "Dorent, Golland, Wells (2025), Connecting Jensen-Shannon and Kullback-Leibler divergences, arXiv:2510.20644"
KIND = "lower bound"
OPTIMUM = 0.0
FREE = None
TOLERANCE = 0.75
"""Tight for two points only: of 2 nats that one, five or twenty Gaussian pairs share it gives 1.75, 1.39 or 1.24."""

LEAST = 1e-12
"""Loss below which nothing is told apart: 31 nats, as far as single precision and any number of pairs reach."""


@dataclass(frozen=True)
class Params:
    """Nothing to choose."""


def bound(scores: torch.Tensor, params: Params, state: Any = None) -> Bound:
    """``information`` of the loss of scores (B, B), in nats; below 0 for a critic worse than none.

    The loss is that of ``jsd``, of which the value is a rising function: it trains the same weights.
    """
    joint, product = parts(scores)
    loss = softplus(-joint).mean() + mean(softplus(product), product)
    return Bound(information(loss), loss)


def information(loss: torch.Tensor) -> torch.Tensor:
    """The information a, in nats, with (1 + e^-a) log(1 + e^-a) + a e^-a = loss, elementwise and differentiable.

    Above 2 log 2, the loss of scores of 0, and below ``LEAST`` it goes on along its tangent there, which lies lower.
    """
    top = 2 * math.log(2)
    target = loss.detach().double().clamp(min=LEAST, max=top)
    low, high = torch.zeros_like(target), torch.full_like(target, 40.0)
    for _ in range(60):  # bisection: the left side falls in a
        middle = (low + high) / 2
        t = torch.exp(-middle)
        above = (1 + t) * torch.log1p(t) + middle * t > target
        low, high = torch.where(above, middle, low), torch.where(above, high, middle)
    a = (low + high) / 2
    slope = -torch.exp(a) / softplus(a)  # d a / d loss
    found = (a + slope * (loss.detach().double() - target)).to(loss.dtype)
    return found + slope.to(loss.dtype) * (loss - loss.detach())
