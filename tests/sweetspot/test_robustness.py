"""Agreement, the repeated test and rival predictors against slow versions and planted relations."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import LeaveOneOut, cross_val_predict

from infoviews.sweetspot.collect import AVERAGE, collect
from infoviews.sweetspot.rivals import family_levels, left_out_errors, r_squared, ranks_within, rivals
from infoviews.sweetspot.robustness import agreement, measures, sensitivity
from infoviews.sweetspot.settings import settings


def main_points(study):
    results = collect(study.spec, study.data)
    means = settings(results, "information_infonce_base")
    return results, means[(means["objective"] == "infonce") & (means["task"] == AVERAGE)]


def test_held_out_r2_is_that_of_refitting_without_each_setting():
    rng = np.random.default_rng(0)
    design = np.column_stack([np.ones(15), rng.standard_normal((15, 3))])
    y = design @ [1.0, 2, 0, -1] + rng.standard_normal(15)
    guesses = cross_val_predict(LinearRegression(fit_intercept=False), design, y, cv=LeaveOneOut())
    means = np.array([np.delete(y, i).mean() for i in range(15)])
    expected = 1 - ((y - guesses) ** 2).sum() / ((y - means) ** 2).sum()
    errors = left_out_errors(design, y)
    assert errors == pytest.approx(y - guesses) and r_squared(errors, y - means) == pytest.approx(expected)


def test_agreement_of_orders():
    table = pd.DataFrame({"a": [1.0, 2, 3, 4], "b": [1.0, 3, 2, 4], "c": [4.0, 3, 2, 1], "d": [1.0, 1, 1, np.nan]})
    tau = {(r["first"], r["second"]): r["tau"] for r in agreement(table)}
    assert tau["a", "b"] == pytest.approx(4 / 6) and tau["a", "c"] == -1 and tau["a", "d"] is None


def test_the_test_is_repeated_for_every_estimator(study):
    study.fill(settings=10, seeds=2)
    results, points = main_points(study)
    found = {row["variant"]: row for row in sensitivity(points, measures(results), "infonce_base")}
    assert set(found) == {
        "information by dv_base",
        "information by infonce_base",
        "ranks of infonce_base",
        "infonce_base with censored settings",
    }
    # Every estimator is a multiple of the truth here, and the grid is even: the same test each time.
    assert len({round(row["p"], 12) for row in found.values()}) == 1


def test_information_beats_a_rival_that_knows_nothing(study):
    study.fill(settings=14, seeds=2)
    for index, setting in enumerate(study.spec["settings"]):
        study.views(setting["name"], float(np.random.default_rng(index).uniform()))
    found = {row["rival"]: row for row in rivals(*main_points(study))}
    assert found["overlap"]["information"] > 0.9 > found["overlap"]["alone"]
    assert found["overlap"]["low"] > 0.3 and found["overlap"]["gain"] > 0.7
    # The dial rises with information without noise here: it knows all, and information adds nothing to it.
    assert found["alignment"]["alone"] > 0.9 and found["alignment"]["high"] < 0.2


def test_nothing_measured_gives_no_rows(study):
    study.fill(settings=7, ceiling=1.0)
    results, points = main_points(study)
    assert rivals(results, points) == []


def test_dials_count_by_their_rank_within_families_large_enough():
    families = pd.Series(["spans"] * 5 + ["crop"] * 4 + ["mask"])
    dials = np.array([256.0, -8, 0, 16, 64, 0.3, 0.1, 0.2, 0.4, 0.7])
    found = ranks_within(dials, families)
    assert found[:5].tolist() == [1, -1, -0.5, 0, 0.5] and np.isnan(found[9])
    assert found[5:9] == pytest.approx([1 / 3, -1, -1 / 3, 1])


def test_families_have_levels_where_there_are_settings_enough():
    names = pd.Series(["a"] * 5 + ["b"] * 4 + ["c", "d", "e", "f"])
    assert family_levels(names).sum(axis=0).tolist() == [4, 5, 4]
    assert family_levels(names[:-1]).shape == (12, 1) and family_levels(names[:5]).shape == (5, 1)


def test_the_dial_is_left_out_where_families_are_too_small(study):
    study.fill(settings=12, seeds=1)
    for cell in study.spec["cells"]:
        cell["family"] = cell["setting"]
    assert "dial" not in {row["rival"] for row in rivals(*main_points(study))}
