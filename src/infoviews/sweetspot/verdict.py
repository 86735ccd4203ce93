"""From test and power to a verdict, and from the verdict to a plain sentence."""

from __future__ import annotations

from typing import Any

from infoviews import registry
from infoviews.transfer.fetch import get_task

PEAK, NONE, OPEN = "peak", "no peak", "cannot tell at this power"
ENOUGH = 0.8
ALPHA = 0.05


def holm(p_values: list[float]) -> list[float]:
    """Holm's adjusted p values, in the order given."""
    order = sorted(range(len(p_values)), key=lambda i: p_values[i])
    adjusted, running = [1.0] * len(p_values), 0.0
    for rank, index in enumerate(order):
        running = max(running, min(1.0, (len(order) - rank) * p_values[index]))
        adjusted[index] = running
    return adjusted


def verdict(p: float, at_one_point: float) -> str:
    """A peak was found; or it was not, and one of one point would have been; or it was not, and might not have been."""
    if p < ALPHA:
        return PEAK
    return NONE if at_one_point >= ENOUGH else OPEN


def sentence(curve: dict[str, Any]) -> str:
    """One sentence for a reader, from a curve of ``shape.json``."""
    what = titled(curve["task"])
    name = f"{what} over {counted(curve['n'])} ({curve['objective']}, {families(curve['family'])})"
    if curve.get("reason"):
        return f"Cannot tell for {name}: {curve['reason']}."
    if curve["verdict"] == PEAK:
        peak = curve.get("peak")
        if peak is None:
            return f"Transfer rises and then falls with information for {name}; {shown(curve['p_holm'])}."
        return (
            f"Transfer rises and then falls with information for {name}: the peak lies at "
            f"{peak['location']:.2f} nats [{peak['location_low']:.2f}, {peak['location_high']:.2f}], "
            f"at {peak['height']:.1f} % [{peak['height_low']:.1f}, {peak['height_high']:.1f}] "
            f"(two-lines test, {shown(curve['p_holm'])})."
        )
    power = curve["power"]
    chance = f"{100 * power['at_one_point']:.0f} %"
    if curve["verdict"] == NONE:
        return (
            f"No peak for {name}: the two-lines test finds no rise followed by a fall ({shown(curve['p_holm'])}), "
            f"although it would find a peak one point high in {chance} of such studies."
        )
    needed = power["detectable"]
    reach = f"a peak must be about {needed:.1f} points high" if needed is not None else "no plausible height suffices"
    return (
        f"Cannot tell at this power for {name}: no peak was found ({shown(curve['p_holm'])}), but a peak one point "
        f"high would be found in only {chance} of such studies; to be found in 80 %, {reach}."
    )


def titled(task: str) -> str:
    """How a task is called in a sentence: the literature's name, where it has one."""
    if task == "average":
        return "the average over tasks"
    return get_task(task).title if task in registry.names("transfer.tasks") else task


def counted(n: int) -> str:
    """A number of settings in words."""
    return "1 setting" if n == 1 else f"{n} settings"


def families(name: str) -> str:
    """How a curve's family is named in a sentence."""
    return "all view families" if name == "all" else f"view family {name}"


def shown(p: float) -> str:
    """A p value as text."""
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}" if p < 0.1 else f"p = {p:.2f}"
