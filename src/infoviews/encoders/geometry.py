"""How sentence vectors are spread over the unit sphere: alignment and uniformity, as a measure or as a loss.

Wang & Isola 2020, Understanding contrastive representation learning through alignment and uniformity on the
hypersphere (arXiv:2005.10242), equations 5 and 6.
"""

from __future__ import annotations

import math

import torch
from torch.nn.functional import normalize

from infoviews.fixed import Number, fixed, number


def alignment(x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """E|x - y|² of partners (B, d) after scaling to unit length; a scalar from 0 (equal) to 4 (opposite)."""
    return (normalize(x.float(), dim=1) - normalize(y.float(), dim=1)).square().sum(1).mean()


def uniformity(x: torch.Tensor) -> torch.Tensor:
    """log E exp(-2|x - x'|²) over all pairs of (B, d) after scaling to unit length; from -8 up to 0 (all equal)."""
    if fixed():
        return _uniformity_by_products(normalize(x.float(), dim=1))
    apart = torch.pdist(normalize(x.float(), dim=1)).square()  # (B(B-1)/2,)
    return torch.logsumexp(-2 * apart, dim=0) - torch.log(torch.tensor(float(len(apart))))


def _uniformity_by_products(unit: torch.Tensor) -> torch.Tensor:
    """Uniformity of unit vectors (B, d) from one matrix product: |x - x'|² = 2 - 2 x'x; a GPU's ``pdist`` is slow."""
    size = len(unit)
    apart = 2 - 2 * unit @ unit.T
    own = torch.eye(size, dtype=torch.bool, device=unit.device)
    return torch.logsumexp((-2 * apart).masked_fill(own, -torch.inf).flatten(), dim=0) - math.log(size * (size - 1))


@torch.no_grad()
def geometry(x: torch.Tensor, y: torch.Tensor) -> dict[str, Number]:
    """Alignment of the views' vectors x and y (B, d), and uniformity of x."""
    return {"alignment": number(alignment(x, y)), "uniformity": number(uniformity(x))}
