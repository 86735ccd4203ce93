"""Agreement, the repeated test, seeds' spread and rival predictors against slow versions and planted relations."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import LeaveOneOut, cross_val_predict

from infoviews.analysis.answers.curves import curve
from infoviews.analysis.answers.prediction import family_levels, left_out_errors, r_squared, ranks_within, rivals
from infoviews.analysis.answers.robustness import Measures, agreement, measures, sensitivity
from infoviews.analysis.evidence.estimates import estimates
from infoviews.analysis.evidence.join import collect
from infoviews.analysis.evidence.scatter import pooled_spread, seed_spread
from infoviews.analysis.evidence.settings import mean_columns, settings
from infoviews.analysis.record import AVERAGE
from infoviews.analysis.statistics.two_lines import two_lines
from infoviews.seals import read_record, write_record


def main_points(study):
    results = collect(study.spec, study.data)
    means = settings(results)
    return results, means[(means["objective"] == "infonce") & (means["task"] == AVERAGE)]


def measured(study):
    return measures(estimates(study.data, [setting["name"] for setting in study.spec["settings"]]))


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
    tau = {(r["first"], r["second"]): r["tau"] for r in agreement(Measures(table, table > 3, table > 9))}
    assert tau["a", "b"] == pytest.approx(4 / 6) and tau["a", "c"] == -1 and tau["a", "d"] is None


def test_the_test_is_repeated_for_every_estimator(study):
    study.fill(settings=10, seeds=2)
    _, points = main_points(study)
    tests = {row["variant"]: row for row in sensitivity(points, measured(study), "infonce_base")}
    main = "main analysis (information by infonce_base)"
    # No setting is censored, so the row with the censored ones would say the same again.
    assert list(tests) == [main, "information by dv_base", "ranks of infonce_base"]
    # Every estimator is a multiple of the truth here, and the grid is even: the same test each time.
    assert len({round(row["p"], 12) for row in tests.values()}) == 1


def flag(study, setting: str, estimator: str, text: str) -> None:
    """Mark one estimate of a made-up study."""
    path = study.data / f"information/{setting}.json"
    record = read_record(path)
    for estimate in record["estimates"]:
        estimate["flag"] = text if estimate["estimator"] == estimator else estimate["flag"]
    write_record(path, record)


def test_each_estimator_is_tested_where_its_own_value_is_not_doubtful(study):
    study.fill(settings=12, seeds=2)
    flag(study, "spans-2048", "infonce", "censored")
    for setting in ("spans-1", "spans-1024", "spans-2048"):
        flag(study, setting, "dv", "above log n")
    _, points = main_points(study)
    table = measured(study)
    found = {row["variant"]: row for row in sensitivity(points, table, "infonce_base")}
    assert {name: row["n"] for name, row in found.items()} == {
        "main analysis (information by infonce_base)": 12,
        "information by dv_base": 9,
        "ranks of infonce_base": 12,
        "infonce_base without censored settings": 11,
    }
    assert [row["limits"] for row in found.values()] == [1, 0, 1, 0]
    kept = points[~points["setting"].isin(["spans-1", "spans-1024", "spans-2048"])]
    slow = two_lines(kept["setting"].map(table.nats["dv_base"]).to_numpy(float), kept["transfer"].to_numpy(float))
    row = found["information by dv_base"]
    assert (row["p"], row["slope_low"], row["slope_high"]) == pytest.approx((slow.p, slow.slope_low, slow.slope_high))


def test_the_first_row_is_the_main_curve_with_its_families_and_lower_limits(study):
    study.fill(settings=14, seeds=2, noise=0.4)
    for cell in study.spec["cells"]:
        cell["family"] = "crop" if int(cell["dial"]).bit_length() % 2 else "spans"
    flag(study, "spans-8192", "infonce", "censored")
    _, points = main_points(study)
    main, row = (
        curve(points, {"bootstrap": 20, "power": 2}, 0),
        sensitivity(points, measured(study), "infonce_base")[0],
    )
    assert row["n"] == main["n"] == 14 and row["limits"] == main["limits"] == 1 and row["p"] == pytest.approx(main["p"])
    assert row["slope_low"] == pytest.approx(main["two_lines"]["slope_low"])


def test_nothing_measured_leaves_every_test_open(study):
    study.fill(settings=7, seeds=2)
    for path in (study.data / "information").iterdir():
        path.unlink()
    _, points = main_points(study)
    assert agreement(measured(study)) == []
    assert {row["p"] for row in sensitivity(points, measured(study), "infonce_base")} == {None}


def seeded(scores: dict[tuple[str, str], list[float]]) -> pd.DataFrame:
    """Cells of one task with an interval of ±1.96 points: seeds' scores of each objective and setting."""
    rows = [
        {
            "objective": objective,
            "setting": setting,
            "transfer": value,
            "low": value - 1.959964,
            "high": value + 1.959964,
        }
        for (objective, setting), values in scores.items()
        for value in values
    ]
    return pd.DataFrame(rows)


def test_objectives_with_few_seeds_borrow_the_spread_of_others():
    nan = float("nan")
    many = {("infonce", f"spans-{i}"): [70.0, 70.0 + i] for i in range(4)}
    cells = seeded(many | {("jsd", "spans-1"): [60.0, 66.0], ("dv", "spans-1"): [50.0, nan], ("nwj", "spans-1"): [nan]})
    own = (0 + 1 + 4 + 9) / 2
    # Two values a and b lie (a - b)² / 2 from their mean, at one degree of freedom.
    assert seed_spread(cells, "infonce") == (pytest.approx(np.sqrt(own / 4)), 4)
    for few in ("jsd", "dv", "nwj"):
        assert seed_spread(cells, few) == (pytest.approx(np.sqrt((own + 18) / 5)), 5)
    assert seed_spread(cells[cells["objective"] == "nwj"], "nwj") == (None, 0)
    wild = seeded(many | {(name, "spans-1"): [60.0, 66.0] for name in ("jsd", "dv", "smile", "mine")})
    assert seed_spread(wild, "dv") == (pytest.approx(np.sqrt(18)), 4), "of those with few alone"


def test_intervals_stay_between_nothing_and_everything():
    for centre in (1.0, 99.0):
        cells = seeded({("dv", "tasks"): [centre - 1, centre + 1]})
        found = mean_columns(cells, *pooled_spread(cells))
        assert 0 <= found["low"] <= found["transfer"] == centre <= found["high"] <= 100
        assert (found["low"], found["high"])[centre > 50] == (0, 100)[centre > 50]


def test_nineteen_of_twenty_intervals_hold_the_truth_where_objectives_share_their_spread():
    rng = np.random.default_rng(3)
    held = []
    for _ in range(300):
        luck = rng.standard_normal()  # of the test examples, which the seeds share
        cells = seeded({(name, "tasks"): list(50 + luck + 2 * rng.standard_normal(2)) for name in "abcdefg"})
        mean = mean_columns(cells[cells["objective"] == "a"], *seed_spread(cells, "a"))
        held.append(mean["low"] < 50 < mean["high"])
    assert np.mean(held) == pytest.approx(0.95, abs=3 * np.sqrt(0.05 * 0.95 / 300))


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
