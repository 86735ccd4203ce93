"""Curves of studies with a planted answer, and settings that share as much information as a twin."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from scipy import stats

from infoviews.analysis.analyse import run
from infoviews.analysis.answers.curves import twins
from infoviews.analysis.record import AVERAGE, Record, Verdict
from infoviews.reporting.wording import peaks
from infoviews.views import language


def first_curve(study):
    run(study.spec, study.data, study.data / "sweetspot")
    record = Record.read(study.data / "sweetspot/shape.json")
    assert not any("sentence" in vars(curve) for curve in record.curves)  # the record holds numbers, the report words
    return record


def test_planted_peak_is_found_in_a_study(study):
    study.fill(exact=True)
    found = first_curve(study)
    assert found.verdict == Verdict.PEAK and found.information == {"estimator": "exact", "features": ""}
    peak = found.curves[0].found
    assert peak.location_low <= 2.5 <= peak.location_high and "The peak is at" in peaks.answer(found.curve())


def test_monotone_study_has_no_peak(study):
    study.fill(truth=lambda information: 66 + information, noise=0.05)
    found = first_curve(study)
    assert found.verdict == Verdict.NONE and "transfer has no peak" in peaks.answer(found.curve())


def test_noisy_study_cannot_tell(study):
    study.fill(truth=lambda information: 70.0, noise=3.0)
    found = first_curve(study)
    assert found.verdict == Verdict.OPEN and "points high" in peaks.answer(found.curve())


def test_censored_settings_are_counted_and_leave_the_peaks_place_open(study):
    study.fill(objectives=("infonce",), ceiling=5.2)  # those within 1.5 nats of it are censored
    found = first_curve(study)
    curve = found.curve()
    assert found.verdict == Verdict.PEAK and curve.censored == curve.limits > 0 and curve.n == 12
    text = peaks.answer(curve)
    note = peaks.footnote(curve)
    assert note.startswith("Two-lines test (a rise, then a fall) with InfoNCE on 12 view settings: p ")
    assert f"Of these, {curve.limits} share more than the estimator can measure. " in note
    assert note.endswith("The test takes them as one group beyond the others.")
    assert ("or more]" in text) == (curve.peak.location_high == pytest.approx(curve.smooth["information"][-1]))


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        ({"settings": 4}, "fully measured settings, and this study has 4"),
        ({"ceiling": 1.0}, "all 12 measured settings are censored"),
        ({"seeds": 1}, ""),
    ],
)
def test_little_data_still_gives_a_verdict(study, spoil, words):
    study.fill(objectives=("infonce",), **spoil)
    found = first_curve(study)
    assert words in found.curves[0].reason
    assert (found.verdict == Verdict.OPEN) == bool(words)


def test_no_information_at_all(study):
    study.fill(settings=8, objectives=("infonce",))
    for path in (study.data / "information").iterdir():
        path.unlink()
    found = first_curve(study)
    assert found.verdict == Verdict.OPEN and "no setting has both" in peaks.answer(found.curve())


def mean(setting: str, role: str | None, information: float, transfer: float, half: float, **more) -> dict:
    """A row of ``settings`` with exact information."""
    exact = {f"information{end}": information for end in ("", "_low", "_high")}
    row = {"setting": setting, "role": role, "transfer": transfer, "low": transfer - half, "high": transfer + half}
    return row | exact | {"censored": False} | more


def test_twins_are_settings_of_equal_information_and_their_interval_the_t_interval():
    """Two means of 2 and 3 seeds with one pooled standard deviation of 4 degrees of freedom."""
    t = stats.t.ppf(0.975, 4) * 1.5
    rows = [
        mean("a", None, 1.5, 70, t / np.sqrt(2)),
        mean("b", None, 3.0, 80, 1),
        mean("none", "control", 1.5, 50, 1),
        mean("iso-a", "iso", 1.5, 60, t / np.sqrt(3)),
        mean("iso-c", "iso", 4.0, 60, 1),
        mean("iso-d", "iso", 5.0, np.nan, np.nan),
    ]
    near, far = twins(pd.DataFrame(rows))
    assert [near["setting"], near["twin"], far["setting"], far["twin"]] == ["iso-a", "a", "iso-c", None]
    half = t * np.sqrt(1 / 2 + 1 / 3)
    assert [near["difference"], near["low"], near["high"]] == pytest.approx([-10, -10 - half, -10 + half])
    text = peaks.against_twins([near, far])
    assert "transfer worse. Between `iso-a` and `a` the difference is -10.0 points [" in text
    assert text.endswith(
        "alone does not decide transfer. No setting of the curve shares as much information as `iso-c`."
    )
    assert peaks.against_twins([]) == ""


def test_estimated_information_is_equal_where_intervals_meet_and_a_cut_arm_does_not_count():
    rows = [
        mean("a", None, 2.0, 99, 0, information_low=1.9, information_high=2.1, low=96.0, high=100.0),
        mean("iso", "iso", 2.15, 99, 2, information_low=2.05, information_high=2.25),
    ]
    (pair,) = twins(pd.DataFrame(rows))
    assert pair["twin"] == "a" and pair["high"] == pytest.approx(np.hypot(3, 2))
    text = peaks.against_twins([pair])
    assert (
        "do not clearly transfer differently." in text
        and "difference is +0.0 points [" in text
        and text.endswith("alone decides transfer cannot be told.")
    )


def test_iso_settings_of_the_studies_share_their_twins_nats_and_no_task_factor():
    """What the sentence says of them is true of every iso setting in params.yaml."""
    found = 0
    for study in yaml.safe_load(Path(__file__).parents[2].joinpath("params.yaml").read_text())["studies"].values():
        settings = study["views"]["settings"].values()
        for view in [view for view in settings if view.get("role") == "iso"]:
            params = language.Params(**view["params"])
            exact = language.facts(None, params)["exact"]
            curve = [v for v in settings if not v.get("role") and v["params"]["shared"] == list(params.matching)]
            twin = language.facts(None, language.Params(**curve[0]["params"]))["exact"]
            assert exact["information"] == pytest.approx(twin["information"], abs=1e-6)
            assert exact["task_information"] == 0 < twin["task_information"]
            found += 1
    assert found


def test_an_iso_control_is_told_in_the_studys_answer(study):
    study.fill(exact=True, objectives=("infonce",))
    study.spec["settings"][-1]["role"] = "iso"
    study.measure(study.spec["settings"][-1]["name"], 5.0 * 5 / 11, exact=True)
    found = first_curve(study)
    text = peaks.answer(found.curve())
    assert "with InfoNCE on" in peaks.footnote(found.curve()) and found.verdict == Verdict.PEAK
    assert "transfer worse. Between `spans-2048` and `spans-32` the difference is -2.9 points [" in text
    assert found.curves[0].iso[0]["twin"] == "spans-32" and found.curves[1].iso is None


def test_names_in_sentences_are_those_of_the_tables():
    assert [peaks.task_name(task) for task in (AVERAGE, "sst2", "stsb", "own")] == [
        "the average over tasks",
        "SST-2",
        "STS-B",
        "own",
    ]
