"""Sentences on the systems of the field: what they beat, which of them tie, and whether the study's own best won."""

from __future__ import annotations

from typing import Any

from infoviews.analysis.answers._answer import listed

FEW = 5
"""So many systems are named in a sentence; more are counted."""


def answer(systems: dict[str, Any]) -> str:
    """The study's own best, then the systems against their start, skip-gram, the random encoder and each other.

    Args:
        systems: of the record, with ``rows``; a row's ``difference`` is null where the random encoder has no result.
    """
    trained = [row for row in systems["rows"] if row["group"] == "system"]
    known = [row for row in trained if row["average"] is not None]
    none = [f"{row['title']} ({row['reason']})" for row in trained if row["average"] is None]
    others = [row for row in known if row["name"] != systems["skipgram"]]
    parts = [own_best(systems), against(known, "start_", "their own start"), each_other(known, systems["pairs"])]
    parts.append(against(others, "skipgram_", "averaged skip-gram vectors"))
    parts.append(against(known, "", "the random encoder") if known else "No trained system has a result.")
    if not any(row["name"] == "random" and row["average"] is not None for row in systems["rows"]):
        parts.append("The random encoder has no result, so no system can be compared with it.")
    parts.append(f"Without a result: {'; '.join(none)}." if none else "")
    return " ".join(part for part in parts if part)


def own_best(systems: dict[str, Any]) -> str:
    """Whether the study's own best combination won; empty where it or every system lacks a result."""
    won = systems["won"]
    if won is None:
        return ""
    title = {row["name"]: row["title"] for row in systems["rows"]}
    own = next(row for row in systems["rows"] if row["group"] == "own")
    said = {
        "won": f"won: it is above every one of {won['systems']} systems",
        "tied": f"did not win: it is above {won['above']} of {won['systems']} systems and below none",
        "beaten": f"did not win: of {won['systems']} systems it is above {won['above']} and below {won['below']}",
    }[won["result"]]
    return (
        f"The study's own best combination, {own['setting']}, was chosen on development scores. It {said}. "
        f"To the highest of them, {title[won['rival']]}, its difference is {points(won)}."
    )


def points(row: dict[str, Any]) -> str:
    """``+1.2 points [0.3, 2.1]``."""
    text = f"{row['difference']:+.1f} points"
    return text if row["low"] is None else f"{text} [{row['low']:.1f}, {row['high']:.1f}]"


def against(rows: list[dict[str, Any]], prefix: str, what: str) -> str:
    """How many systems are above and below what they are compared with, and which; empty where none is."""
    told = [row for row in rows if row[f"{prefix}side"] is not None]
    if not told:
        return ""
    groups = {side: [row for row in told if row[f"{prefix}side"] == side] for side in ("above", "below", "tie")}
    return (
        f"Of {len(told)} systems compared with {what}, {named(groups['above'])} are above it, "
        f"{named(groups['below'])} below, and {named(groups['tie'])} tie."
    )


def each_other(rows: list[dict[str, Any]], pairs: list[dict[str, Any]]) -> str:
    """How many pairs of systems differ, and which tie with the highest."""
    names = {row["name"] for row in rows}
    mine = [pair for pair in pairs if {pair["first"], pair["second"]} <= names]
    if not mine:
        return ""
    best = max(rows, key=lambda row: row["average"])
    ties = [row for row in rows if row is not best and set(row["ties"]) & set(best["ties"])]
    differ = sum(pair["differ"] for pair in mine)
    with_it = f"tying with it: {named(ties)}" if ties else "no other ties with it"
    return f"Of {len(mine)} pairs of systems {differ} differ. The highest is {best['title']}; {with_it}."


def named(rows: list[dict[str, Any]]) -> str:
    """``2 (SimCSE and CPC)``; the number alone where there are many or none."""
    names = [row["title"] for row in rows]
    return f"{len(names)} ({listed(names)})" if 0 < len(names) <= FEW else str(len(names))
