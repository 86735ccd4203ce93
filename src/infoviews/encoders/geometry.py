"""How sentence vectors are spread over the unit sphere: alignment and uniformity, as a measure or as a loss.

Wang & Isola 2020, Understanding contrastive representation learning through alignment and uniformity on the
hypersphere (arXiv:2005.10242), equations 5 and 6.
"""

from __future__ import annotations

import torch
from torch.nn.functional import normalize


def alignment(x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """E|x - y|² of partners (B, d) after scaling to unit length; a scalar from 0 (equal) to 4 (opposite)."""
    return (normalize(x.float(), dim=1) - normalize(y.float(), dim=1)).square().sum(1).mean()


def uniformity(x: torch.Tensor) -> torch.Tensor:
    """log E exp(-2|x - x'|²) over all pairs of (B, d) after scaling to unit length; from -8 up to 0 (all equal)."""
    apart = torch.pdist(normalize(x.float(), dim=1)).square()  # (B(B-1)/2,)
    return torch.logsumexp(-2 * apart, dim=0) - torch.log(torch.tensor(float(len(apart))))


@torch.no_grad()
def geometry(x: torch.Tensor, y: torch.Tensor) -> dict[str, float]:
    """Alignment of the views' vectors x and y (B, d), and uniformity of x."""
    return {"alignment": alignment(x, y).item(), "uniformity": uniformity(x).item()}
