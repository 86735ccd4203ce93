"""Whether tasks want different amounts of information: known truths through the answer and its sentence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from infoviews.analysis.answers import amounts
from infoviews.analysis.answers._answer import Evidence
from infoviews.analysis.answers.curves import analyse
from infoviews.analysis.record import AVERAGE, Answer
from infoviews.reporting.wording import amounts as wording


def evidence(places: dict[str, float], noise: float = 0.1, settings: int = 12) -> Evidence:
    """Tents of two points a nat with their highest point at a place of each task, 0 to 5 nats."""
    rng, x = np.random.default_rng(6), np.linspace(0, 5, settings)
    curves = {
        task: 75 - 2 * np.abs(x - place) + noise * rng.standard_normal(settings) for task, place in places.items()
    }
    curves[AVERAGE] = np.mean(list(curves.values()), axis=0)
    shared = {"objective": "infonce", "role": None, "family": "spans", "censored": False, "seeds": 2, "seed_sd": 0.1}
    rows = [
        {**shared, "setting": f"spans-{i}", "dial": i, "task": task, "information": x[i], "transfer": y[i]}
        | {"low": y[i] - 1, "high": y[i] + 1, "example_se": 0.5, "information_low": x[i], "information_high": x[i]}
        for task, y in curves.items()
        for i in range(settings)
    ]
    means = pd.DataFrame(rows)
    found = analyse(means, {"bootstrap": 100, "power": 10}, 1)
    return Evidence(pd.DataFrame(), means, found, pd.DataFrame(), "infonce", Path())


def test_tasks_that_want_different_amounts_are_told_apart_with_what_each_wants():
    found = amounts.answer(evidence({"mr": 1.0, "trec": 4.0, "subj": 8.0}), 199, 3)
    rows = {row["task"]: row for row in found.rows}
    assert found.facts["p"] < 0.05 and set(rows) == {"mr", "trec", "subj"}
    for task, place in {"mr": 1.0, "trec": 4.0}.items():
        assert rows[task]["low"] <= place <= rows[task]["high"] and rows[task]["at"] == "inside"
    assert rows["subj"]["at"] == "most"
    said = wording.amounts(found)
    assert said.startswith("Tasks want different amounts of information (p = 0.005). The least is best for MR, 1.")


def test_tasks_that_want_the_same_are_not_told_apart():
    found = amounts.answer(evidence({"mr": 2.5, "trec": 2.5, "subj": 2.5}, noise=0.5), 199, 3)
    assert found.facts["p"] > 0.05 and found.facts["common"] == pytest.approx(2.5, abs=0.5)
    assert wording.amounts(found).startswith("Whether tasks want different amounts of information cannot be told (p = ")


def test_one_task_has_an_amount_and_nothing_to_differ_from():
    found = amounts.answer(evidence({"mr": 2.5}), 199, 3)
    assert found.facts == {"p": None, "common": None} and len(found.rows) == 1
    assert "cannot be told from one task" in wording.amounts(found)


def test_too_few_settings_leave_the_question_unasked():
    assert amounts.answer(evidence({"mr": 2.5, "trec": 1.0}, settings=5), 199, 3) == Answer("amounts")
