"""The benchmark: one file per run, resumed from what is on file, and a report without gaps."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from infoviews import registry
from infoviews.calibration import calibrate, report
from infoviews.calibration.tasks import tasks


def test_every_bound_of_information_is_compared() -> None:
    compared = calibrate.estimators()
    for name in registry.names("objectives"):
        assert name in compared or registry.get("objectives", name).KIND == "divergence"


def test_what_is_on_file_is_not_run_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = calibrate.calibrate(tmp_path, ["dense-5", "null-5"], ["cca"], seeds=2)
    assert len(first) == 4 and len(list(tmp_path.rglob("*.json"))) == 4
    for record in first:
        assert record["estimate"] == pytest.approx(tasks()[record["task"]].information, abs=0.05)
    monkeypatch.setattr(calibrate, "run_one", lambda *given: pytest.fail("ran again"))
    assert calibrate.calibrate(tmp_path, ["dense-5", "null-5"], ["cca"], seeds=2) == first


def test_one_critic_gives_all_its_readings(tmp_path: Path) -> None:
    found = {
        r["estimator"]: r["estimate"]
        for r in calibrate.calibrate(tmp_path, ["2-pair-3"], ["infonce", "nwj@infonce"], 1)
    }
    assert set(found) == {"infonce", "nwj@infonce"}
    assert all(value == pytest.approx(1.022, abs=0.1) for value in found.values())
    on_file = json.loads(next(tmp_path.rglob("*.json")).read_text())
    assert {r["estimator"] for r in on_file} == {"infonce", "dv@infonce", "nwj@infonce", "smile@infonce"}


def test_committed_runs_are_resumed_where_what_is_fitted_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = calibrate.calibrate(tmp_path / "one", ["dense-5"], ["cca", "copula"], seeds=1)
    report.write_runs(first, tmp_path)
    earlier = report.read_runs(tmp_path)
    assert [r["estimate"] for r in earlier] == [r["estimate"] for r in first]
    made: list[str] = []
    monkeypatch.setattr(
        calibrate, "run_one", lambda name, task, job, seed: made.append(job) or [dict(first[0], key="new")]
    )
    assert calibrate.calibrate(tmp_path / "two", ["dense-5"], ["cca", "copula"], 1, earlier) == earlier and made == []
    monkeypatch.setattr(calibrate, "_key", lambda job: "new" if job == "cca" else "closed")
    calibrate.calibrate(tmp_path / "two", ["dense-5"], ["cca", "copula"], 1, earlier)
    assert made == ["cca"]


def test_a_training_has_its_key_by_what_is_fitted() -> None:
    keys = [training.key for training in calibrate.trainings().values()]
    assert len(set(keys)) == len(keys)
    assert keys == [training.key for training in calibrate.trainings().values()]


def test_validation_chooses_among_the_critics_and_truth_does_not() -> None:
    def record(name: str, validation: float | None, estimate: float) -> dict:
        return {"task": "dense-5", "seed": 0, "estimator": name, "seconds": 1.0} | {
            "validation": validation,
            "estimate": estimate,
        }

    records = [record(name, v, 0.593) for name, v in zip(calibrate.CHOICES, (0.4, None, 0.6, 0.5), strict=True)]
    records[2]["estimate"] = 0.9
    (found,) = calibrate.chosen(records)
    assert found["estimator"] == calibrate.CHOSEN and found["choice"] == calibrate.CHOICES[2]
    assert found["estimate"] == 0.9 and found["seconds"] == 4.0
    assert calibrate.chosen(records[:3]) == []


def test_a_network_over_every_pair_is_kept_to_narrow_tasks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        calibrate,
        "run_one",
        lambda name, task, job, seed: [{"task": name, "estimator": job, "key": calibrate._key(job)}],
    )
    found = calibrate.calibrate(tmp_path, ["additive-0.1", "swiss-roll", "dense-5"], ["infonce-concat"], 1)
    assert [record["task"] for record in found] == ["additive-0.1"]


def test_unknown_tasks_and_estimators_name_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="did you mean 'dense-5'"):
        calibrate.calibrate(tmp_path, ["dense5"], ["cca"], 1)
    with pytest.raises(KeyError, match="did you mean 'infonce'"):
        calibrate.calibrate(tmp_path, ["dense-5"], ["infonse"], 1)


def test_report_counts_failures_and_is_the_same_twice(tmp_path: Path) -> None:
    records = []
    for task in ("dense-5", "swiss-roll", "null-5"):
        for estimator, bias in (("infonce", -0.05), ("nwj", 0.2), ("cca", 0.0)):
            for seed in range(3):
                value = tasks()[task].information + bias + 0.01 * seed
                made = None if (estimator, seed, task) == ("nwj", 2, "null-5") else value
                records.append({"task": task, "estimator": estimator, "seed": seed, "estimate": made})
                records[-1] |= {"seconds": 1.5, "failures": 0}
    frame = report.table(records)
    failed = frame[(frame["task"] == "null-5") & (frame["estimator"] == "nwj")].iloc[0]
    assert failed["failures"] == 1 and failed["seeds"] == 2
    assert frame["bias"].tolist()[:1] == pytest.approx([0.01])
    assert list(frame["task"].unique()) == ["swiss-roll", "dense-5", "null-5"]  # the order of the tasks
    for folder in ("one", "two"):
        report.write_report(records, tmp_path / folder)
    for name in ("table.csv", "exact_critic.csv", "README.md", "heatmap.svg"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    assert len(pd.read_csv(tmp_path / "one" / "table.csv")) == 9
    assert "nwj" in (tmp_path / "one" / "README.md").read_text(encoding="utf-8")
