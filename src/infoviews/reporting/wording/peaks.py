"""Sentences on the shape of curves: is there a peak, where, and do settings of equal information transfer alike?"""

from __future__ import annotations

from typing import Any

from infoviews import registry
from infoviews.analysis.answers._answer import listed
from infoviews.analysis.record import ALL, AVERAGE, Curve, Verdict
from infoviews.names import label
from infoviews.transfer.fetch import get_task


def answer(curve: Curve) -> str:
    """The verdict on a curve, then, where it has them, how its iso-information settings transfer."""
    return f"{verdict(curve)} {against_twins(curve.iso or [])}".strip()


def verdict(curve: Curve) -> str:
    """What the two-lines test says of one curve of the record."""
    settings = "1 setting" if curve.n == 1 else f"{curve.n} settings"
    if curve.limits:
        settings += f", {curve.limits} of them beyond what the estimator can measure,"
    name = f"{titled(curve.task)} over {settings} ({label(curve.objective)}, {families(curve.family)})"
    if curve.reason or curve.p_holm is None:
        return f"Cannot tell for {name}: {curve.reason}."
    if curve.verdict == Verdict.PEAK:
        return found(name, curve, shown(curve.p_holm))
    power = curve.power or {}
    chance = f"{100 * power['at_one_point']:.0f} %"
    if curve.verdict == Verdict.NONE:
        return (
            f"No peak for {name}: the two-lines test finds no rise followed by a fall ({shown(curve.p_holm)}). "
            f"It would find a peak one point high in {chance} of such studies."
        )
    height = power["detectable"]
    reach = "No plausible height would be found in 80 %."
    if height is not None:
        reach = f"To be found in 80 %, a peak must be about {height:.1f} points high."
    return (
        f"Cannot tell at this power for {name}: no peak was found ({shown(curve.p_holm)}). "
        f"A peak one point high would be found in only {chance} of such studies. {reach}"
    )


def found(name: str, curve: Curve, p: str) -> str:
    """A peak that the test found, with its location and height where these could be estimated."""
    text = f"Transfer rises and then falls with information for {name} (two-lines test, {p})."
    peak = curve.peak
    if peak is None:
        return text
    high = f"{peak.location_high:.2f}" + (" or more" if open_ended(curve) else "")
    return (
        f"{text} The peak is at {peak.location:.2f} nats [{peak.location_low:.2f}, {high}]. "
        f"Its height is {peak.height:.1f} % [{peak.height_low:.1f}, {peak.height_high:.1f}]."
    )


def open_ended(curve: Curve) -> bool:
    """Whether the place's interval ends only because the settings beyond it have no place of their own."""
    if not curve.limits or curve.peak is None or curve.smooth is None:
        return False
    last = curve.smooth["information"][-1]
    return curve.peak.location_high >= last - 1e-5 * abs(last)


def against_twins(pairs: list[dict[str, Any]]) -> str:
    """How views that share as much as their twins, but nothing that a task uses, transfer; empty without pairs.

    Args:
        pairs: ``iso`` of a curve; a difference is called clear if its interval leaves out zero.
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
    views = "At equal information (settings of role `iso`), views that share nothing a task uses"
    said = [f"{views} {how}: {listed([compared(pair) for pair in group])}." for how, group in groups.items() if group]
    if len(unclear) == len(told):
        said.append("Whether the amount of shared information alone decides transfer cannot be told.")
    else:
        said.append("The amount of shared information alone does not decide transfer.")
    return " ".join([*said, rest]).strip()


def compared(pair: dict[str, Any]) -> str:
    """One pair of twins: ``-42.1 points [-44.5, -39.8] for `iso-tasks` against `tasks` (4.41 nats)``."""
    gap = f"{pair['difference']:+.1f} points [{pair['low']:.1f}, {pair['high']:.1f}]"
    return f"{gap} for `{pair['setting']}` against `{pair['twin']}` ({pair['information']:.2f} nats)"


def question(rows: list[dict[str, Any]]) -> str:
    """Which tasks and families have a peak, which have none, and of which it cannot be told.

    Args:
        rows: of the answer ``peaks``.
    """
    groups = {v: [named(row) for row in rows if row["verdict"] == v] for v in Verdict}
    if not groups[Verdict.PEAK] and not groups[Verdict.NONE]:
        return (
            "For no task or family can the study tell whether there is a sweet spot. It needs more view settings of "
            "uncensored information (views.settings) or more seeds (grid) in params.yaml."
        )
    starts = {Verdict.PEAK: "There is a sweet spot for", Verdict.NONE: "There is none for"}
    starts[Verdict.OPEN] = "It cannot be told for"
    return " ".join(f"{starts[v]} {listed(names)}." for v, names in groups.items() if names)


def named(row: dict[str, Any]) -> str:
    """A row's curve in words."""
    what = titled(row["task"])
    return what if row["family"] == ALL else f"{what} with {row['family']} views"


def titled(task: str) -> str:
    """A task in a sentence: named as in the tables, else by the literature's name where it has one."""
    if task == AVERAGE:
        return "the average over tasks"
    name = label(task)
    return get_task(task).title if name == task and task in registry.names("transfer.tasks") else name


def families(name: str) -> str:
    """A curve's family in a sentence."""
    return "all view families" if name == ALL else f"view family {name}"


def shown(p: float) -> str:
    """A p value as text."""
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}" if p < 0.1 else f"p = {p:.2f}"
