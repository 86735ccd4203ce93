"""Means per objective × setting × task, with intervals from seeds and from test examples."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from infoviews.analysis.evidence.estimates import AXIS
from infoviews.analysis.evidence.scatter import seed_spread
from infoviews.analysis.record import Z95


def settings(results: pd.DataFrame) -> pd.DataFrame:
    """Mean transfer per objective × setting × task.

    The variance of a mean is (seed variance) / seeds + (test-example variance). Seed variance is pooled by
    ``seed_spread``, since two or three seeds alone say little about it. Seeds share the test examples, so that part
    does not shrink with seeds. With one seed everywhere only test examples count.

    Args:
        results: the tidy table of ``collect``.
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
                | {key: members[key].iloc[0] for key in AXIS}
            )
    table = pd.DataFrame(rows)
    return table.sort_values(["objective", "task", "family", "dial", "setting"], ignore_index=True)


def mean_columns(members: pd.DataFrame, spread: float | None, freedom: int) -> dict[str, Any]:
    """Mean over finished seeds, its interval, within 0 to 100 percent, and the interval's parts."""
    done = members[members["transfer"].notna()]
    columns: dict[str, Any] = {"seeds": len(done), "absent": len(members) - len(done)}
    columns |= {"seed_sd": spread, "seed_freedom": freedom}
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
