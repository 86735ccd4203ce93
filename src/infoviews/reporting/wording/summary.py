"""The sentences a reader sees first: what was found, the best encoder, how sure it is and what would change it."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from infoviews.analysis.record import ALPHA, Curve, Gate, Verdict
from infoviews.names import label
from infoviews.reporting.wording import gate as gates
from infoviews.reporting.wording import peaks
from infoviews.reporting.wording.say import bracket, capital, counted, points, said


def answer(curve: Curve, excess: str, gate: Gate) -> str:
    """What the study says first: whether it is void, then of its curve, or if that has too few settings, of excess.

    Args:
        excess: the answer to the question of that name; empty where the study does not ask it.
    """
    told = said(excess, peaks.verdict(curve)) if curve.reason and excess else peaks.answer(curve)
    return said(gates.warning(gate), told)


def findings(
    curve: Curve, excess: str, rows: pd.DataFrame, controls: pd.DataFrame, gate: Gate, artificial: bool
) -> list[str]:
    """At most four findings, each a claim and a number, with its interval where it has one.

    Args:
        rows: settings × objectives with their average transfer; controls: encoders without contrastive training.
        artificial: whether text and tasks are made up; the first claim then says so, for it may be read alone.
    """
    if gate.void:
        return [gates.warning(gate)]
    found = [f"**{claim(curve, ' in this made-up language' if artificial else '')}** {place(curve)}".strip()]
    pairs = [pair for pair in curve.iso or [] if pair["twin"] is not None]
    if pairs:
        found.append(useful(min(pairs, key=lambda pair: pair["difference"])))
    elif excess:
        found.append(excess)
    if gate.void is not None and 2 * gate.above < gate.settings:
        found.append(f"**Most views taught little.** {gates.sentence(gate)}")
    if len(rows):
        top = highest(rows)
        found.append(f"**The best trained encoder is {named(top)}.** {gain(top, controls) or scored(top)}")
    return found


def claim(curve: Curve, where: str) -> str:
    """The verdict in a few words."""
    if curve.verdict == Verdict.PEAK:
        return f"There is a sweet spot{where}."
    if curve.verdict == Verdict.NONE:
        return f"There is no sweet spot as high as one point{where}."
    return "Whether there is a sweet spot cannot be told."


def place(curve: Curve) -> str:
    """Where the peak is, or why none can be told."""
    if curve.reason:
        return f"{capital(curve.reason)}."
    peak = curve.found
    if peak is not None:
        interval = bracket(peak.location_low, peak.location_high)
        return f"{capital(peaks.titled(curve))} is highest where views share {peak.location:.1f} nats{interval}."
    return peaks.detectable(curve).replace(" of them", " of such studies") if curve.power else ""


def useful(pair: dict[str, Any]) -> str:
    """What the lowest matched control says of the amount of information."""
    clear = not pair["low"] <= 0 <= pair["high"]
    how = ("score lower" if pair["high"] < 0 else "score higher") if clear else "do not clearly differ"
    text = f"Views that share as much as `{pair['twin']}`, but nothing that a task uses, {how}: {points(pair)}."
    if not clear:
        return f"**Whether the amount of information alone decides cannot be told.** {text}"
    return f"**It matters what views share, not only how much.** {text}"


def best(rows: pd.DataFrame, controls: pd.DataFrame) -> str:
    """The highest setting, of how many, and how it compares with the best encoder without contrastive training.

    Args:
        rows, controls: average transfer with its interval, one row an encoder.
    """
    if rows.empty:
        return "No encoder has a transfer score yet."
    top = highest(rows)
    many = f"It is the highest of {len(rows)} combinations of objective and views, which favours it a little."
    told = said(f"The best trained encoder is {named(top)}.", scored(top), many if len(rows) > 1 else "")
    return said(told, gain(top, controls))


def highest(rows: pd.DataFrame) -> pd.Series:
    """The row of the highest transfer, of equal ones the first by name."""
    return rows.sort_values(["transfer", "setting"], ascending=[False, True]).iloc[0]


def named(row: pd.Series) -> str:
    """``InfoNCE on views `tasks```."""
    return f"{label(row['objective'])} on views `{row['setting']}`"


def scored(row: pd.Series) -> str:
    """The average transfer of an encoder."""
    low, high = (None if pd.isna(row[end]) else float(row[end]) for end in ("low", "high"))
    return f"Its average transfer is {row['transfer']:.1f} %{bracket(low, high)}."


def gain(row: pd.Series, controls: pd.DataFrame) -> str:
    """How an average stands to that of the best control; empty without any.

    The arms of the two intervals add in squares, as if the test sets were independent: on the safe side, for they are
    the same.
    """
    if controls.empty:
        return ""
    first = controls.sort_values(["transfer", "name"], ascending=[False, True]).iloc[0]
    gap, half = float(row["transfer"] - first["transfer"]), math.hypot(arm(row), arm(first))
    how = "is above" if gap > half else "is below" if gap < -half else "cannot be told from"
    change = {"difference": gap, "low": gap - half, "high": gap + half}
    return f"It {how} the best encoder without contrastive training ({label(first['name'])}): {points(change)}."


def arm(row: pd.Series) -> float:
    """The longer arm of the interval of a row's transfer, points; nothing where it has no interval."""
    arms = [row["high"] - row["transfer"], row["transfer"] - row["low"]]
    return max([float(length) for length in arms if math.isfinite(length)], default=0.0)


def sure(curve: Curve) -> str:
    """The test behind the answer, and its seeds."""
    if curve.reason:
        return "The curve could not be tested."
    several = f"{curve.fewest} to " if 0 < curve.fewest < curve.seeds else ""
    seeds = f"Each setting was trained with {several}{counted(curve.seeds, 'seed')}." if curve.seeds else ""
    return said(peaks.footnote(curve), seeds, "Brackets and bars are 95 % intervals.")


def changes(rows: list[dict[str, Any]]) -> str:
    """Whether the answer stays when information is measured otherwise.

    Args:
        rows: ``sensitivity`` of the record, the main analysis first.
    """
    others = [row for row in rows[1:] if row["p"] is not None]
    if not others:
        return "No other measure of information allows the test to be repeated."
    again = sum(row["p"] < ALPHA for row in others)
    return (
        f"The test was repeated with {counted(len(others), 'other measure')} of information; "
        f"{again or 'none'} of these {'finds' if again == 1 else 'find'} a peak."
    )
