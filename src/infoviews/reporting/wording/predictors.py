"""What predicts transfer: information beyond simpler measures, and measures of a trained encoder."""

from __future__ import annotations

from typing import Any

from infoviews.analysis.answers.prediction import LEVEL
from infoviews.analysis.record import Answer
from infoviews.reporting.wording.question import Question
from infoviews.reporting.wording.say import bracket, capital, listed, said

INFORMATION_NOTE = (
    "R² is that of predicting one left-out view setting from the others by least squares, for each in turn. "
    "Below zero means worse than the mean of the others. "
    f"Families of at least {LEVEL} settings have a level of their own; the rest share one. "
    "The gain is what information adds to the rival, with a 95 % bootstrap interval over settings. "
    "Each row uses the settings that have both predictors. "
    "Dials of different families have different units, so a dial counts by its rank within its family."
)
REPRESENTATION_NOTE = (
    "Measured on one encoder of each setting, on sentences of the tasks. "
    "Input information is I(noised input; representation), estimated by MINE. "
    "Neural dependency is that of the embedding's coordinates (Hjelm et al. 2019). "
    "Kendall's τ with average transfer is taken over the main objective's settings, with a bootstrap interval."
)


def information(found: Answer) -> str:
    """To which rivals information adds, and the best R² of either alone."""
    known = [row for row in found.rows if row["gain"] is not None]
    better = [row["low"] is not None and row["low"] > 0 for row in known]
    adds = [named(row) for row, holds in zip(known, better, strict=True) if holds]
    rest = [named(row) for row, holds in zip(known, better, strict=True) if not holds]
    told = [f"Information added to {listed(adds)} predicts transfer better."] if adds else []
    if rest:
        start = f"Added to {listed(rest)}, it" if adds else f"Information added to {listed(rest)}"
        told.append(f"{start} is not shown to{'' if adds else ' predict transfer better'}.")
    same = [row for row in known if row["n"] == max(row["n"] for row in known)]
    best, own = max(same, key=lambda row: row["alone"]), same[0]["information"]
    told.append(f"Alone, information reaches an R² of {own:.2f} on {best['n']} left-out settings.")
    told.append(f"The best rival, {named(best)}, reaches {best['alone']:.2f}.")
    if max(own, best["alone"]) <= 0:
        told.append("None predicts a setting's transfer better than the mean of the other settings does.")
    if "dial" not in {row["rival"] for row in known}:
        told.append(f"The dial is left out, since too few settings are in families of at least {LEVEL}.")
    return said(*told)


def named(row: dict[str, Any]) -> str:
    """A rival in words."""
    return {"overlap": "token overlap", "dial": "the dial", "loss": "the loss"}.get(row["rival"], row["rival"])


def representation(found: Answer) -> str:
    """Which measures of an encoder go with transfer, one sentence each."""
    told = []
    for row in (row for row in found.rows if row["tau"] is not None):
        how = "does not clearly predict transfer"
        if row["low"] > 0 or row["high"] < 0:
            how = f"is {'higher' if row['low'] > 0 else 'lower'} where transfer is higher"
        told.append(f"{capital(row['measure'])} {how}: τ = {row['tau']:.2f}{bracket(row['low'], row['high'], 2)}.")
    return said(*told)


INFORMATION = Question(
    "Does information predict transfer better than simpler measures do?",
    "more fully measured view settings, and a dial, token overlap, alignment, uniformity or loss",
    information,
    lambda _: INFORMATION_NOTE,
)
REPRESENTATION = Question(
    "Do input information and neural dependency predict transfer?",
    "five view settings or more whose cells keep their weights",
    representation,
    lambda _: REPRESENTATION_NOTE,
)
