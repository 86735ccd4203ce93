"""Does the encoder's own dropout change transfer?"""

from __future__ import annotations

from typing import Any

from infoviews.analysis.record import ALPHA, Answer
from infoviews.reporting.wording.question import Question
from infoviews.reporting.wording.say import counted, points, said

NOTE = (
    "Each view setting was trained again on the same pairs of texts, under another dropout of the encoder. "
    "The difference is the average transfer under that rate less the one under the setting's own. "
    "Cells with the same seed are compared, or all where no seed is the same. "
    "Intervals are 95 %, from the test examples, which both sides share, and from the pooled spread of seeds, if any. "
    "p values are corrected together (Holm); without a spread of seeds there are none. "
    "Information is that of the curve; where it comes near its ceiling it is a lower limit only."
)


def sentence(found: Answer) -> str:
    """Whether another rate changes transfer anywhere, in which direction, and how large a change may have been missed.

    A difference counts as clear after correction for the number of rows.
    """
    rows = sorted(found.rows, key=lambda row: row["difference"])
    tested = [row for row in rows if row["p_holm"] is not None]
    clear = [row for row in tested if row["p_holm"] < ALPHA]
    ends = [ended(rows[0], "The change is" if len(rows) == 1 else "The lowest change is")]
    ends += [ended(rows[-1], "The highest is")] if len(rows) > 1 else []
    return said(*(changed(clear, tested) if clear else unchanged(tested)), *ends)


def changed(clear: list[dict[str, Any]], tested: list[dict[str, Any]]) -> list[str]:
    """In how many comparisons transfer rises or falls."""
    up = sum(row["difference"] > 0 for row in clear)
    ways = [f"rises in {up}" if up else "", f"falls in {len(clear) - up}" if len(clear) > up else ""]
    told = " and ".join(way for way in ways if way)
    return [
        "The encoder's own dropout changes average transfer.",
        f"Under another rate, it clearly {told} of {counted(len(tested), 'comparison')}.",
    ]


def unchanged(tested: list[dict[str, Any]]) -> list[str]:
    """That no difference is clear, and how large it could be; or that nothing can be told."""
    if not tested:
        return ["Whether the encoder's own dropout changes average transfer cannot be told, with one seed each."]
    most = max(max(abs(row["low"]), abs(row["high"])) for row in tested)
    return [
        "The encoder's own dropout is not shown to change average transfer: "
        f"no difference is clear in {counted(len(tested), 'comparison')}.",
        f"Their intervals leave room for {most:.1f} points.",
    ]


def ended(row: dict[str, Any], start: str) -> str:
    """One difference, with where it was found."""
    return f"{start} {points(row)}, from `{row['from']}` to `{row['to']}`."


QUESTION = Question(
    "Does the encoder's own dropout change transfer?",
    "view settings trained again under another dropout rate of the encoder",
    sentence,
    lambda _: NOTE,
)
