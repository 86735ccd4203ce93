"""What every contrast gives back."""

from __future__ import annotations

from typing import NamedTuple

import torch


class Scored(NamedTuple):
    """One score matrix and where its sides come from.

    Attributes:
        scores: (B, B), ``S[i, j] = f(x_i, y_j)``, diagonal joint.
        anchors: number of the view that the rows come from.
        candidates: number of the view that the columns come from; by both, known false negatives are found.
        penalty: scalar added to the loss of this matrix, if there is one.
    """

    scores: torch.Tensor
    anchors: int = 0
    candidates: int = 1
    penalty: torch.Tensor | None = None
