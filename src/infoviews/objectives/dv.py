"""Donsker-Varadhan: a bound for the population, but an estimate on a batch, where it comes out too high on average."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch

from infoviews.contracts import Bound
from infoviews.objectives._scores import logmeanexp, parts

CITATION = "Donsker, Varadhan (1983), Asymptotic evaluation of certain Markov process expectations for large time IV"
KIND = "estimate"
OPTIMUM = 0.0
FREE = "constant"
TOLERANCE = 0.15


@dataclass(frozen=True)
class Params:
    """No parameters."""


def bound(scores: torch.Tensor, params: Params, state: Any = None) -> Bound:
    """E_p f - log E_q e^f of scores (B, B), in nats; by Jensen, -log of a batch mean is biased up."""
    joint, product = parts(scores)
    value = joint.mean() - logmeanexp(product)
    return Bound(value, -value)
