"""Sentences on the systems of the field: which are above the random encoder, and which above their own start."""

from __future__ import annotations

from typing import Any

from infoviews.analysis.answers._answer import listed

FEW = 5
"""So many systems are named in a sentence; more are counted."""


def answer(systems: dict[str, Any]) -> str:
    """Trained systems against their own start and the random encoder, and those that have no result.

    Args:
        systems: of the record, with ``rows``; a row's ``difference`` is null where the random encoder has no result.
    """
    trained = [row for row in systems["rows"] if row["group"] == "system"]
    known = [row for row in trained if row["average"] is not None]
    none = [f"{row['title']} ({row['reason']})" for row in trained if row["average"] is None]
    parts = [against_start([row for row in known if row["start_above"] is not None])]
    if not any(row["name"] == "random" and row["average"] is not None for row in systems["rows"]):
        parts.append("The random encoder has no result, so no system can be compared with it.")
    elif not known:
        parts.append("No trained system has a result.")
    else:
        parts.append(against_random(known))
    parts.append(f"Without a result: {'; '.join(none)}." if none else "")
    return " ".join(part for part in parts if part)


def against_start(known: list[dict[str, Any]]) -> str:
    """Systems against the encoder that each started from; empty where none has one.

    To be above a random encoder is little: a start has often read the same text before.
    """
    if not known:
        return ""
    above = [row for row in known if row["start_above"]]
    below = [row for row in known if row["start_difference_high"] < 0]
    rest = len(known) - len(above) - len(below)
    return (
        f"{len(known)} systems started from an encoder of the study. By the interval of the paired difference, "
        f"{named(above)} are above their own start, {named(below)} below it, and {rest} cannot be told from it."
    )


def against_random(known: list[dict[str, Any]]) -> str:
    """Systems against the random encoder; those that are not above it with their difference."""
    not_above = [
        f"{row['title']} ({row['difference']:+.1f} points [{row['difference_low']:.1f}, {row['difference_high']:.1f}])"
        for row in known
        if not row["above"]
    ]
    text = f"{len(known) - len(not_above)} of {len(known)} systems with a result are above the random encoder."
    return f"{text} Not above it: {listed(not_above)}." if not_above else text


def named(rows: list[dict[str, Any]]) -> str:
    """``2 (SimCSE and CPC)``; the number alone where there are many or none."""
    names = [row["title"] for row in rows]
    return f"{len(names)} ({listed(names)})" if 0 < len(names) <= FEW else str(len(names))
