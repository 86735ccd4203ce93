"""Does the encoder's own dropout change transfer? Settings trained again under another rate."""

from __future__ import annotations

from typing import Any

import pandas as pd

from infoviews.analysis.answers._answer import Evidence
from infoviews.analysis.answers.verdict import holm
from infoviews.analysis.evidence.pairing import paired_errors
from infoviews.analysis.record import AVERAGE, Answer, Role
from infoviews.analysis.statistics.combined import interval, seed_errors

COLUMNS = ["objective", "from", "to", "dropout", "from_nats", "to_nats", "difference", "low", "high", "p_holm"]
COLUMNS += ["over", "n"]


def answer(evidence: Evidence) -> Answer:
    """One row per objective and variant: its average transfer less that of its original, points.

    ``from`` is the original and ``to`` the variant, with the information of each (nats) and the variant's rate. ``n``
    is the number of seeds, and ``p_holm`` is corrected for all rows; it is null where no seeds tell how much they
    scatter, since test examples alone cannot say whether a difference would come again.
    """
    table = evidence.results
    cells = table[(table["kind"] == "cell") & table["transfer"].notna()]
    tasks = sorted(set(table["task"]) - {AVERAGE})
    averages = cells[cells["task"] == AVERAGE]
    of = {key: mine for key, mine in averages.groupby(["objective", "setting"], sort=True)}
    rows = []
    for setting in [setting for setting in evidence.settings if setting.get("role") == Role.VARIANT]:
        ends = original(setting), setting["name"]
        for objective in sorted(set(averages["objective"])):
            if all((objective, end) in of for end in ends):
                sides = dict(zip(ends, alike(*(of[objective, end] for end in ends)), strict=True))
                about = {"objective": objective, "from": ends[0], "to": ends[1], "dropout": setting["dropout"]}
                rows.append(about | difference(sides, tasks, evidence))
    tested = [row for row in rows if row["p_holm"] is not None]
    for row, adjusted in zip(tested, holm([row["p_holm"] for row in tested]), strict=True):
        row["p_holm"] = adjusted
    return Answer("variants", COLUMNS if rows else [], rows)


def original(setting: dict[str, Any]) -> str:
    """Name of the setting that a variant is of: ``crop-0.3`` of ``crop-0.3-dropout-0``."""
    return str(setting["name"]).removesuffix(f"-dropout-{setting['dropout']:g}")


def alike(first: pd.DataFrame, second: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The cells of two settings whose seeds agree, which start from the same weights; all where none does."""
    both = set(first["seed"]) & set(second["seed"])
    return (first[first["seed"].isin(both)], second[second["seed"].isin(both)]) if both else (first, second)


def difference(sides: dict[str, pd.DataFrame], tasks: list[str], evidence: Evidence) -> dict[str, Any]:
    """Mean of the second side less that of the first: seeds by their pooled spread, test examples in pairs.

    Seeds count as if the two sides were independent, which is on the safe side.

    Args:
        sides: finished cells of the original and of the variant by setting, averages over tasks.
        tasks: those of the average.
    """
    first, second = sides.values()
    gap = float(second["transfer"].mean() - first["transfer"].mean())
    names = {setting: mine["name"].tolist() for setting, mine in sides.items()}
    error = paired_errors(evidence.scored, names, tasks)[AVERAGE].to_numpy(float)[0, 1].item()
    seeds = seed_errors(*(mine.iloc[0].to_dict() | {"seeds": len(mine)} for mine in (first, second)))
    found = interval(gap, seeds, error)
    nats = {"from_nats": float(first["information"].iloc[0]), "to_nats": float(second["information"].iloc[0])}
    over = {"over": "seeds" if seeds else "test examples", "n": min(len(first), len(second))}
    ends = {"low": found["low"], "high": found["high"], "p_holm": found["p"] if seeds else None}
    return nats | {"difference": gap} | ends | over
