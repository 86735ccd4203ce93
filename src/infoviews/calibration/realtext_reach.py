"""What the estimators must reach on real texts, and up to which truth each of them is right."""

from __future__ import annotations

import numpy as np
import pandas as pd

from infoviews.information.axis import CHOSEN

NATS, SHARE = 0.15, 0.1
"""An estimate is right within so many nats, or this share of the truth where that is more."""

FEWEST = 40
"""Repetitions that a statement on coverage needs, over all levels."""


def right(bias: pd.Series, truth: pd.Series) -> pd.Series:
    """Whether each estimate counts as right."""
    return bias.abs() <= np.maximum(NATS, SHARE * truth)


def reach(frame: pd.DataFrame) -> pd.DataFrame:
    """Up to which truth each estimator is right, with no miss below it; ``at_the_next`` is its bias after that."""
    rows = []
    for (kind, critic, estimator), part in frame.groupby(["kind", "critic", "estimator"], sort=False):
        good = right(part["bias"], part["truth"]).to_numpy()
        count = len(good) if good.all() else int(good.argmin())
        upto = f"{part['truth'].iloc[count - 1]:g}" if count else "none"
        beyond = "" if count == len(good) else f"{part['bias'].iloc[count]:+.2f} at {part['truth'].iloc[count]:g}"
        rows.append((kind, critic, estimator, int(part["runs"].min()), upto, beyond))
    return pd.DataFrame(rows, columns=["kind", "critic", "estimator", "fewest_runs", "right_up_to", "at_the_next"])


def must_reach(frame: pd.DataFrame, critic: str = CHOSEN) -> pd.DataFrame:
    """One row per requirement on InfoNCE by a critic: ``requirement``, ``met`` and ``found``."""
    own = frame[(frame["critic"] == critic) & (frame["estimator"] == "infonce") & (frame["kind"] == "sources")]
    low, middle, high = own[own["truth"] <= 2], own[own["truth"].between(2.1, 4)], own[own["truth"] > 4]
    counted = own[own["truth"].between(0.1, 4)]
    runs = int(counted["runs"].sum())
    share = float((counted["covers"] * counted["runs"]).sum() / runs) if runs else 0.0
    covered = _met(pd.Series([0.9 <= share <= 0.98])) if runs >= FEWEST else "unknown"
    told = f"{share:.0%} of {runs}: " + _listed(counted, "covers", "{:.0%}", "runs")
    over = f"{int((own['above'] * own['runs']).round().sum())} of {own['runs'].sum()} runs"
    rows = [
        (f"within {NATS} nats up to 2", _met(low["bias"].abs().le(NATS)), _listed(low, "bias", "{:+.3f}")),
        ("within 10 % up to 4", _met(right(middle["bias"], middle["truth"])), _listed(middle, "bias", "{:+.3f}")),
        ("flagged above 4", _met(high["flagged"].eq(1)), _listed(high, "flagged", "{:.0%}")),
        (f"intervals cover in 90 to 98 % of {FEWEST} or more, all levels together", covered, told),
        ("never above the truth by more than its interval", _met(own["above"].eq(0)), over),
    ]
    return pd.DataFrame(rows, columns=["requirement", "met", "found"])


def _listed(part: pd.DataFrame, column: str, form: str, of: str | None = None) -> str:
    """The column's values with their truths: ``-0.050 at 2``, or with a count ``92% of 40 at 2``."""
    counts = [f" of {n}" for n in part[of]] if of else [""] * len(part)
    told = zip(part[column], counts, part["truth"], strict=True)
    return ", ".join(f"{form.format(value)}{count} at {truth:g}" for value, count, truth in told)


def _met(held: pd.Series) -> str:
    return "unknown" if len(held) == 0 else "yes" if held.all() else "no"
