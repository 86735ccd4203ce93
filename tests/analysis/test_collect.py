"""The join: every cell is there, with its own numbers, whatever is missing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from infoviews.analysis.analyse import run
from infoviews.analysis.evidence.dictionary import dictionary
from infoviews.analysis.evidence.estimates import axis, estimates, on_axis
from infoviews.analysis.evidence.join import collect
from infoviews.analysis.evidence.settings import settings
from infoviews.analysis.record import AVERAGE
from infoviews.files import read_json
from infoviews.transfer.score import SEVEN, SIX


def test_one_row_per_cell_and_task(study):
    study.fill(settings=3, seeds=2)
    table = collect(study.spec, study.data)
    assert len(table) == (3 * 2 * 2 + 4) * 7
    row = table[(table["name"] == "jsd__spans-4__s1") & (table["task"] == "mrpc")].iloc[0]
    assert row["dial"] == 4 and row["seed"] == 1 and row["f1"] == pytest.approx(row["transfer"] + 8)
    assert row["information"] == pytest.approx(4.5) and row["overlap"] == pytest.approx(2 / 3)
    assert row["loss"] == pytest.approx(4 - 1 - 0.9)


def test_average_is_the_mean_of_the_tasks(study):
    study.fill(settings=2, seeds=1)
    table = collect(study.spec, study.data)
    for _, rows in table.groupby("name"):
        tasks = rows[rows["task"] != AVERAGE]
        assert rows.loc[rows["task"] == AVERAGE, "transfer"].item() == pytest.approx(tasks["transfer"].mean())


def test_average_without_a_recorded_one_has_independent_test_sets(study):
    study.fill(settings=1, seeds=1, objectives=("infonce",))
    record = study.scores(70.0, np.random.default_rng(0))
    study.write("transfer/infonce__spans-1__s0.json", {**record, "averages": {}})
    table = collect(study.spec, study.data)
    row = table[(table["kind"] == "cell") & (table["task"] == AVERAGE)].iloc[0]
    assert row["transfer"] == pytest.approx(70.0)
    assert row["high"] - row["transfer"] == pytest.approx(1.2 / np.sqrt(6))


@pytest.mark.parametrize(
    ("tasks", "recorded"),
    [
        (["mr", "cr", "subj"], None),
        (["mr", "cr", "subj", "sst2", "trec", "mrpc"], "six"),
        (["mrpc", "mr", "cr", "subj", "sst2", "trec"], "six"),
        (["mr", "cr", "subj", "sst2", "trec", "mrpc", "mpqa"], "seven"),
        (["mr", "cr", "subj", "sst2", "trec", "mrpc", "sick_e"], None),
    ],
)
def test_a_recorded_average_counts_only_if_it_is_over_the_studys_tasks(study, tasks, recorded):
    study.fill(settings=1, seeds=1, objectives=("infonce",))
    record = study.scores(70.0, np.random.default_rng(0))
    for extra, value in (("mpqa", 80.0), ("sick_e", 90.0)):
        record["tasks"][extra] = {
            "metric": "accuracy",
            "dev": value,
            "test": value,
            "low": value - 1,
            "high": value + 1,
        }
    over = {name: [record["tasks"][task]["test"] for task in of] for name, of in (("six", SIX), ("seven", SEVEN))}
    means = {name: float(np.mean(values)) for name, values in over.items()}
    averages = {name: {"test": mean, "low": mean - 0.3, "high": mean + 0.3} for name, mean in means.items()}
    if len(tasks) == 3:  # what the evaluator records where a task is lacking
        averages = {"six": None, "seven": None}
    study.write("transfer/infonce__spans-1__s0.json", {**record, "averages": averages})
    table = collect(study.spec | {"tasks": tasks}, study.data)
    row = table[(table["kind"] == "cell") & (table["task"] == AVERAGE)].iloc[0]
    scores = [record["tasks"][task] for task in tasks]
    assert row["status"] == "finished" and row["transfer"] == pytest.approx(np.mean([s["test"] for s in scores]))
    assert row["dev"] == pytest.approx(np.mean([s["dev"] for s in scores]))
    halves = [(s["high"] - s["low"]) / 2 for s in scores]
    half = 0.3 if recorded else np.hypot.reduce(halves) / len(scores)
    assert row["high"] - row["transfer"] == pytest.approx(half)


def test_missing_and_failed_cells_stay_visible(study):
    study.fill(settings=3, seeds=2, objectives=("infonce",))
    (study.data / "transfer/infonce__spans-1__s0.json").unlink()
    study.write("transfer/infonce__spans-2__s0.json", {"status": "failed", "reason": "loss is not finite"})
    study.write("checkpoints/infonce__spans-4__s0/run.json", {"status": "failed", "reason": "killed"})
    table = collect(study.spec, study.data)
    cells = table[(table["kind"] == "cell") & (table["task"] == AVERAGE)].set_index("name")
    assert cells.loc["infonce__spans-1__s0", "status"] == "missing"
    assert cells.loc["infonce__spans-2__s0", ["status", "reason"]].tolist() == ["failed", "loss is not finite"]
    assert cells.loc["infonce__spans-4__s0", "status"] == "failed"
    means = settings(table)
    assert means.groupby("setting")[["seeds", "absent"]].first().to_numpy().tolist() == [[1, 1]] * 3


def test_information_that_is_gone_is_said_but_not_of_systems_views_which_are_not_measured(study, caplog):
    study.fill(settings=3, seeds=1, objectives=("infonce",))
    study.spec["settings"][1]["role"] = "system"
    for name in ("spans-2", "spans-4"):
        (study.data / f"information/{name}.json").unlink()
    collect(study.spec, study.data)
    assert [record.message.partition(": ")[0] for record in caplog.records] == [
        f"{study.data}/information/spans-4.json"
    ]


def test_the_largest_number_of_candidates_is_the_column(study):
    study.fill(settings=1, seeds=1)
    shared = {"estimator": "infonce", "features": "base", "low": 1.0, "high": 2.0, "n": 9, "ceiling": 9.0, "flag": ""}
    rows = [{**shared, "estimate": v, "k": k} for v, k in ((1.5, 4096), (1.2, 1024), (1.1, 256))]
    study.write("information/spans-1.json", {"setting": "spans-1", "exact": None, "estimates": rows})
    assert estimates(study.data, ["spans-1"])["information"].tolist() == [1.5]
    assert collect(study.spec, study.data)["information"].dropna().unique() == [1.5]


def test_exact_information_is_used_where_every_setting_has_it(study):
    study.fill(settings=3, seeds=1, exact=True)
    names = ["spans-1", "spans-2", "spans-4"]
    assert axis(estimates(study.data, names), study.spec) == ("exact", "")
    assert collect(study.spec, study.data)["information"].dropna().unique() == pytest.approx([0.0, 2.5, 5.0])
    study.measure("spans-2", 1.0)
    assert axis(estimates(study.data, names), study.spec) == ("infonce", "base")


def test_features_are_those_named_or_those_of_the_base_the_cells_start_from(study):
    study.fill(settings=2, seeds=1)
    found = estimates(study.data, ["spans-1", "spans-2"])
    both = pd.concat([found.assign(features="mlm"), found.assign(features="first")])
    assert axis(both, study.spec) == ("infonce", "first")
    assert axis(both, study.spec | {"start": "mlm"}) == ("infonce", "mlm")
    named = {"estimator": "dv", "features": "mlm"}
    assert axis(both, study.spec | {"start": "first", "sweetspot": named}) == ("dv", "mlm")


def test_control_settings_are_no_part_of_the_curve(study):
    study.fill(settings=8, seeds=1)
    study.spec["settings"][0]["role"] = "control"
    run(study.spec, study.data, study.data / "sweetspot")
    shape = read_json(study.data / "sweetspot/shape.json")
    assert {c["n"] for c in shape["curves"]} == {7}


def test_seed_interval_is_the_t_interval_of_the_pooled_spread(study):
    study.fill(settings=1, seeds=2, objectives=("infonce",))
    for seed, value in enumerate((70.0, 72.0)):
        record = study.scores(value, np.random.default_rng(0))
        record["averages"]["six"] = {"test": value, "low": value, "high": value}
        study.write(f"transfer/infonce__spans-1__s{seed}.json", record)
    means = settings(collect(study.spec, study.data))
    row = means[means["task"] == AVERAGE].iloc[0]
    # Two values: t(1) quantile 12.706 times sd √2 over √2.
    assert row["high"] - row["transfer"] == pytest.approx(12.7062, rel=1e-4)


def test_censoring_by_ceiling_and_by_flag(study):
    study.fill(settings=3, seeds=1, ceiling=5.0)
    means = settings(collect(study.spec, study.data))
    by_setting = means.groupby("setting")["censored"].first()
    assert by_setting.to_dict() == {"spans-1": False, "spans-2": False, "spans-4": True}


def test_files_are_written_and_every_column_is_explained(study):
    study.fill(settings=7, seeds=2)
    out = study.data / "sweetspot"
    run(study.spec, study.data, out)
    table, tidy = pd.read_csv(out / "results.csv"), pd.read_parquet(out / "results.parquet")
    assert list(table.columns) == list(tidy.columns) and len(table) == len(tidy)
    explained = pd.read_csv(out / "dictionary.csv", keep_default_na=False)
    assert set(table.columns) <= set(explained["column"]) and explained["meaning"].ne("").all()
    assert set(pd.read_csv(out / "estimates.csv").columns) <= set(explained["column"])
    assert dictionary(["ceiling"])["unit"].item() == "nats"
    first = {path.name: path.read_bytes() for path in out.iterdir()}
    run(study.spec, study.data, out)
    assert first == {path.name: path.read_bytes() for path in out.iterdir()}


def test_a_study_without_cells_is_an_error(study):
    with pytest.raises(ValueError, match="names no cells"):
        run(study.spec, study.data, study.data / "sweetspot")


def test_what_lies_below_another_bound_is_not_taken_for_the_axis(study):
    study.fill(settings=2, seeds=1, objectives=("infonce",))
    shared = {"estimator": "infonce", "low": 0.9, "high": 1.1, "ceiling": 9.0, "k": 4096}
    rows = [
        {**shared, "features": "chosen", "estimate": 1.0, "flag": "below another bound"},
        {**shared, "features": "other", "estimate": 2.0, "flag": ""},
    ]
    study.write("information/spans-1.json", {"setting": "spans-1", "exact": None, "estimates": rows})
    found = estimates(study.data, ["spans-1"])
    assert np.isnan(on_axis(found, ("infonce", "chosen")).loc["spans-1", "information"])
    assert on_axis(found, ("infonce", "other")).loc["spans-1", "information"] == 2.0


def test_the_setting_that_rate_and_steps_were_tuned_on_is_no_point_of_the_curve(study):
    study.fill(settings=3, seeds=1, objectives=("infonce",))
    study.spec["sweetspot"]["tuned_on"] = "spans-2"
    roles = collect(study.spec, study.data).drop_duplicates("setting").dropna(subset=["setting"]).set_index("setting")
    assert roles["role"].dropna().to_dict() == {"spans-2": "tuned"} and len(roles) == 3
