"""Is cropping text what entailment is? Transfer profiles, alignment of encoders, and the gain of asymmetric critics."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from infoviews.analysis.answers._answer import Evidence
from infoviews.analysis.evidence.designs import PARTS, REST, others, summarise
from infoviews.analysis.record import AVERAGE, Z95, Answer, Role

ENTAILED = ("crop", "compress", "generalise", "entailment", "paraphrase", "substitute")
"""Families that may all be one and the same."""

SYMMETRIC = ("cosine", "dot")
"""Critics whose score does not change when the views change places."""

ONE_WAY, TWO_WAY = "entailment", "paraphrase"

COLUMNS = ["first", "second", "distance", "distance_low", "distance_high", "cka", "low", "high"]
DRAWS = 2000


def profiles(evidence: Evidence) -> Answer:
    """Every two families: distance of their transfer profiles, and CKA of their encoders.

    The fact ``same`` has the CKA of two seeds of the same views, the most that can be expected.
    """
    means = evidence.means[evidence.means["objective"] == evidence.main]
    means = means[~means["role"].isin([Role.CONTROL, Role.VARIANT])]  # a variant would count its pairs twice
    means = means[means["task"] != AVERAGE].dropna(subset=["transfer", "family"])
    there = [family for family in ENTAILED if family in set(means["family"])]
    if not {"crop", "entailment"} <= set(there):
        return Answer("entailment")
    alike = family_alignment(evidence, means)
    seed = int(evidence.results["seed"].max() if evidence.results["seed"].notna().any() else 0)
    rows = [
        {"first": a, "second": b, **distance(means, a, b, seed), **alike.get((a, b), NOTHING)}
        for a, b in combinations(there, 2)
    ]
    return Answer("entailment", COLUMNS, rows, {"same": alike.get(("same", "same"), NOTHING)})


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


def asymmetry(evidence: Evidence) -> Answer:
    """Gain of an asymmetric critic per family and task; the fact ``more`` is that on one-way less that on two-way.

    That one gain is significant and another is not would say nothing of their difference (Gelman & Stern 2006,
    doi:10.1198/000313006X152649). ``more`` is there only if both are.
    """
    found = gains(evidence.cells)
    rows = summarise(found, ["family", "task"], evidence.levels) if len(found) else []
    of = {row["family"]: row for row in rows if row["task"] == AVERAGE}
    facts = {"more": less(of[ONE_WAY], of[TWO_WAY])} if {ONE_WAY, TWO_WAY} <= of.keys() else {}
    columns = ["family", "task", "difference", "low", "high", "over", "n"]
    return Answer("asymmetry", columns if rows else [], rows, facts)


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
