"""Analyse every curve of transfer against information: objective × family × task."""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np
import pandas as pd

from infoviews.analysis.answers.verdict import holm, verdict
from infoviews.analysis.record import ALL, AVERAGE, Curve, Role, Verdict
from infoviews.analysis.statistics.families import dummies, offsets
from infoviews.analysis.statistics.limits import known
from infoviews.analysis.statistics.peak import find_peak
from infoviews.analysis.statistics.polynomials import describe
from infoviews.analysis.statistics.power import power
from infoviews.analysis.statistics.spline import smooth
from infoviews.analysis.statistics.two_lines import FEWEST, two_lines

FEWEST_VALUES = 5
"""Different values of information that a rise and a fall need."""

SAME = 0.005
"""Nats within which two settings share the same information, if the information of both is exact."""


def analyse(settings: pd.DataFrame, options: dict[str, Any], seed: int) -> list[Curve]:
    """Shape, peak and verdict of every curve.

    The average over tasks with all families is the question asked in advance, once per objective, and is tested
    alone; the other curves of the objective are corrected together by Holm's method. Its ``iso`` holds the ``twins``
    of the objective.

    Args:
        settings: the means of ``settings``.
        options: ``bootstrap`` draws and ``power`` draws.
        seed: seed of bootstrap and simulation.
    """
    curves = []
    for objective, mine in settings[settings["role"].isna()].groupby("objective", sort=True):
        found: list[dict[str, Any]] = []
        families = sorted(mine["family"].dropna().unique())
        few = mine["setting"].nunique() < FEWEST
        for task in [AVERAGE] if few else sorted(mine["task"].unique(), key=lambda t: (t != AVERAGE, t)):
            for family in [ALL, *families] if len(families) > 1 and not few else [ALL]:
                rows = mine[(mine["task"] == task) & ((mine["family"] == family) | (family == ALL))]
                label: dict[str, Any] = {"objective": str(objective), "family": family, "task": task}
                found.append(label | curve(rows, options, seed))
        planned = [c for c in found if c["task"] == AVERAGE and c["family"] == ALL]
        others = [c for c in found if c not in planned and c["p"] is not None]
        for item, adjusted in zip(others, holm([c["p"] for c in others]), strict=True):
            item["p_holm"] = adjusted
        for item in found:
            item["p_holm"] = item.get("p_holm", item["p"])
            item["verdict"] = (
                Verdict.OPEN if item["p"] is None else verdict(item["p_holm"], item["power"]["at_one_point"])
            )
        average = settings[(settings["objective"] == objective) & (settings["task"] == AVERAGE)]
        planned[0]["iso"] = twins(average)
        curves += [Curve(**item) for item in found]
    return curves


def twins(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Iso-information settings, each with its twin: the setting of the curve whose information is the same.

    The half-widths of the two means add in squares. For the seeds that is the t interval of the difference, since both
    means have the same pooled variance; for the test examples, which the settings share, it is on the safe side.

    Args:
        rows: of ``settings``, one objective and task.

    Returns:
        By rising information ``setting``, ``information`` (nats), ``twin`` and the ``difference`` of its transfer to
        the twin's in points with ``low`` and ``high``; these four are null where no setting of the curve shares it.
    """
    exact = rows[rows["transfer"].notna() & rows["information"].notna() & ~rows["censored"].astype(bool)]
    points, found = exact[exact["role"].isna()], []
    for iso in exact[exact["role"] == Role.ISO].sort_values(["information", "setting"]).to_dict("records"):
        pair = {"setting": iso["setting"], "information": float(iso["information"])}
        same = points[
            (points["information_low"] <= iso["information_high"] + SAME)
            & (points["information_high"] >= iso["information_low"] - SAME)
        ]
        if same.empty:
            found.append(pair | {"twin": None, "difference": None, "low": None, "high": None})
            continue
        twin = same.loc[(same["information"] - iso["information"]).abs().idxmin()]
        half = float(np.hypot(arm(iso), arm(twin)))
        gap = float(iso["transfer"] - twin["transfer"])
        interval = {"difference": gap, "low": gap - half, "high": gap + half}
        found.append(pair | {"twin": str(twin["setting"]), **interval})
    return found


def arm(row: Any) -> float:
    """Half-width of the interval of a row's mean, points; of its arms the one that 0 or 100 % does not cut."""
    return float(max(row["high"] - row["transfer"], row["transfer"] - row["low"]))


def curve(rows: pd.DataFrame, options: dict[str, Any], seed: int) -> dict[str, Any]:
    """One curve; where it cannot be analysed ``p`` is null and ``reason`` says why.

    ``n`` settings are tested, of which ``limits`` are beyond the measured range, known only to share at least so much
    (``limits.known``). The peak's place and height are those of the measured settings alone: which are measured
    depends on information, not on transfer, so that this makes no bias.
    """
    told = rows[rows["transfer"].notna() & rows["information"].notna()]
    told = told.sort_values(["information", "setting"])
    placed, used = known(told["information"].to_numpy(float), told["censored"].to_numpy(bool))
    usable = told[used]
    limited = usable["censored"].to_numpy(bool)
    counts: dict[str, Any] = {
        "n": len(usable),
        "limits": int(limited.sum()),
        "censored": int(told["censored"].sum()),
        "unmeasured": int((rows["information"].isna() & rows["transfer"].notna()).sum()),
        "absent": int(rows["transfer"].isna().sum()),
        "seeds": int(usable["seeds"].max()) if len(usable) else 0,
        "fewest": int(usable["seeds"].min()) if len(usable) else 0,
        "best": float(usable["transfer"].max()) if len(usable) else None,
    }
    empty: dict[str, Any] = dict.fromkeys(("p", "peak", "shapes", "two_lines", "power"))
    reason = unusable(usable[~limited], counts["censored"])
    if reason:
        return counts | empty | {"reason": reason}
    x, y, families = placed[used], usable["transfer"].to_numpy(float), usable["family"].to_numpy(str)
    lines = two_lines(x, y, families)
    y = y - offsets(x, y, dummies(families))
    rng = np.random.default_rng([seed, zlib.crc32("/".join(usable["setting"]).encode())])
    shared = (float(usable["example_se"].mean()), int(options.get("bootstrap", 2000)), rng)
    at, height, beyond = usable["information"].to_numpy(float)[~limited], y[~limited], y[limited]
    peak, band = find_peak(at, height, *shared, beyond)
    return counts | {
        "reason": "",
        "p": lines.p,
        "two_lines": {k: float(v) for k, v in vars(lines).items()},
        "shapes": describe(at, height),
        "peak": peak,
        "power": power(x, noise_of(at, height, usable), families, int(options.get("power", 200)), seed),
        "smooth": {k: v.tolist() for k, v in vars(band).items()},
    }


def noise_of(x: np.ndarray, y: np.ndarray, usable: pd.DataFrame) -> float:
    """Standard deviation of a setting's mean around the curve, percent; at least what the seeds alone would give."""
    seeds = (usable["seed_sd"] / np.sqrt(usable["seeds"])).fillna(0).mean()
    return max(smooth(x, y).sigma, float(seeds))


def unusable(measured: pd.DataFrame, censored: int) -> str:
    """Why a curve with these measured settings and so many censored ones cannot be analysed; empty if it can."""
    n, distinct = len(measured), measured["information"].nunique()
    if n == 0 and censored:
        return f"all {censored} measured settings are censored at the estimator's ceiling"
    if n == 0:
        return "no setting has both a transfer score and a measured information"
    if n < FEWEST:
        return f"the test needs {FEWEST} fully measured settings, and this study has {n}"
    if distinct < FEWEST_VALUES:
        return f"the test needs {FEWEST_VALUES} different values of information, and this study has {distinct}"
    return ""
