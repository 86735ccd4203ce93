"""What the estimators must reach, each line held against the table; and whether they are consistent with themselves."""

from __future__ import annotations

import numpy as np
import pandas as pd

from infoviews.calibration.calibrate import CHOSEN, CLOSED
from infoviews.calibration.tasks import ROLL

WITHIN = 0.1
"""Nats within which an estimate counts as right."""

REFERENCE = {
    "dense-5": (0.593, 0.56, 0.54, 0.56),
    "dense-25": (1.292, 1.21, 1.08, 1.23),
    "2-pair-5": (1.022, 0.94, 0.88, 0.94),
    "2-pair-25": (1.022, 0.87, 0.71, 0.86),
    "half-cube-2-pair-5": (1.022, 0.93, 0.89, 0.94),
    "spiral-2-pair-3": (1.022, 0.61, 0.80, 0.52),
    "student-2-2-df1": (0.432, 0.18, 0.25, 0.25),
    "asinh-student-2-2-df1": (0.432, 0.40, 0.42, 0.40),
    "swiss-roll": (0.413, 0.38, 0.39, 0.38),
    "additive-0.75": (0.333, 0.31, 0.28, 0.31),
}
"""Truth, then InfoNCE concat, InfoNCE separable and SMILE concat of an untuned run made before this project: n 10,000,
one seed, batch 128, coordinates as they come."""

LEARNED = (
    *("dense-2", "dense-3", "dense-5", "2-pair-2", "2-pair-3", "2-pair-5"),
    *("half-cube-1", "half-cube-2-pair-3", "half-cube-2-pair-5", "half-cube-2-pair-25"),
    *("swiss-roll", "additive-0.1", "additive-0.3", "additive-0.75"),
    *("asinh-student-1-1-df1", "asinh-student-2-2-df1", "asinh-student-3-3-df2", "asinh-student-5-5-df2"),
)
"""Tasks on which the best learned critic must be within ``WITHIN``."""

GAUSSIAN = ("normal-", "dense-", "2-pair-", "gaussian-")
NOT_GAUSSIAN = ("normal-cdf-1",)

EXACT = {"5-d, 2 nats": 1.93, "20-d, 6 nats": 4.22, "20-d, 10 nats": 4.79}
"""InfoNCE of 128 rows at the exact critic, computed before this project."""


def must_reach(frame: pd.DataFrame, exact: pd.DataFrame) -> pd.DataFrame:
    """One row per requirement: ``requirement``, ``met`` (yes, no, or unknown where no run is there) and ``found``."""
    neural = frame[~frame["estimator"].isin(CLOSED)].dropna(subset="bias")
    rows = [*_at_the_exact_critic(exact), _best_learned(neural), _one_learned(neural)]
    rows += [_gaussian(frame), _beside_reference(neural), _finite(frame)]
    return pd.DataFrame(rows, columns=["requirement", "met", "found"])


def against_reference(frame: pd.DataFrame) -> pd.DataFrame:
    """Our neural estimators beside the earlier run on its ten tasks, as absolute errors in nats."""
    ours = frame[frame["task"].isin(list(REFERENCE))].pivot(index="task", columns="estimator", values="bias").abs()
    rows = ours.reindex([t for t in REFERENCE if t in ours.index])[[c for c in ours.columns if c not in CLOSED]]
    for column, name in enumerate(("earlier InfoNCE concat", "earlier InfoNCE separable", "earlier SMILE concat"), 1):
        rows[name] = [abs(REFERENCE[t][column] - REFERENCE[t][0]) for t in rows.index]
    rows = rows.dropna(axis=1)  # an estimator that lacks a task has no mean to compare
    rows.loc["mean"] = rows.mean()
    return rows.T.sort_values("mean").reset_index(names="estimator")


def consistency(frame: pd.DataFrame) -> pd.DataFrame:
    """One row per estimator: Song and Ermon's checks on the swiss roll, and what is read where nothing is shared.

    ``quarters`` and ``beside``: information with y in four parts, and with functions of y beside y, over that with y
    itself; ``twice``: of two independent copies over that of one; ``null``: the larger reading, in nats, of the tasks
    without information. An estimator may be consistent and wrong.
    """
    means = frame.pivot(index="estimator", columns="task", values="mean")
    truths = frame.drop_duplicates("task").set_index("task")["truth"]
    kinds = [f"{ROLL}-{kind}" for kind in ("quarters", "beside", "twice")]
    nulls = [task for task in truths.index if task.startswith("null-")]
    if not {ROLL, *kinds, *nulls} <= set(means.columns) or not nulls:
        return pd.DataFrame()
    found = pd.DataFrame({kind.removeprefix(f"{ROLL}-"): means[kind] / means[ROLL] for kind in kinds})
    found["null"] = means[nulls].abs().max(axis=1, skipna=False)
    found = found.where(means[ROLL].abs() > WITHIN).dropna(how="all")  # a ratio to nothing says nothing
    found.loc["truth"] = [*(truths[kind] / truths[ROLL] for kind in kinds), 0.0]
    return found.reindex(["truth", *(name for name in found.index if name != "truth")]).reset_index(names="estimator")


def _at_the_exact_critic(exact: pd.DataFrame) -> list[tuple[str, str, str]]:
    def value(estimator: str, case: str) -> float:
        return float(exact.loc[exact["estimator"] == estimator, case].iloc[0])

    near = {name: value(name, "5-d, 2 nats") - 2 for name in ("dv", "nwj", "smile")}
    below = {case: value("infonce", case) - known for case, known in EXACT.items()}
    return [
        (
            "exact critic: DV, NWJ and SMILE within 0.15 of 2 nats in 5 dimensions",
            _answer(max(abs(error) for error in near.values()) <= 0.15),
            ", ".join(f"{name} {error:+.3f}" for name, error in near.items()),
        ),
        (
            "exact critic: InfoNCE below log K by what is known (1.93, 4.22, 4.79 of 2, 6, 10 nats)",
            _answer(max(abs(error) for error in below.values()) <= WITHIN),
            ", ".join(f"{case}: {EXACT[case] + error:.2f}" for case, error in below.items()),
        ),
    ]


def _best_learned(neural: pd.DataFrame) -> tuple[str, str, str]:
    title = (
        f"the best learned critic within {WITHIN} nats on dense, 2-pair, half-cube, swiss roll, additive, asinh Student"
    )
    wanted = neural[neural["task"].isin(LEARNED)]
    best = wanted.loc[wanted["bias"].abs().groupby(wanted["task"]).idxmin()]
    return title, _within(best, len(LEARNED)), _worst(best)


def _one_learned(neural: pd.DataFrame) -> tuple[str, str, str]:
    wanted = neural[neural["task"].isin(LEARNED) & (neural["estimator"] == CHOSEN)]
    return (
        f"the same by one estimator that does not know the truth, {CHOSEN}",
        _within(wanted, len(LEARNED)),
        _worst(wanted),
    )


def _gaussian(frame: pd.DataFrame) -> tuple[str, str, str]:
    named = frame["task"].str.startswith(GAUSSIAN) & ~frame["task"].isin(NOT_GAUSSIAN)
    wanted = frame[named & (frame["estimator"] == "cca")].dropna(subset="bias")
    met = "unknown" if wanted.empty else _answer(wanted["bias"].abs().max() <= 0.05)
    return "CCA within 0.05 nats on every Gaussian task", met, _worst(wanted)


def _beside_reference(neural: pd.DataFrame) -> tuple[str, str, str]:
    title = "mean absolute error below the earlier run's over its tasks, spiral and raw Student included"
    if not set(REFERENCE) <= set(neural["task"]):
        return title, "unknown", "not all of its tasks were run"
    means = against_reference(neural).set_index("estimator")["mean"]
    earlier = means[means.index.str.startswith("earlier")]
    ours = means.drop(earlier.index)
    found = (
        f"ours {ours.min():.3f} ({ours.idxmin()}) to {ours.max():.3f} ({ours.idxmax()}), earlier {earlier.min():.3f}"
    )
    return title, _answer(ours.max() < earlier.min()), found


def _finite(frame: pd.DataFrame) -> tuple[str, str, str]:
    failures = int(frame["failures"].sum())
    return (
        "no value that is not finite",
        _answer(failures == 0),
        f"{failures} failures in {int(frame['seeds'].sum()):,} runs",
    )


def _within(rows: pd.DataFrame, count: int) -> str:
    if len(rows) < count:
        return "unknown" if rows["bias"].abs().le(WITHIN).all() else "no"
    return _answer(rows["bias"].abs().max() <= WITHIN)


def _worst(rows: pd.DataFrame) -> str:
    if rows.empty:
        return "not run"
    order = rows["bias"].abs().to_numpy().argsort(kind="stable")[::-1]
    beyond = max(1, int((rows["bias"].abs() > WITHIN).sum()))
    shown = rows.iloc[order[:beyond]]
    return "worst: " + ", ".join(f"{t} {b:+.3f}" for t, b in zip(shown["task"], shown["bias"], strict=True))


def _answer(met: bool | np.bool_) -> str:
    return "yes" if met else "no"
