"""Sentences on the systems of the field: what they beat, which of them tie, and whether the study's own best won."""

from __future__ import annotations

from typing import Any

from infoviews.reporting.wording.say import points, said, some

READING = (
    "Test scores are in percent, with 95 % intervals over seeds and test examples. "
    "Controls come first; they are not trained on pairs of views. "
    "Each row is compared with the random encoder and with averaged skip-gram vectors. "
    "What was trained on views is also compared with its own start, the encoder of the same architecture before that "
    "training. "
    "Differences are of averages, paired over test examples; seeds count by their pooled spread. "
    "A row is 'above' or 'below' where the difference is clear after Holm's correction for all rows; else the two tie. "
    "Each interval stands alone. "
    "Rows that share a letter under 'ties' tie with each other, all pairs corrected together. "
    "This study's own best was chosen on development scores; the luck of its seeds is in both scores. "
    "The random encoder, every start and every row of one seed are single draws, whose chance is in no interval. "
    "Parameters are those of the encoder that is scored, in millions. "
    "Published is the paper's average for the same tasks, with its encoder and whether it was checked against its "
    "source."
)
"""How the table of systems is read."""

SECONDS = "Training seconds vary from run to run, so they are only in the provenance of the page, `index.html`."
OTHERS = "These are others' numbers, mostly with larger encoders and without intervals. Averages are over these tasks."


def answer(systems: dict[str, Any]) -> str:
    """The study's own best, then the systems against their start, skip-gram, the random encoder and each other.

    Args:
        systems: of the record, with ``rows``; a row's ``difference`` is null where the random encoder has no result.
    """
    trained = [row for row in systems["rows"] if row["group"] == "system"]
    known = [row for row in trained if row["average"] is not None]
    none = [row["title"] for row in trained if row["average"] is None]
    others = [row for row in known if row["name"] != systems["skipgram"]]
    random = any(row["name"] == "random" and row["average"] is not None for row in systems["rows"])
    return said(
        own_best(systems),
        against(known, "start_", "their own start"),
        each_other(known, systems["pairs"]),
        against(others, "skipgram_", "averaged skip-gram vectors"),
        against(known, "", "the random encoder") if known else "No trained system has a result.",
        "" if random else "The random encoder has no result, so no system can be compared with it.",
        f"Without a result, for the reason in the table: {some(none)}." if none else "",
    )


def own_best(systems: dict[str, Any]) -> str:
    """Whether the study's own best combination won; empty where it or every system lacks a result."""
    won = systems["won"]
    if won is None:
        return ""
    title = {row["name"]: row["title"] for row in systems["rows"]}
    own = next(row for row in systems["rows"] if row["group"] == "own")
    result = {
        "won": f"It won: it is above all {won['systems']} systems.",
        "tied": f"It did not win: it is above {won['above']} of {won['systems']} systems and below none.",
        "beaten": f"It did not win: of {won['systems']} systems it is above {won['above']} and below {won['below']}.",
    }[won["result"]]
    return said(
        f"This study's own best combination, `{own['setting']}`, was chosen on development scores.",
        result,
        f"It differs from the highest system, {title[won['rival']]}, by {points(won)}.",
    )


def against(rows: list[dict[str, Any]], prefix: str, what: str) -> str:
    """Which systems are above and below what they are compared with, and which tie; empty where none is compared.

    To be above a random encoder is little: a start has often read the same text before.
    """
    told = [row for row in rows if row[f"{prefix}side"] is not None]
    if not told:
        return ""
    names = {side: [r["title"] for r in told if r[f"{prefix}side"] == side] for side in ("above", "below", "tie")}
    compared = "One system was" if len(told) == 1 else f"{len(told)} systems were"
    return said(
        f"{compared} compared with {what}.",
        f"Above it: {some(names['above'])}." if names["above"] else "None is above it.",
        f"Below it: {some(names['below'])}." if names["below"] else "",
        f"Not clearly different: {some(names['tie'])}." if names["tie"] else "",
    )


def each_other(rows: list[dict[str, Any]], pairs: list[dict[str, Any]]) -> str:
    """How many pairs of systems differ, and which tie with the highest."""
    names = {row["name"] for row in rows}
    mine = [pair for pair in pairs if {pair["first"], pair["second"]} <= names]
    if not mine:
        return ""
    best = max(rows, key=lambda row: row["average"])
    ties = [row["title"] for row in rows if row is not best and set(row["ties"]) & set(best["ties"])]
    differ = sum(pair["differ"] for pair in mine)
    return said(
        f"Of {len(mine)} pairs of systems, {differ} differ clearly.",
        f"The highest system is {best['title']}.",
        f"It ties with {some(ties)}." if ties else "It ties with no other.",
    )


def comparability(sizes: list[float], words: float | None, steps: list[int] | None) -> str:
    """What may be compared with what.

    Args:
        sizes: parameters of the trained encoders, millions; words: of the training text; steps: fewest and most.
    """
    small = f"They have {spanned(sizes, 1)} million parameters." if sizes else ""
    text = f"They read {words / 1e6:.1f} million words" if words else "They read the study's text"
    trained = f"{text} and train for {spanned(steps)} steps on views." if steps else f"{text}."
    return said(
        "Rows trained here may be compared with each other and with the controls.",
        "They share corpus and evaluator and, where they are trained on views, steps and batches.",
        small,
        trained,
        "Published rows are mostly BERT-base on billions of words, with classifier settings that differ from paper to "
        "paper.",
        "With those, and with encoders trained elsewhere, compare the order of systems and not the scores.",
        "Systems trained on labelled pairs (NLI) see labels that the others do not.",
    )


def spanned(values: list[Any], digits: int = 0) -> str:
    """``3``, or ``3 to 5``."""
    low, high = (f"{end:,.{digits}f}" for end in (min(values), max(values)))
    return low if low == high else f"{low} to {high}"
