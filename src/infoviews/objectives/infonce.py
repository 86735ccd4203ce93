"""InfoNCE: tell the partner from K - 1 other candidates; a lower bound of low variance that never exceeds log K."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch

from infoviews.contracts import Bound
from infoviews.objectives._scores import checked

CITATION = "van den Oord, Li, Vinyals (2018), Representation learning with contrastive predictive coding, equation 4"
KIND = "lower bound"
OPTIMUM = 0.0
FREE = "row"
TOLERANCE = 0.12
"""Biased down well below log K: by about 0.1 when log K - I = 2.9, by 0.4 at 2.3."""


@dataclass(frozen=True)
class Params:
    """``symmetric`` also tells each candidate's anchor from the others and takes the mean of both directions."""

    symmetric: bool = False


def bound(scores: torch.Tensor, params: Params, state: Any = None) -> Bound:
    """mean_i [S_ii - logsumexp_j S_ij] + log K of scores (B, B), in nats; K counts the partner too.

    With candidates left out (-inf), K is counted in each row.
    """
    scores = checked(scores)
    value = _one_sided(scores)
    if params.symmetric:
        value = (value + _one_sided(scores.T)) / 2
    return Bound(value, -value)


def _one_sided(scores: torch.Tensor) -> torch.Tensor:
    candidates = (~torch.isneginf(scores)).sum(dim=1).to(scores.dtype)
    return (scores.diagonal() - torch.logsumexp(scores, dim=1) + candidates.log()).mean()
