"""From test and power to a verdict, and from the verdict to a plain sentence."""

from __future__ import annotations

from typing import Any

from infoviews import registry
from infoviews.analysis.answers._answer import listed
from infoviews.names import label
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
    name = f"{what} over {counted(curve['n'])} ({label(curve['objective'])}, {families(curve['family'])})"
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


def beside_twins(pairs: list[dict[str, Any]]) -> str:
    """How views that share as much as their twins, but nothing that a task asks for, transfer; empty without pairs.

    Args:
        pairs: the ``twins`` of an objective; a difference is called clear if its interval leaves out zero.
    """
    told = [pair for pair in pairs if pair["twin"] is not None]
    alone = [f"`{pair['setting']}`" for pair in pairs if pair["twin"] is None]
    rest = f"No setting of the curve shares as much information as {listed(alone)}." if alone else ""
    if not told:
        return rest
    unclear = [pair for pair in told if pair["low"] <= 0 <= pair["high"]]
    groups = {
        "transfer worse": [pair for pair in told if pair["high"] < 0],
        "transfer better": [pair for pair in told if pair["low"] > 0],
        "do not clearly transfer differently": unclear,
    }
    parts = [f"{how}: {listed([compared(pair) for pair in group])}" for how, group in groups.items() if group]
    open_still = "whether how much is shared decides alone cannot be told"
    parts.append(open_still if len(unclear) == len(told) else "how much is shared does not decide alone")
    views = "At equal information (settings of role `iso`), views that share nothing a task asks for"
    return f"{views} {'; '.join(parts)}. {rest}".strip()


def compared(pair: dict[str, Any]) -> str:
    """One pair of twins: ``-42.1 points [-44.5, -39.8] for `iso-tasks` beside `tasks` (4.41 nats)``."""
    gap = f"{pair['difference']:+.1f} points [{pair['low']:.1f}, {pair['high']:.1f}]"
    return f"{gap} for `{pair['setting']}` beside `{pair['twin']}` ({pair['information']:.2f} nats)"


def titled(task: str) -> str:
    """How a task is called in a sentence: as in the tables, else by the literature's name, where it has one."""
    if task == "average":
        return "the average over tasks"
    named = label(task)
    return get_task(task).title if named == task and task in registry.names("transfer.tasks") else named


def counted(n: int) -> str:
    """A number of settings in words."""
    return "1 setting" if n == 1 else f"{n} settings"


def families(name: str) -> str:
    """How a curve's family is named in a sentence."""
    return "all view families" if name == "all" else f"view family {name}"


def shown(p: float) -> str:
    """A p value as text."""
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}" if p < 0.1 else f"p = {p:.2f}"
