"""Paired comparison of objectives against scipy and by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from infoviews.sweetspot.collect import AVERAGE, collect
from infoviews.sweetspot.objectives import differences, student, tightness


def test_student_is_scipys_paired_test():
    gaps = np.random.default_rng(0).standard_normal(9) + 0.5
    found, expected = student(gaps), stats.ttest_1samp(gaps, 0)
    assert found["p"] == pytest.approx(expected.pvalue)
    assert (found["low"], found["high"]) == pytest.approx(tuple(expected.confidence_interval()))


def test_constant_shift_is_found_and_pairs_are_matched(study):
    study.fill(settings=5, seeds=2, noise=0.3)
    table = collect(study.spec, study.data)
    infonce = table[table["objective"] == "infonce"]
    rng = np.random.default_rng(0)
    shifted = infonce.assign(
        objective="nwj", transfer=infonce["transfer"] - 2 + 0.01 * rng.standard_normal(len(infonce))
    )
    shifted = shifted.sample(frac=1, random_state=0).iloc[1:]
    rows = differences(pd.concat([infonce, shifted]), "infonce")
    average = next(row for row in rows if row["task"] == AVERAGE)
    assert average["difference"] == pytest.approx(-2, abs=0.02) and average["high"] < -1.9
    assert average["p_holm"] >= average["p"] and average["settings"] == 5


def test_one_setting_is_compared_over_seeds_and_one_seed_has_no_interval(study):
    study.fill(settings=1, seeds=3)
    table = collect(study.spec, study.data)
    rows = differences(table, "infonce")
    assert {(row["settings"], row["pairs"]) for row in rows} == {(1, 3)} and rows[0]["low"] is not None
    single = differences(table[table["seed"] == 0], "infonce")
    assert single[0]["low"] is None and single[0]["p_holm"] is None


def test_tightness_by_hand(study):
    study.fill(settings=4, seeds=1)
    rows = tightness(collect(study.spec, study.data), "information_infonce_base", AVERAGE)
    assert rows[0]["bound"] == pytest.approx(1.8) and rows[0]["gap"] == pytest.approx(2.25 - 1.8)
    assert rows[0]["tau"] is None
