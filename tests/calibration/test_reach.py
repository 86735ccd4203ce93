"""What must be reached is answered from the table alone: yes, no, or unknown where runs are missing."""

from __future__ import annotations

import pandas as pd
import pytest

from infoviews.calibration import reach
from infoviews.calibration.calibrate import CHOSEN
from infoviews.calibration.exact import exact_critic
from infoviews.calibration.tasks import tasks


@pytest.fixture(scope="module")
def exact() -> pd.DataFrame:
    return exact_critic(batches=10)


def frame(biases: dict[str, float], names: list[str] | None = None) -> pd.DataFrame:
    """A table in which each estimator is off by its bias on every task."""
    known = tasks()
    rows = [
        {"task": task, "estimator": estimator, "truth": known[task].information, "bias": bias, "failures": 0}
        | {"mean": known[task].information + bias, "seeds": 3}
        for task in names or known
        for estimator, bias in biases.items()
    ]
    return pd.DataFrame(rows)


def answers(table: pd.DataFrame, exact: pd.DataFrame) -> list[str]:
    return list(reach.must_reach(table, exact)["met"])


def test_all_is_reached_by_estimators_that_are_right(exact: pd.DataFrame) -> None:
    assert set(answers(frame({CHOSEN: -0.02, "cca": 0.01}), exact)) == {"yes"}


def test_each_miss_is_a_no_that_names_the_task(exact: pd.DataFrame) -> None:
    table = frame({CHOSEN: -0.15, "infonce": 0.05, "cca": 0.06})
    table.loc[(table["task"] == "additive-0.1") & (table["estimator"] == "infonce"), "bias"] = -0.2
    table.loc[0, "failures"] = 1
    found = reach.must_reach(table, exact)
    assert list(found["met"]) == ["yes", "yes", "no", "no", "no", "no", "no"]
    assert found["found"][2] == "worst: additive-0.1 -0.150" and "1 failures" in found["found"][6]


def test_what_was_not_run_is_unknown(exact: pd.DataFrame) -> None:
    assert answers(frame({CHOSEN: 0.0}, ["swiss-roll"]), exact)[2:] == ["unknown"] * 4 + ["yes"]


def test_consistency_of_the_truth_is_the_truth(exact: pd.DataFrame) -> None:
    found = reach.consistency(frame({CHOSEN: 0.0, "cca": -0.4})).set_index("estimator")
    assert list(found.index) == ["truth", CHOSEN]  # an estimator that reads nothing of the roll has no ratios
    assert found.loc[CHOSEN].to_dict() == pytest.approx(found.loc["truth"].to_dict())
    assert found.loc["truth", "twice"] == pytest.approx(2) and found.loc["truth", "quarters"] < 1
    assert reach.consistency(frame({CHOSEN: 0.0}, ["swiss-roll"])).empty
