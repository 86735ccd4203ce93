"""NWJ (f-GAN KL): an unbiased lower bound with no ceiling, whose variance grows as e^I."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch

from infoviews.contracts import Bound
from infoviews.objectives._scores import finite_exp, logmeanexp, parts

CITATION = "Nguyen, Wainwright, Jordan (2010), Estimating divergence functionals; Poole et al. (2019), equation 5"
KIND = "lower bound"
OPTIMUM = 1.0
FREE = None
TOLERANCE = 0.15


@dataclass(frozen=True)
class Params:
    """``critic``: ``"own"`` where this bound trained it (best critic 1 + log ratio), ``"log ratio"`` to read out one
    that another objective trained (``jsd``, ``nce``, ``smile``), which adds the missing 1 to its scores.
    """

    critic: str = "own"

    def __post_init__(self) -> None:
        if self.critic not in ("own", "log ratio"):
            raise ValueError(f"nwj: critic is {self.critic!r}; allowed: 'own', 'log ratio'")


def bound(scores: torch.Tensor, params: Params, state: Any = None) -> Bound:
    """E_p f - E_q e^(f - 1) of scores (B, B), in nats; with ``critic="log ratio"`` 1 + E_p f - E_q e^f."""
    joint, product = parts(scores)
    offset = 1.0 if params.critic == "own" else 0.0
    value = joint.mean() + (1 - offset) - finite_exp(logmeanexp(product - offset))
    return Bound(value, -value)
