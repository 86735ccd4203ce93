"""From test and power to a verdict."""

from __future__ import annotations

from infoviews.analysis.record import ALPHA, ENOUGH, Verdict


def holm(p_values: list[float]) -> list[float]:
    """Holm's adjusted p values, in the order given."""
    order = sorted(range(len(p_values)), key=lambda i: p_values[i])
    adjusted, running = [1.0] * len(p_values), 0.0
    for rank, index in enumerate(order):
        running = max(running, min(1.0, (len(order) - rank) * p_values[index]))
        adjusted[index] = running
    return adjusted


def verdict(p: float, at_one_point: float) -> Verdict:
    """A peak was found; or it was not, and one of one point would have been; or it was not, and might not have been."""
    if p < ALPHA:
        return Verdict.PEAK
    return Verdict.NONE if at_one_point >= ENOUGH else Verdict.OPEN
