"""Means per objective × setting × task, with intervals from seeds and from test examples."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from infoviews.analysis.evidence.dictionary import ENDINGS
from infoviews.analysis.record import Z95

MARGIN = 1.5
"""Nats below log K within which an InfoNCE value says only 'at least this much'."""

FREEDOM = 4
"""Degrees of freedom from which an objective's own seeds tell their spread: Student's t is 2.8 at four, 12.7 at one."""


def information_column(results: pd.DataFrame, spec: dict[str, Any]) -> str:
    """The exact value where every setting that was measured has one, else the estimator named by the study.

    Of several feature sets the one named in ``sweetspot.features`` counts, or else the base that the cells start from.
    """
    options = spec.get("sweetspot", {})
    measured = [c for c in results.columns if c.startswith("information_")]
    cells = results[results["kind"] == "cell"]
    if "information_exact" in measured:
        has_any = cells[measured].notna().any(axis=1)
        if cells.loc[has_any, "information_exact"].notna().all():
            return "information_exact"
    stem = f"information_{options.get('estimator', 'infonce')}_"
    wanted = [stem + str(options.get("features")), stem + str(spec.get("start"))]
    others = [c for c in sorted(measured) if c.startswith(stem) and not c.endswith(tuple(ENDINGS))]
    return next((c for c in [*wanted, *others] if c in measured), stem + "base")


def censored(estimate: pd.Series, ceiling: pd.Series, flag: pd.Series) -> pd.Series:
    """Whether an estimate is only a lower limit: flagged so, or within ``MARGIN`` nats of its ceiling."""
    near = (pd.to_numeric(ceiling, errors="coerce") - estimate) < MARGIN
    return near | flag.fillna("").str.contains("censored")


def settings(results: pd.DataFrame, column: str) -> pd.DataFrame:
    """Mean transfer per objective × setting × task.

    The variance of a mean is (seed variance) / seeds + (test-example variance). Seed variance is pooled by
    ``seed_spread``, since two or three seeds alone say little about it. Seeds share the test examples, so that part
    does not shrink with seeds. With one seed everywhere only test examples count.

    Args:
        results: the tidy table of ``collect``.
        column: the information column that the curve is drawn against.
    """
    cells = results[results["kind"] == "cell"]
    rows = []
    for (objective, task), group in cells.groupby(["objective", "task"], sort=True):
        spread, freedom = seed_spread(cells[cells["task"] == task], str(objective))
        for setting, members in group.groupby("setting", sort=True):
            rows.append(
                {"objective": objective, "setting": setting, "task": task}
                | {key: members[key].iloc[0] for key in ("role", "family", "dial")}
                | mean_columns(members, spread, freedom)
                | information_columns(members.iloc[0], column)
            )
    table = pd.DataFrame(rows)
    return table.sort_values(["objective", "task", "family", "dial", "setting"], ignore_index=True)


def seed_spread(cells: pd.DataFrame, objective: str) -> tuple[float | None, int]:
    """Standard deviation between the seeds of an objective's cells, percent, and its degrees of freedom.

    It is pooled over the objective's settings. Where these have fewer than ``FREEDOM`` degrees of freedom, over all
    objectives with so few, and where that does not suffice, over the whole study, as if their seeds scattered alike
    (pooled variance of the analysis of variance).

    Args:
        cells: every cell of the study, of one task; failed and missing ones, whose transfer is null, do not count.
        objective: the one whose means get the interval.
    """
    few = cells.groupby("objective").filter(lambda mine: pooled_spread(mine)[1] < FREEDOM)
    for pool in (cells[cells["objective"] == objective], few, cells):
        spread, freedom = pooled_spread(pool)
        if freedom >= FREEDOM:
            break
    return spread, freedom


def pooled_spread(rows: pd.DataFrame) -> tuple[float | None, int]:
    """Standard deviation between seeds of the same objective and setting, pooled, percent; its degrees of freedom.

    Null where no setting has two finished seeds.
    """
    within = rows[rows["transfer"].notna()].groupby(["objective", "setting"])["transfer"]
    freedom = int((within.size() - 1).sum()) if within.ngroups else 0
    if not freedom:
        return None, 0
    return float(np.sqrt(within.apply(lambda v: ((v - v.mean()) ** 2).sum()).sum() / freedom)), freedom


def mean_columns(members: pd.DataFrame, spread: float | None, freedom: int) -> dict[str, Any]:
    """Mean over finished seeds, its interval, within 0 to 100 percent, and the interval's parts."""
    done = members[members["transfer"].notna()]
    columns: dict[str, Any] = {"seeds": len(done), "absent": len(members) - len(done), "seed_sd": spread}
    columns |= {key: pd.to_numeric(members[key]).mean() for key in ("overlap", "loss") if key in members}
    if done.empty:
        return columns | {"transfer": np.nan, "low": np.nan, "high": np.nan, "example_se": np.nan}
    example = float(((done["high"] - done["low"]) / (2 * Z95)).mean())
    example = 0.0 if np.isnan(example) else example
    seed = stats.t.ppf(0.975, freedom) * spread / np.sqrt(len(done)) if spread is not None else 0.0
    half = float(np.hypot(seed, Z95 * example))
    mean = float(done["transfer"].mean())
    low, high = max(mean - half, 0.0), min(mean + half, 100.0)
    return columns | {"transfer": mean, "low": low, "high": high, "example_se": example}


def information_columns(row: pd.Series, column: str) -> dict[str, Any]:
    """Information of the setting as used for the curve, and whether it is censored."""
    value = row.get(column, np.nan)
    value = np.nan if value is None else value
    if column == "information_exact":
        return {"information": value, "information_low": value, "information_high": value} | {
            "information_flag": "",
            "censored": False,
        }
    flag = row.get(f"{column}_flag", "")
    frame = pd.DataFrame({"v": [value], "c": [row.get(f"{column}_ceiling", np.nan)], "f": [flag]})
    return {
        "information": value,
        "information_low": row.get(f"{column}_low", np.nan),
        "information_high": row.get(f"{column}_high", np.nan),
        "information_flag": flag if isinstance(flag, str) else "",
        "censored": bool(censored(frame["v"], frame["c"], frame["f"].astype("string")).iloc[0]),
    }
