"""The one value of a setting that the study's axis takes, and in plain words how far each value can be trusted."""

from __future__ import annotations

import math
from dataclasses import replace

from infoviews.contracts import Estimate
from infoviews.information.trust import NATS, doubts

QUANTITY = (
    "Information is what the two views share as the encoder reads them, in nats: of their texts as they are drawn, "
    "and where a setting names a dropout rate, of the encoder's features under that dropout. Other cells train with "
    "the encoder's own dropout, the same for all, which is not counted."
)

CHOSEN = "chosen"
"""What the features of the chosen critic's estimates are called."""

IDENTICAL, BELOW = "censored: identical texts", "below another bound"

BOUNDS = ("infonce", "jsdbound")
"""Lower bounds whose intervals can be relied on; NWJ's average may rest on a few pairs that no bootstrap draws."""

TRUSTED, LOWER, UNUSABLE = "trusted", "lower limit only", "not usable"


def chosen(found: list[Estimate]) -> list[Estimate]:
    """The estimates of the critic that did best on the pairs of the critic's split that chose its step.

    Nothing that was measured on held-out documents has a say, so the choice does not bias the estimate upwards.
    Readings in which the views are one text twice are passed over while there is another.

    Returns:
        Copies named ``CHOSEN``, ``by`` in their notes; none where no critic gave a value.
    """
    fitted = [
        e for e in found if math.isfinite(e.notes.get("fit", {}).get("validation", math.nan)) and e.flag != "failed"
    ]
    open_to = [e for e in fitted if e.flag != IDENTICAL] or fitted
    if not open_to:
        return []
    best = min(open_to, key=lambda e: e.notes["fit"]["validation"]).features
    return [replace(e, features=CHOSEN, notes=e.notes | {"by": best}) for e in fitted if e.features == best]


def floored(estimate: Estimate) -> Estimate:
    """Information is never below 0, so neither is what is said of it."""
    if not estimate.low < 0:
        return estimate
    low, value, high = (max(0.0, v) for v in (estimate.low, estimate.estimate, estimate.high))
    return replace(estimate, low=low, estimate=value, high=high, notes=estimate.notes | {"raw": estimate.estimate})


def compared(found: list[Estimate]) -> list[Estimate]:
    """Estimates whose whole interval is below a valid bound of the same setting are flagged ``BELOW``, with which.

    By more than a hundredth of a nat: readings of one critic differ by their rounding alone. What is held down by its
    own ceiling is flagged ``censored`` instead, since it is a lower limit all the same.
    """
    valid = [e for e in found if e.estimator in BOUNDS and e.flag not in ("failed", IDENTICAL)]
    best = max(valid, key=lambda e: e.low, default=None)
    if best is None:
        return found
    why = f"{best.estimator} on {best.features} shows at least {best.low:.2f} nats"
    instead = {"": BELOW, "above log n": BELOW, "near ceiling": "censored"}  # other flags say enough
    return [
        replace(e, flag=instead[e.flag], notes=e.notes | {"why": why})
        if e.high < best.low - 0.01 and e.flag in instead
        else e
        for e in found
    ]


def verdict(estimate: Estimate) -> tuple[str, str]:
    """``TRUSTED``, ``LOWER`` or ``UNUSABLE`` for use as the information of a setting, and why, in plain words."""
    flag, notes = estimate.flag, estimate.notes
    if flag == IDENTICAL:
        return LOWER, "the two views read the same, which is above any finite value"
    if not math.isfinite(estimate.estimate) or flag in (BELOW, "above log n"):
        return UNUSABLE, notes.get("why", f"{estimate.n:,} pairs cannot show more than log n")
    if estimate.estimator in ("cca", "smile"):
        return UNUSABLE, "an estimate that rests on the Gaussian form" if estimate.estimator == "cca" else (
            "clipped ratios may exceed the information"
        )
    if notes.get("checks", {}).get("shuffled", 0.0) > NATS:
        return UNUSABLE, f"pairs that share nothing read {notes['checks']['shuffled']:.2f}"
    said = [f"K is only {estimate.k:,}, the held-out pairs there are"] if flag and "fewer" in notes else []
    if flag:
        return LOWER, "; ".join(
            [f"{flag}, {estimate.ceiling:.1f} nats" if math.isfinite(estimate.ceiling) else flag, *said]
        )
    if estimate.estimator in ("ksg", "jsdbound"):
        return LOWER, "five principal components only" if estimate.estimator == "ksg" else "tight for two points only"
    if "trust" not in notes:
        return LOWER, "not the critic that was chosen"
    against = doubts(notes["trust"]["value"], notes["trust"])
    return (LOWER, "; ".join(against)) if against else (TRUSTED, "")


def judged(found: list[Estimate]) -> list[Estimate]:
    """The estimates with ``verdict`` and ``because`` in their notes."""
    said = [dict(zip(("verdict", "because"), verdict(e), strict=True)) for e in found]
    return [replace(e, notes=e.notes | words) for e, words in zip(found, said, strict=True)]
