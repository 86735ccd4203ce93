"""Lower limits on a curve: settings of which it is known only that they share at least so much information.

A point whose x is only known to be t or more is used as one of a group at t, to which every point with a known x
beyond t is added. A curve that never falls has its group no lower, and one that never rises has it no higher, than
it is at t: the group makes no peak of either. Points whose limit is below t could be on either side of known
points, and are left out; which points these are depends on x alone, so that leaving them out makes no bias.
"""

from __future__ import annotations

import numpy as np

PLACE = 2
"""Worth of a known place in lower limits: at two ceilings, more known places find more peaks than more limits do."""

BELOW = 4
"""Distinct known values that keep their place, as the test of two lines needs."""


def known(x: np.ndarray, limited: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Values to use of a curve whose points are in part lower limits.

    The threshold t is the one that loses least: a limit below it loses a point, and a known x beyond it its place,
    which counts ``PLACE`` times as much.

    Args:
        x: values and lower limits (n,), a limit may be infinite; limited: whether it is a limit (n,).

    Returns:
        x with the group at t (n,), and which points can be used (n,).
    """
    limited = limited.astype(bool)
    if not limited.any() or limited.all():
        return x, ~limited
    sure = x[~limited]
    tried = np.unique([*x[limited & np.isfinite(x)], sure.max()])[::-1]  # the highest of equals is chosen
    enough = [len(np.unique(sure[sure < t])) >= BELOW for t in tried]
    tried = tried[enough] if any(enough) else np.array([sure.max()])
    lost = [np.sum(limited & (x < t)) + PLACE * np.sum(~limited & (x > t)) for t in tried]
    threshold = tried[int(np.argmin(lost))]
    return np.minimum(x, threshold), ~limited | (x >= threshold)
