"""Two lines, smoother, peak and verdict against closed forms, slow versions and planted curves."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.interpolate import make_smoothing_spline

from infoviews.analysis.analyse import run
from infoviews.analysis.answers.curves import twins
from infoviews.analysis.answers.verdict import holm, verdict
from infoviews.analysis.record import AVERAGE, Record, Verdict
from infoviews.analysis.statistics.peak import find_peak, parabola_peak, vertices
from infoviews.analysis.statistics.polynomials import describe
from infoviews.analysis.statistics.power import power
from infoviews.analysis.statistics.spline import posterior, roughness, smooth
from infoviews.analysis.statistics.two_lines import interrupted, two_lines
from infoviews.reporting.wording import peaks
from infoviews.views import language

GRID = np.linspace(0, 5, 12)


def noise(seed: int, scale: float = 0.2, n: int = 12) -> np.ndarray:
    return scale * np.random.default_rng(seed).standard_normal(n)


def test_smoother_with_given_penalty_is_scipys_smoothing_spline():
    x = np.sort(np.random.default_rng(0).uniform(0, 1, 9))
    y = np.sin(5 * x)
    mine = np.linalg.solve(np.eye(9) + 0.01 * roughness(x), y)
    assert mine == pytest.approx(make_smoothing_spline(x, y, lam=0.01)(x), abs=1e-8)


def test_smoother_leaves_a_straight_line_alone():
    assert smooth(GRID, 3 + 2 * GRID).fitted == pytest.approx(3 + 2 * GRID)


def test_interrupted_lines_are_two_regressions():
    y = np.where(GRID < 2.6, GRID, 5.2 - GRID) + noise(1)
    lines = interrupted(GRID, y, 2.6)
    left, right = GRID < 2.6, GRID > 2.6
    assert lines.slope_low == pytest.approx(stats.linregress(GRID[left], y[left]).slope)
    assert lines.slope_high == pytest.approx(stats.linregress(GRID[right], y[right]).slope)
    rest = sum(((y[s] - np.polyval(np.polyfit(GRID[s], y[s], 1), GRID[s])) ** 2).sum() for s in (left, right))
    t = lines.slope_low * np.sqrt(((GRID[left] - GRID[left].mean()) ** 2).sum()) / np.sqrt(rest / 8)
    assert lines.p_low == pytest.approx(2 * stats.t.sf(t, 8))


def test_peak_found_and_monotone_not():
    assert two_lines(GRID, -((GRID - 2.5) ** 2) + noise(2)).p < 0.01
    assert two_lines(GRID, GRID + noise(2)).p == 1.0
    assert two_lines(GRID, (GRID - 2.5) ** 2 + noise(2)).p == 1.0


@given(st.integers(0, 999), st.floats(0.1, 100), st.floats(-50, 50))
def test_verdict_is_blind_to_the_units(seed, scale, shift):
    y = -((GRID - 2) ** 2) + noise(seed, 1.0)
    first, second = two_lines(GRID, y), two_lines(scale * GRID + shift, scale * y + shift)
    assert second.p == pytest.approx(first.p, rel=1e-5, abs=1e-9)


def test_too_few_points_say_so():
    with pytest.raises(ValueError, match="given 5 with 5"):
        two_lines(GRID[:5], GRID[:5])


def test_ties_and_constant_transfer_do_not_break():
    assert two_lines(np.repeat(GRID[:6], 2), noise(3)).p <= 1
    assert two_lines(GRID, np.full(12, 70.0)).p == 1.0


def test_vertex_of_exact_parabolas():
    x, y = np.stack([GRID] * 3), np.stack([-((GRID - 2) ** 2) + 7, GRID, -GRID])
    location, height, inside = vertices(x, y)
    assert location == pytest.approx([2, 5, 0], abs=1e-5) and height == pytest.approx([7, 5, 0], abs=1e-5)
    assert inside.tolist() == [True, False, False]


@pytest.mark.parametrize("peak_of", [find_peak, parabola_peak])
def test_interval_holds_the_planted_peak(peak_of):
    y = 70 - (GRID - 2) ** 2 + noise(3)
    found = peak_of(GRID, y, 0.1, 500, np.random.default_rng(0))
    found = found[0] if isinstance(found, tuple) else found
    assert found.location_low < 2 < found.location_high and found.height_low < 70 < found.height_high
    assert found.inside > 0.99


def test_posterior_narrows_to_the_curve_and_is_straight_for_a_line():
    grid, curves = posterior(GRID, np.sin(GRID) + noise(0, 1e-4), 200, np.random.default_rng(0))
    assert np.abs(curves.mean(axis=0) - np.sin(grid)).max() < 0.05
    grid, curves = posterior(GRID, 3 * GRID + noise(0, 1e-3), 200, np.random.default_rng(0))
    assert np.abs(curves - 3 * grid).max() < 0.05


def test_polynomials_by_slow_leave_one_out():
    y = 70 - (GRID - 2) ** 2 + noise(4)
    errors = []
    for i in range(12):
        rest = np.arange(12) != i
        errors.append(y[i] - np.polyval(np.polyfit(GRID[rest], y[rest], 2), GRID[i]))
    found = describe(GRID, y)
    assert found["quadratic"]["loo_rmse"] == pytest.approx(np.sqrt(np.mean(np.square(errors))))
    assert found["quadratic"]["aicc"] < found["linear"]["aicc"]
    assert describe(GRID, GRID)["isotonic"] == {"direction": "rising", "rmse": pytest.approx(0)}


def test_holm_by_hand():
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([]) == []


def test_power_grows_as_noise_falls_and_names_a_detectable_effect():
    quiet, loud = power(GRID, 0.05, 0, 60, 0), power(GRID, 1.0, 0, 60, 0)
    assert quiet["at_one_point"] >= 0.95 > loud["at_one_point"]
    assert quiet["detectable"] < 1 < loud["detectable"]
    assert loud["detectable"] == pytest.approx(20 * quiet["detectable"])


def test_verdicts():
    assert [verdict(0.01, 0.1), verdict(0.5, 0.9), verdict(0.5, 0.3)] == [Verdict.PEAK, Verdict.NONE, Verdict.OPEN]


def first_curve(study):
    run(study.spec, study.data, study.data / "sweetspot")
    record = Record.read(study.data / "sweetspot/shape.json")
    assert not any("sentence" in curve for curve in record.curves)  # the record holds numbers, the report words
    return record


def test_planted_peak_is_found_in_a_study(study):
    study.fill(exact=True)
    found = first_curve(study)
    assert found.verdict == Verdict.PEAK and found.information == "information_exact"
    peak = found.curves[0]["peak"]
    assert peak["location_low"] <= 2.5 <= peak["location_high"] and "The peak is at" in peaks.answer(found.curve())


def test_monotone_study_has_no_peak(study):
    study.fill(truth=lambda information: 66 + information, noise=0.05)
    found = first_curve(study)
    assert found.verdict == Verdict.NONE and peaks.answer(found.curve()).startswith("No peak")


def test_noisy_study_cannot_tell(study):
    study.fill(truth=lambda information: 70.0, noise=3.0)
    found = first_curve(study)
    assert found.verdict == Verdict.OPEN and "points high" in peaks.answer(found.curve())


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        ({"settings": 4}, "there are 4 with 4"),
        ({"ceiling": 1.0}, "all 12 measured settings are censored"),
        ({"seeds": 1}, ""),
    ],
)
def test_little_data_still_gives_a_verdict(study, spoil, words):
    study.fill(objectives=("infonce",), **spoil)
    found = first_curve(study)
    assert words in found.curves[0]["reason"]
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
    assert "transfer worse: -10.0 points [" in text and "`iso-a` against `a` (1.50 nats)" in text
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
    assert "do not clearly transfer differently: +0.0 points" in text and text.endswith(
        "alone decides transfer cannot be told."
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
    assert "(InfoNCE, all view families)" in text and found.verdict == Verdict.PEAK
    assert "transfer worse: -2.9 points [" in peaks.answer(found.curve()) and "`spans-2048` against `spans-32`" in text
    assert found.curves[0]["iso"][0]["twin"] == "spans-32" and "iso" not in found.curves[1]


def test_names_in_sentences_are_those_of_the_tables():
    assert [peaks.titled(task) for task in (AVERAGE, "sst2", "stsb", "own")] == [
        "the average over tasks",
        "SST-2",
        "STS-B",
        "own",
    ]
