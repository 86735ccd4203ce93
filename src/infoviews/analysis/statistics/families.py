"""Offsets of view families: each family's points lie higher or lower than the curve that all share."""

from __future__ import annotations

import numpy as np

SPARE = 7
"""Points that must be left beside one for each family: two lines and what tells their error."""


def dummies(families: np.ndarray) -> np.ndarray:
    """Columns of families (n, k) of mean zero, one for each but the first.

    None where there is one family, or where too few points would be left to test two lines.
    """
    names = sorted(set(families))
    if len(names) < 2 or len(families) < SPARE + len(names):
        return np.empty((len(families), 0))
    return np.stack([(families == name) - np.mean(families == name) for name in names[1:]], axis=1)


def offsets(x: np.ndarray, y: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """Offset of each point's family (n,) from a common parabola, for drawing and for where a curve is flat.

    Args:
        x: information (n,), nats; y: transfer (n,), percent; levels: what ``dummies`` gives.
    """
    t = (x - x.mean()) / (x.std() or 1)
    design = np.column_stack([np.ones_like(t), t, t**2, levels])
    return levels @ np.linalg.lstsq(design, y, rcond=None)[0][3:]
