"""Which systems differ: paired differences, corrected for their number, and letters that ties share."""

from __future__ import annotations

from itertools import combinations
from string import ascii_letters
from typing import Any

import pandas as pd

from infoviews.analysis.answers.verdict import holm
from infoviews.analysis.record import ALPHA
from infoviews.analysis.statistics.combined import interval, seed_errors

ABOVE, BELOW, TIED = "above", "below", "tie"
"""Sides on which a difference may lie, by its p value after Holm's correction."""

Row = dict[str, Any]


def gap(row: Row, other: Row, errors: pd.DataFrame) -> dict[str, float | None]:
    """Difference of two averages, points, with its 95 % interval and p: seeds by their pooled spread, examples paired.

    A base is one encoder: how another draw of it would do is in no interval.
    """
    difference, pair = row["average"] - other["average"], errors.loc[[row["name"]], [other["name"]]]
    found = interval(difference, seed_errors(row, other), pair.to_numpy(float).item())
    return {"difference": difference, "difference_low": found["low"], "difference_high": found["high"], "p": found["p"]}


def sides(gaps: list[dict[str, Any]]) -> list[str | None]:
    """On which side of zero each difference lies, all corrected together; null of one without a p value."""
    tested = [at for at, found in enumerate(gaps) if found["p"] is not None]
    said: list[str | None] = [None] * len(gaps)
    for at, adjusted in zip(tested, holm([gaps[at]["p"] for at in tested]), strict=True):
        said[at] = TIED if adjusted >= ALPHA else ABOVE if gaps[at]["difference"] > 0 else BELOW
    return said


def differences(rows: list[Row], others: list[Row | None], errors: pd.DataFrame) -> list[dict[str, Any]]:
    """Each row less another: what ``gap`` gives and ``side``; all null where there is no other to compare with."""
    found: list[dict[str, Any]] = []
    for row, other in zip(rows, others, strict=True):
        if other is None or row is other or row["average"] is None:
            found.append(dict.fromkeys(("difference", "difference_low", "difference_high", "p")))
        else:
            found.append(gap(row, other, errors))
    return [made | {"side": side} for made, side in zip(found, sides(found), strict=True)]


def marked(rows: list[Row], errors: pd.DataFrame) -> list[dict[str, Any]]:
    """Every pair of rows, the better first, with ``differ``; each row gets ``ties``, the letters that its ties share.

    Rows that consist of the same encoders are one system twice, and make no pair.
    """
    ordered = sorted(rows, key=lambda row: (-row["average"], row["name"]))
    two = [(a, b) for a, b in combinations(ordered, 2) if not set(a["rows"]) & set(b["rows"])]
    gaps = [gap(a, b, errors) for a, b in two]
    pairs: list[dict[str, Any]] = [
        {"first": a["name"], "second": b["name"], **made, "differ": side in (ABOVE, BELOW)}
        for (a, b), made, side in zip(two, gaps, sides(gaps), strict=True)
    ]
    groups = letters([row["name"] for row in ordered], [(p["first"], p["second"]) for p in pairs if p["differ"]])
    for row in rows:
        row["ties"] = "".join(letter for letter, names in groups.items() if row["name"] in names)
    return pairs


def letters(names: list[str], differ: list[tuple[str, str]]) -> dict[str, set[str]]:
    """Letters so that two names share one if and only if they do not differ (Piepho 2004, insert and absorb).

    Args:
        names: the best first, whose letter is ``a``; differ: pairs of names.
    """
    groups = [set(names)]
    for pair in differ:
        for group in [group for group in groups if group.issuperset(pair)]:
            groups.remove(group)
            smaller = [group - {name} for name in pair]
            groups += [one for one in smaller if not any(one <= other for other in groups)]
    groups.sort(key=lambda group: sorted(names.index(name) for name in group))
    return dict(zip(ascii_letters, groups, strict=False))


def outcome(own: Row, rows: list[Row], pairs: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Whether the study's own best combination won over every system trained here; null without a result.

    Returns:
        ``result`` (``won`` above each, ``beaten`` below one or more, else ``tied``), ``systems`` (how many), ``above``,
        ``below``, and the ``rival`` of highest average with the ``difference`` to it, ``low`` and ``high``.
    """
    mine = [pair for pair in pairs if own["name"] in (pair["first"], pair["second"])]
    if not mine:
        return None
    signed = []
    for pair in mine:
        sign, rival = (1, pair["second"]) if pair["first"] == own["name"] else (-1, pair["first"])
        ends = [None if pair[end] is None else sign * pair[end] for end in ("difference_low", "difference_high")]
        low, high = ends[::sign]
        signed.append(
            {"rival": rival, "difference": sign * pair["difference"], "low": low, "high": high}
            | {"differ": pair["differ"]}
        )
    above, below = (sum(s["differ"] and sign * s["difference"] > 0 for s in signed) for sign in (1, -1))
    nearest = min(signed, key=lambda s: s["difference"])
    result = "beaten" if below else "won" if above == len(signed) else "tied"
    return {"result": result, "systems": len(signed), "above": above, "below": below} | nearest
