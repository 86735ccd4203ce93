"""Sentences on curves: is there a peak, where, and how do settings transfer that share as much but nothing useful?"""

from __future__ import annotations

from typing import Any

from infoviews import registry
from infoviews.analysis.record import ALL, AVERAGE, Answer, Curve, Verdict
from infoviews.analysis.statistics.two_lines import FEWEST
from infoviews.names import label
from infoviews.reporting.wording.question import Question
from infoviews.reporting.wording.say import bracket, capital, counted, points, said, some
from infoviews.transfer.fetch import get_task

METHOD = (
    "A peak needs a significant rise and a significant fall by the two-lines test (Simonsohn 2018). "
    "The test is of the means of view settings. "
    "The average over tasks with all view families was chosen in advance and is tested alone. "
    "The other curves of an objective are corrected together (Holm). "
    "Place and height of a peak come from a fit of two falling arms, with profile-likelihood intervals. "
    "The line drawn is a smoothing spline with its band. "
    "Each family has an offset of its own. "
    "Censored settings share at least as much as was measured. "
    "The test takes them as one group beyond the others; the peak and the line leave them out. "
    "Power is the chance of finding a peak one point high with this grid and this noise."
)
"""How curves are tested and drawn."""

NOTE = (
    "Two-lines test of the main objective's curves; all but the first are corrected together (Holm). "
    "Power is the chance of finding a peak one point high. "
    "The place of a peak is in nats, with its 95 % interval, where one is found."
)


def answer(curve: Curve) -> str:
    """The verdict on a curve, then how its matched controls transfer, where it has them."""
    return said(verdict(curve), against_twins(curve.iso or []))


def verdict(curve: Curve) -> str:
    """What the two-lines test says of one curve of the record."""
    name = titled(curve)
    if curve.reason or curve.p_holm is None:
        return f"Whether {name} has a peak cannot be told: {curve.reason}."
    if curve.verdict == Verdict.PEAK:
        return said(f"{capital(name)} rises and then falls as views share more information.", top(curve))
    chance = round(100 * (curve.power or {})["at_one_point"])
    if curve.verdict == Verdict.NONE:
        return said(
            f"{capital(name)} has no peak: it does not rise and then fall as views share more information.",
            f"A peak one point high would have been found in {chance} % of such studies.",
        )
    rarely = f"only {chance} % of such studies" if chance else "hardly any of such studies"
    return said(
        f"Whether {name} has a peak cannot be told: none was found, but one may have been missed.",
        f"A peak one point high would be found in {rarely}.",
        detectable(curve),
    )


def detectable(curve: Curve) -> str:
    """How high a peak must be to be found in four studies of five."""
    height = (curve.power or {}).get("detectable")
    if height is None:
        return "No plausible peak would be found in 80 % of them."
    return f"To be found in 80 % of them, a peak must be about {height:.1f} points high."


def top(curve: Curve) -> str:
    """Place and height of a peak; its height is the fitted curve's, and is held against the best setting."""
    peak = curve.peak
    if peak is None:
        return ""
    high = f"{peak.location_high:.2f}" + (" or more" if open_ended(curve) else "")
    told = [f"The peak is at {peak.location:.2f} nats [{peak.location_low:.2f}, {high}]."]
    told.append(f"There the fitted curve reaches {peak.height:.1f} %{bracket(peak.height_low, peak.height_high)}.")
    if curve.best is not None and curve.best < peak.height:
        told.append(f"No setting was measured that high; the best has {curve.best:.1f} %.")
    return said(*told)


def footnote(curve: Curve) -> str:
    """The test behind the verdict, for a line in small print; empty where it could not be made."""
    if curve.reason or curve.p_holm is None:
        return ""
    family = "" if curve.family == ALL else f" of the family {curve.family}"
    return said(
        f"Two-lines test (a rise, then a fall) with {label(curve.objective)} on "
        f"{counted(curve.n, 'view setting')}{family}: {shown(curve.p_holm)}.",
        f"Of these, {curve.limits} share more than the estimator can measure. "
        "The test takes them as one group beyond the others."
        if curve.limits
        else "",
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
    rest = f"No setting of the curve shares as much information as {some(alone)}." if alone else ""
    if not told:
        return rest
    unclear = [pair for pair in told if pair["low"] <= 0 <= pair["high"]]
    groups = {
        "transfer worse": [pair for pair in told if pair["high"] < 0],
        "transfer better": [pair for pair in told if pair["low"] > 0],
        "do not clearly transfer differently": unclear,
    }
    views = "Views that share as much information, but nothing that a task uses,"
    text = []
    for how, group in groups.items():
        text += [f"{views} {how}.", *map(compared, group)] if group else []
    if len(unclear) == len(told):
        text.append("Whether the amount of shared information alone decides transfer cannot be told.")
    else:
        text.append("So the amount of shared information alone does not decide transfer.")
    return said(*text, rest)


def compared(pair: dict[str, Any]) -> str:
    """One pair of twins: ``Between `iso-tasks` and `tasks` the difference is -42.1 points [-44.5, -39.8].``"""
    return f"Between `{pair['setting']}` and `{pair['twin']}` the difference is {points(pair)}."


def question(found: Answer) -> str:
    """Which tasks and families have a peak, which have none, and of which it cannot be told."""
    groups = {v: [named(row) for row in found.rows if row["verdict"] == v] for v in Verdict}
    if not groups[Verdict.PEAK] and not groups[Verdict.NONE]:
        return said(
            "For no task or family can this study tell whether there is a sweet spot.",
            "It needs more fully measured view settings, or more seeds.",
        )
    starts = {Verdict.PEAK: "There is a sweet spot for", Verdict.NONE: "There is none for"}
    starts[Verdict.OPEN] = "It cannot be told for"
    return said(*(f"{starts[v]} {some(names)}." for v, names in groups.items() if names))


def note(found: Answer) -> str:
    """How the table of curves was made, and which settings it does without."""
    facts = found.facts
    few = list(facts["few"])
    lines = {
        f"Families with fewer than {FEWEST} fully measured settings are not tested alone: {some(few or [''])}.": few,
        f"Settings without a measured information are left out: {facts['unmeasured']}.": facts["unmeasured"],
        f"Settings without a result are left out: {facts['absent']}.": facts["absent"],
        f"Censored settings that could be on either side of measured ones are left out: {facts['left_out']}.": (
            facts["left_out"]
        ),
        "Each setting has one seed, so the scatter of settings includes that of seeds.": facts["one_seed"],
        f"A family's offset takes up all that its one setting says: {some(facts['alone'] or [''])}.": facts["alone"],
    }
    return said(NOTE, *(line for line, holds in lines.items() if holds))


def named(row: dict[str, Any]) -> str:
    """A row's curve in words."""
    what = task_name(row["task"])
    return what if row["family"] == ALL else f"{what} with {row['family']} views"


def titled(curve: Curve) -> str:
    """What a curve is of: ``average transfer``, ``transfer on CR with spans views``."""
    what = "average transfer" if curve.task == AVERAGE else f"transfer on {task_name(curve.task)}"
    return what if curve.family == ALL else f"{what} with {curve.family} views"


def task_name(task: str) -> str:
    """A task in a sentence: named as in the tables, else by the literature's name where it has one."""
    if task == AVERAGE:
        return "the average over tasks"
    name = label(task)
    return get_task(task).title if name == task and task in registry.names("transfer.tasks") else name


def shown(p: float) -> str:
    """A p value as text."""
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}" if p < 0.1 else f"p = {p:.2f}"


QUESTION = Question(
    "Is there a sweet spot, and for which tasks and view families?",
    "view settings of one objective",
    question,
    note,
)
