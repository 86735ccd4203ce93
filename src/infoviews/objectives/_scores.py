"""What the bounds share: checks of a score matrix, its joint and product parts, and means of exponentials."""

from __future__ import annotations

import math

import torch

from infoviews.fixed import fixed, mean_where


def checked(scores: torch.Tensor) -> torch.Tensor:
    """The scores (B, B), at least in single precision, after the checks.

    Raises:
        ValueError: not a square matrix of floats with two rows or more.
        FloatingPointError: NaN or +inf anywhere, or -inf on the diagonal; where shapes are fixed nothing is looked at,
            and such scores give a loss or a gradient that is not a number.
    """
    if scores.ndim != 2 or scores.shape[0] != scores.shape[1] or scores.shape[0] < 2:
        raise ValueError(
            f"scores have shape {tuple(scores.shape)}; a bound needs a square matrix with at least two rows, "
            "S[i, j] = f(x_i, y_j) with joint pairs on the diagonal"
        )
    if not scores.is_floating_point():
        raise ValueError(f"scores have type {scores.dtype}; a bound needs floating-point scores")
    if not fixed():
        _refuse(scores)
    return scores.float() if scores.dtype in (torch.float16, torch.bfloat16) else scores


def _refuse(scores: torch.Tensor) -> None:
    bad = torch.isnan(scores) | (scores == math.inf)
    if bad.any() or torch.isneginf(scores.diagonal()).any():
        raise FloatingPointError(
            f"{int(bad.sum())} of {scores.numel()} scores are NaN or +inf, "
            f"{int(torch.isneginf(scores.diagonal()).sum())} on the diagonal are -inf; lower the learning rate, "
            "clip gradients, or bound the critic"
        )


def parts(scores: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Checked joint scores (B,) and product scores (at most B(B-1),); entries of -inf are left out of the latter.

    Where shapes are fixed they stay in it; ``mean``, ``count`` and ``logmeanexp`` do not count them.

    Raises:
        FloatingPointError: nothing is left off the diagonal, as in a batch of one text alone; also as ``checked``.
    """
    scores = checked(scores)
    size = len(scores)
    product = scores.flatten()[:-1].view(size - 1, size + 1)[:, 1:].reshape(-1)  # every entry off the diagonal
    kept = ~torch.isneginf(product)
    if not fixed() and not kept.all():
        product = product[kept]
        if not len(product):
            raise FloatingPointError("every score off the diagonal is -inf: all candidates were left out as duplicates")
    return scores.diagonal(), product


def logmeanexp(scores: torch.Tensor) -> torch.Tensor:
    """log mean exp over the entries of a one-dimensional tensor that were not left out."""
    return torch.logsumexp(scores, dim=0) - log(count(scores))


def count(product: torch.Tensor) -> float | torch.Tensor:
    """How many entries of the product scores were not left out."""
    return (~torch.isneginf(product)).sum() if fixed() else float(len(product))


def log(value: float | torch.Tensor) -> float | torch.Tensor:
    """Natural logarithm of a number, or of one that is still on the device."""
    return value.log() if isinstance(value, torch.Tensor) else math.log(value)


def mean(values: torch.Tensor, product: torch.Tensor) -> torch.Tensor:
    """Mean of the values of those entries of the product scores, of the same shape, that were not left out."""
    return mean_where(values, ~torch.isneginf(product)) if fixed() else values.mean()


def finite_exp(exponent: torch.Tensor) -> torch.Tensor:
    """exp up to e^30, then its tangent: bounds with a bare exponential stay finite, and so does their gradient.

    Departs from the papers only where the bound is below -e^30, where its value says nothing anyway. Beyond e^44 the
    squares that clipping sums to the gradient's norm would overflow in single precision.
    """
    limit = 30.0
    return exponent.clamp(max=limit).exp() * (1 + (exponent - limit).clamp(min=0))


def log_leave_one_out_mean(scores: torch.Tensor) -> torch.Tensor:
    """``M[i, j] = log mean over k != j of exp S[i, k]``, shape (B, B), without cancellation and in O(B^2).

    Taking one term out of a sum of exponentials loses all digits only where that term dominates the sum, so the
    largest term of a row gets its sum without it; the others are at most half of theirs.
    """
    total = torch.logsumexp(scores, dim=1, keepdim=True)
    largest = torch.zeros_like(scores, dtype=torch.bool).scatter_(1, scores.argmax(dim=1, keepdim=True), True)
    low = torch.finfo(scores.dtype).min / 4  # not -inf: a row with nothing left would have no gradient
    rest = torch.logsumexp(scores.masked_fill(largest | torch.isneginf(scores), low), dim=1, keepdim=True)
    share = (scores - total).masked_fill(largest, -1.0)  # any value with a finite gradient: replaced below
    others = (~torch.isneginf(scores)).sum(dim=1, keepdim=True) - (~torch.isneginf(scores)).to(scores.dtype)
    return torch.where(largest, rest, total + torch.log1p(-share.exp())) - others.clamp(min=1).log()
