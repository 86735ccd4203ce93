"""Is cropping text what entailment is? Transfer profiles, alignment of encoders, and the gain of asymmetric critics."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from infoviews.analysis.answers._answer import Evidence, points
from infoviews.analysis.evidence.designs import INTERVALS, PARTS, REST, effect, others, summarise
from infoviews.analysis.record import AVERAGE, Z95, Answer, Role

ENTAILED = ("crop", "compress", "generalise", "entailment", "paraphrase", "substitute")
"""Families of which the note asks whether they are one and the same."""

SYMMETRIC = ("cosine", "dot")
"""Critics whose score does not change when the views change places."""

ONE_WAY, TWO_WAY = "entailment", "paraphrase"

COLUMNS = ["first", "second", "distance", "distance_low", "distance_high", "cka", "low", "high"]
DRAWS = 2000


def profiles(evidence: Evidence) -> Answer:
    """Every two families: distance of their transfer profiles, and CKA of their encoders."""
    question = "Is cropping text what entailment is?"
    note = (
        "Families by the main objective. Distance: root mean square over tasks of the difference of transfer after "
        "the mean over tasks is taken out, points, less what noise alone gives; its interval comes from seeds and "
        "test examples. CKA: linear, unbiased, of encoders on sentences of the tasks, mean over pairs of settings; "
        "two seeds of the same views are beside it as the most that can be expected."
    )
    means = evidence.means[(evidence.means["objective"] == evidence.main) & (evidence.means["role"] != Role.CONTROL)]
    means = means[means["task"] != AVERAGE].dropna(subset=["transfer", "family"])
    there = [family for family in ENTAILED if family in set(means["family"])]
    if not {"crop", "entailment"} <= set(there):
        lacking = [f for f in ENTAILED if f not in there]
        text = (
            "This study cannot say whether cropping is what entailment is: it has no cells of the families "
            f"{', '.join(lacking)}; add settings of them under views.settings in params.yaml."
        )
        return Answer("entailment", question, text, note)
    alike = family_alignment(evidence, means)
    seed = int(evidence.results["seed"].max() if evidence.results["seed"].notna().any() else 0)
    rows = [
        {"first": a, "second": b, **distance(means, a, b, seed), **alike.get((a, b), NOTHING)}
        for a, b in combinations(there, 2)
    ]
    return Answer("entailment", question, sentence(rows, alike.get(("same", "same"), NOTHING)), note, COLUMNS, rows)


NOTHING: dict[str, Any] = {"cka": None, "low": None, "high": None}


def distance(means: pd.DataFrame, first: str, second: str, seed: int) -> dict[str, Any]:
    """Distance of two families' profiles over the tasks that both have."""
    sides = []
    for family in (first, second):
        rows = means[means["family"] == family]
        squared = ((rows["high"] - rows["low"]) / (2 * Z95)).fillna(0) ** 2
        by_task = rows.groupby("task")["transfer"]
        sides.append(
            pd.DataFrame({"v": by_task.mean(), "e": squared.groupby(rows["task"]).sum() / by_task.size() ** 2})
        )
    both = sides[0].add_suffix("1").join(sides[1].add_suffix("2"), how="inner")
    gaps, variance = (both["v1"] - both["v2"]).to_numpy(float), (both["e1"] + both["e2"]).to_numpy(float)
    return spread(gaps, variance, np.random.default_rng([seed, len(gaps)]))


def spread(gaps: np.ndarray, variance: np.ndarray, rng: np.random.Generator) -> dict[str, Any]:
    """Root mean square of gaps about their mean, with the part that noise gives taken out, and a 95 % interval.

    The mean square of noisy gaps is too large by the noise's; that is subtracted once for the estimate, and once more
    for each draw, which has the noise of the data and its own (a basic bootstrap of the mean square).

    Args:
        gaps: differences per task (tasks,), points; variance: of each (tasks,).
        rng: source of randomness.
    """
    if len(gaps) < 2:
        return {"distance": None, "distance_low": None, "distance_high": None}
    drawn = gaps + np.sqrt(variance) * rng.standard_normal((DRAWS, len(gaps)))
    noise = float(variance.mean()) * (1 - 1 / len(gaps))
    low, high = np.quantile(drawn.var(axis=1), [0.025, 0.975]) - 2 * noise
    found = {"distance": float(gaps.var()) - noise, "distance_low": float(low), "distance_high": float(high)}
    return {key: float(np.sqrt(max(value, 0.0))) for key, value in found.items()}


def family_alignment(evidence: Evidence, means: pd.DataFrame) -> dict[tuple[str, str], dict[str, Any]]:
    """Mean CKA of the encoders of two families, and under ('same', 'same') that of two seeds of the same views."""
    of = means.drop_duplicates("setting").set_index("setting")["family"]
    table = evidence.similarity.dropna(subset=["cka"])
    ends = [table[f"{side}_setting"].map(of) for side in ("first", "second")]
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for a, b in combinations(sorted(set(of)), 2):
        rows = table[((ends[0] == a) & (ends[1] == b)) | ((ends[0] == b) & (ends[1] == a))]
        if len(rows):
            found[a, b] = found[b, a] = mean_of(rows)
    twins = table[(table["first_setting"] == table["second_setting"]) & ends[0].notna()]
    return found | ({("same", "same"): mean_of(twins)} if len(twins) else {})


def mean_of(rows: pd.DataFrame) -> dict[str, Any]:
    """Mean of alignments; all come from the same sentences, so their intervals do not narrow together."""
    return {column: float(rows[column].mean()) for column in ("cka", "low", "high")}


def sentence(rows: list[dict[str, Any]], same: dict[str, Any]) -> str:
    """How far crop is from entailment, beside the nearest two families and two seeds of the same views."""
    wanted = {"crop", "entailment"}
    row = next(r for r in rows if {r["first"], r["second"]} == wanted)
    text = "Between crop and entailment "
    if row["distance"] is not None:
        low, high = row["distance_low"], row["distance_high"]
        text += f"transfer profiles lie {row['distance']:.1f} points [{low:.1f}, {high:.1f}] apart"
        nearest, *further = sorted((r for r in rows if r["distance"] is not None), key=lambda r: r["distance"])
        if nearest is not row and nearest["distance"] < further[0]["distance"]:
            text += f" (nearest: {nearest['first']} and {nearest['second']}, {nearest['distance']:.1f})"
    else:
        text += "profiles cannot be compared"
    if row["cka"] is not None:
        text += f", and CKA is {row['cka']:.2f} [{row['low']:.2f}, {row['high']:.2f}]"
        text += f" where two seeds of the same views have {same['cka']:.2f}" if same["cka"] is not None else ""
    if row["distance"] is None:
        return text + "."
    verdict = "they differ as training signals" if row["distance_low"] > 0 else "no difference of profiles can be shown"
    return f"{text}: {verdict}."


def asymmetry(evidence: Evidence) -> Answer:
    """Does a critic that is not symmetric gain on one-way entailment and not on two-way paraphrase?"""
    question = "Does an asymmetric critic gain on one-way entailment and not on two-way paraphrase?"
    note = (
        "Transfer of an objective with an asymmetric critic (bilinear, separable, concat) less that of the same bound "
        f"with a symmetric one (cosine, dot), same views and seed; points, {INTERVALS} The difference of two gains has "
        "the root of the sum of the squares of their half-widths, as if they were independent."
    )
    found = gains(evidence.cells)
    rows = summarise(found, ["family", "task"], evidence.levels) if len(found) else []
    of = {row["family"]: row for row in rows if row["task"] == AVERAGE}
    if ONE_WAY not in of or TWO_WAY not in of:
        text = (
            "This study cannot say whether an asymmetric critic gains on entailment alone: train one bound with a "
            "symmetric and an asymmetric critic (objectives) on settings of both families, entailment and paraphrase "
            "(views.settings, grid in params.yaml)."
        )
    else:
        text = alone(of[ONE_WAY], of[TWO_WAY])
    columns = ["family", "task", "difference", "low", "high", "over", "n"]
    return Answer("asymmetry", question, text, note, columns if rows else [], rows)


def alone(one: dict[str, Any], two: dict[str, Any]) -> str:
    """Both gains and their difference in a sentence; a gain on one kind of views alone needs the two to differ.

    That one gain is significant beside another that is not would say nothing of it (Gelman & Stern 2006,
    doi:10.1198/000313006X152649).
    """
    more = less(one, two)
    says = "is not shown to gain on one-way views alone"
    if effect(one) == effect(more) == "better":
        says = "gains on one-way views alone, more than on two-way ones, where no gain is shown"
        if effect(two) == "better":
            says = "gains on both, and more on one-way views"
    return (
        f"An asymmetric critic changes average transfer by {points(one)} on {ONE_WAY} and by {points(two)} on "
        f"{TWO_WAY}, a difference of {points(more)}: it {says}."
    )


def less(one: dict[str, Any], two: dict[str, Any]) -> dict[str, Any]:
    """Difference of two independent means with its 95 % interval; none where one has none."""
    gap = one["difference"] - two["difference"]
    if one["low"] is None or two["low"] is None:
        return {"difference": gap, "low": None, "high": None}
    half = float(np.hypot(one["difference"] - one["low"], two["difference"] - two["low"]))
    return {"difference": gap, "low": gap - half, "high": gap + half}


def gains(cells: pd.DataFrame) -> pd.DataFrame:
    """Gap of the mean of asymmetric critics over symmetric ones, per setting, seed, task and bound."""
    if not {*PARTS, *REST} <= set(cells.columns):
        return pd.DataFrame()
    cells = cells.dropna(subset=[*PARTS, *REST])
    cells = cells[cells["trained_critic"] != ""]
    cells = cells.assign(trained_params=others(cells["trained_params"], "trained_critic"))
    rows = []
    same = ["family", "setting", "seed", "task", "trained_bound", "trained_contrast", "trained_additions", *REST]
    for key, mine in cells.groupby(same, sort=True):
        symmetric = mine["trained_critic"].isin(SYMMETRIC)
        if symmetric.any() and not symmetric.all():
            gap = mine.loc[~symmetric, "transfer"].mean() - mine.loc[symmetric, "transfer"].mean()
            error = np.sqrt(2) * (mine["high"] - mine["low"]).mean() / (2 * Z95)
            seeds = {"seed_se": np.sqrt(2) * mine["seed_sd"].mean(), "seed_freedom": mine["seed_freedom"].min()}
            rows.append(dict(zip(same, key, strict=True)) | {"gap": gap, "example_se": error} | seeds)
    return pd.DataFrame(rows)
