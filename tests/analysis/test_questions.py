"""Each question answered from cells with a planted answer, and honestly where there are no such cells."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from infoviews.analysis.answers import entailment, parts, peaks, predictors, tightness
from infoviews.analysis.answers._answer import Evidence
from infoviews.analysis.evidence.designs import effect, pairs, summarise
from infoviews.analysis.evidence.scatter import levels, with_seeds
from infoviews.analysis.record import AVERAGE, Answer, Curve, Verdict
from infoviews.analysis.statistics.mixed import Spread
from infoviews.reporting.wording import critics
from infoviews.reporting.wording.questions import worded

SAME = {
    "trained_bound": "infonce",
    "trained_critic": "cosine",
    "trained_contrast": "sentences",
    "trained_additions": "",
    "trained_start": "mlm",
    "trained_params": "{}",
}


def cell(transfer: float, setting: str = "a", seed: int = 0, **more) -> dict:
    """One finished cell's row for the average; a test set of ±1 point."""
    return {
        "kind": "cell", "role": None, "task": AVERAGE, "status": "finished", "objective": "infonce", "family": "spans",
        "setting": setting, "seed": seed, "transfer": transfer, "low": transfer - 1, "high": transfer + 1,
        **SAME, **more,
    }  # fmt: skip


def evidence(rows: list[dict], similarity: pd.DataFrame | None = None, means: pd.DataFrame | None = None) -> Evidence:
    table = with_seeds(pd.DataFrame(rows))
    columns = ["first", "second", "first_setting", "second_setting", "cka", "low", "high"]
    alike = pd.DataFrame(columns=columns) if similarity is None else similarity
    means = table if means is None else means
    return Evidence(table, means, [], alike, "infonce", None, levels(table))


def test_additions_are_compared_with_the_same_less_one():
    rows = [cell(70), cell(72, trained_additions="mlm"), cell(73, trained_additions="mlm+queue"), cell(90, seed=1)]
    found = pairs(pd.DataFrame(rows), "trained_additions").set_index(["what", "against"])["gap"]
    assert found.to_dict() == {("mlm", "nothing"): 2, ("queue", "mlm"): 1}


@pytest.mark.parametrize(("gain", "word"), [(3.0, "raises"), (-3.0, "lowers"), (0.0, "does not clearly change")])
def test_local_contrast_is_held_against_the_global_one(gain, word):
    rng = np.random.default_rng(0)
    rows = []
    for setting in "abcd":
        base = 70 + rng.standard_normal()
        rows.append(cell(base, setting))
        more = {"objective": "infonce-tokens", "trained_contrast": "tokens"}
        rows.append(cell(base + gain + 0.3 * rng.standard_normal(), setting, **more))
    answer = parts.local(evidence(rows))
    row = answer.rows[0]
    assert worded(answer).sentence.startswith(
        f"The `tokens` contrast {word} average transfer: {row['difference']:+.1f} "
    )
    assert row["n"] == 4 and row["low"] < gain < row["high"] and row["what"] == "tokens" and row["over"] == "settings"


def test_intervals_fall_back_from_settings_to_seeds_to_test_examples():
    seeds = {"seed_se": 0.5, "seed_freedom": 6}
    found = pd.DataFrame({"setting": list("aabb"), "family": list("xxyy"), "seed": [0, 1, 0, 1], "gap": [1.0, 2, 3, 4]})
    found = found.assign(example_se=0.5, task="x", **seeds)
    pooled = {"x": {"setting": Spread(0.7, 5)}}
    whole, one = (summarise(f, ["task"], pooled)[0] for f in (found, found.head(2)))
    fixed = summarise(found, ["task"], {})[0]
    single = summarise(found.assign(seed_freedom=1).head(1), ["task"], pooled)[0]
    assert [r["over"] for r in (whole, one, fixed, single)] == ["settings", "seeds", "seeds", "test examples"]
    t, s, example = stats.t.ppf(0.975, 6) * 0.5, stats.t.ppf(0.975, 5) * 0.7, 1.959964 * 0.5
    # Two settings of two cells each, both cells of a difference with a spread of their own.
    assert whole["high"] == pytest.approx(2.5 + np.sqrt((t / 2) ** 2 + s**2 + example**2))
    assert fixed["high"] == pytest.approx(2.5 + np.hypot(t / 2, example))
    assert one["high"] == pytest.approx(1.5 + np.hypot(t / np.sqrt(2), example))
    assert single["high"] - 1 == pytest.approx(example) and effect(single) == "better"


def test_the_tighter_bound_is_told_by_its_value():
    rng = np.random.default_rng(1)
    rows = []
    for setting in "abcde":
        rows.append(cell(70 + 0.1 * rng.standard_normal(), setting, bound=3.0))
        worse = 68 + 0.1 * rng.standard_normal()
        rows.append(cell(worse, setting, bound=4.0, objective="nwj", trained_bound="nwj"))
        rows.append(
            cell(99, setting, bound=9.0, objective="smile", trained_bound="smile")
        )  # no bound: does not compete
    answer = tightness.answer(evidence(rows))
    said = worded(answer).sentence
    assert said.startswith("The tighter bound transfers worse. ") and "from the loosest's by -2.0 points [" in said
    assert "1.00 nats apart" in said and {r["tighter"] for r in answer.rows} == {"nwj"}
    assert "5 pairs of cells from 5 settings" in said and answer.facts["gap"]["over"] == "settings"


def test_bounds_compete_with_the_same_critic_and_parameters_only():
    hot = '{"trained_critic": {"cosine": {"temperature": 1.0}}}'
    rows = [
        cell(80, bound=5.0),
        cell(60, bound=1.0, objective="warm", trained_params=hot),
        cell(70, bound=4.0, objective="bilinear", trained_critic="bilinear"),
        cell(50, bound=2.0, objective="nwj", trained_bound="nwj", trained_critic="dot"),
    ]
    assert tightness.contests(pd.DataFrame(rows)).empty
    twice = [cell(75, bound=6.0, objective="again"), cell(65, bound=5.5, objective="once more")]
    assert tightness.contests(pd.DataFrame([*rows, *twice])).empty  # one bound, however often
    rows.append(cell(52, bound=3.0, objective="infonce-dot", trained_critic="dot", trained_params="{}"))
    rows.append(cell(55, bound=1.5, objective="tuba", trained_bound="tuba", trained_critic="dot"))
    answer = tightness.answer(evidence(rows))
    (row,) = answer.rows
    assert (row["critic"], row["tighter"], row["looser"], row["difference"]) == ("dot", "infonce-dot", "tuba", -3)
    assert "one pair of cells from one setting, with the critic `dot`." in worded(answer).sentence
    assert answer.facts["gap"]["over"] == "test examples"


def family_means(shift: float) -> pd.DataFrame:
    rows = []
    for family, extra in (("crop", 0.0), ("entailment", shift), ("paraphrase", 0.0)):
        for index, task in enumerate(("mr", "cr", "subj", "trec")):
            value = 70 + 3 * index + extra * (-1) ** index
            shared = {"objective": "infonce", "role": None, "family": family, "setting": family, "task": task}
            rows.append({**shared, "transfer": value, "low": value - 0.5, "high": value + 0.5})
    return pd.DataFrame(rows)


def test_profiles_apart_by_a_known_distance():
    alike = pd.DataFrame(
        [
            {"first_setting": "crop", "second_setting": "entailment", "cka": 0.4, "low": 0.3, "high": 0.5},
            {"first_setting": "crop", "second_setting": "crop", "cka": 0.9, "low": 0.8, "high": 1.0},
        ]
    )
    answer = entailment.profiles(evidence([cell(70)], alike, family_means(5.0)))
    row = next(r for r in answer.rows if {r["first"], r["second"]} == {"crop", "entailment"})
    assert row["distance"] == pytest.approx(5, abs=0.05) and row["distance_low"] < 5 < row["distance_high"]
    said = worded(answer).sentence
    assert "CKA of their encoders is 0.40 [0.30, 0.50]. Two seeds of the same views have 0.90." in said
    assert said.startswith("Crop and entailment differ as training signals.")
    same = entailment.profiles(evidence([cell(70)], None, family_means(0.0)))
    assert worded(same).sentence.startswith("No difference between crop and entailment as training signals is shown.")


def test_distance_of_profiles_is_unbiased_and_covered():
    rng = np.random.default_rng(3)
    truth, noise = np.array([2.0, -2, 2, -2, 2, -2]), 1.0
    found = [entailment.spread(truth + noise * rng.standard_normal(6), np.full(6, noise**2), rng) for _ in range(200)]
    assert np.mean([f["distance"] ** 2 for f in found]) == pytest.approx(4, abs=0.6)
    covered = np.mean([f["distance_low"] <= 2 <= f["distance_high"] for f in found])
    assert 0.88 <= covered <= 1.0
    assert entailment.spread(np.array([1.0]), np.array([1.0]), rng)["distance"] is None


def test_an_asymmetric_critic_gains_on_one_way_views_alone():
    rows = []
    for family, gain in (("entailment", 4.0), ("paraphrase", 0.0)):
        for seed in range(4):
            rows.append(cell(70 + 0.1 * seed, family, seed, family=family))
            rows.append(cell(70 + gain + 0.05 * seed**2, family, seed, family=family, trained_critic="bilinear"))
    answer = entailment.asymmetry(evidence(rows))
    assert "gains on one-way views; no gain on two-way" in worded(answer).sentence and len(answer.rows) == 2
    reverse = [{**row, "family": {"entailment": "paraphrase"}.get(row["family"], "entailment")} for row in rows]
    assert "is not shown to gain on one-way views alone" in worded(entailment.asymmetry(evidence(reverse))).sentence


def change(difference: float, half: float) -> dict:
    return {"difference": difference, "low": difference - half, "high": difference + half}


def test_a_gain_beside_one_that_is_not_significant_is_no_gain_alone():
    def told(one: dict, two: dict) -> str:
        rows = [{"family": f, "task": AVERAGE, **row} for f, row in (("entailment", one), ("paraphrase", two))]
        return critics.asymmetry(Answer("asymmetry", [], rows, {"more": entailment.less(one, two)}))

    said = told(change(1.0, 0.9), change(0.9, 1.0))
    assert (
        "On entailment it changes average transfer by +1.0 points [0.1, 1.9]. On paraphrase it does so by +0.9" in said
    )
    assert (
        said.startswith("An asymmetric critic is not shown")
        and "difference of the two is +0.1 points [-1.2, 1.4]" in said
    )
    assert "no gain on two-way ones is shown" in told(change(3.0, 0.9), change(0.0, 1.0))
    assert "gains on both kinds of views, and more on one-way" in told(change(9.0, 1.0), change(3.0, 1.0))
    unknown = {"difference": 0.0, "low": None, "high": None}
    assert "is not shown" in told(change(9.0, 1.0), unknown)


def test_a_difference_of_gains_covers_the_truth():
    rng, covered = np.random.default_rng(8), 0
    for _ in range(400):
        one, two = 2 + rng.standard_normal(), 0.5 + 2 * rng.standard_normal()
        found = entailment.less(change(one, 1.96), change(two, 2 * 1.96))
        covered += found["low"] <= 1.5 <= found["high"]
    assert 0.92 <= covered / 400 <= 0.98


def test_a_measure_that_orders_the_settings_predicts_and_noise_does_not():
    rng = np.random.default_rng(4)
    rows = [
        cell(60 + i, f"s{i}", quality_dependency=-float(i), quality_noise=float(rng.standard_normal()))
        for i in range(12)
    ]
    answer = predictors.representation(evidence(rows))
    found = {row["measure"]: row for row in answer.rows}
    assert found["dependency"]["tau"] == pytest.approx(-1) and found["noise"]["low"] < 0 < found["noise"]["high"]
    said = worded(answer).sentence
    assert "Dependency is lower where transfer is higher: τ = -1.00 [" in said and "Noise does not clearly" in said


def test_without_cells_no_question_is_asked_and_each_says_what_it_needs(study):
    bare = evidence([cell(70)])
    answers = [tightness.answer(bare), entailment.profiles(bare), entailment.asymmetry(bare)]
    answers += [
        parts.local(bare),
        parts.additions(bare),
        predictors.representation(bare),
        predictors.information([]),
    ]
    for answer in answers:
        words = worded(answer)
        assert words.sentence == "" and answer.rows == [] and words.question.endswith("?") and words.needs


def test_families_too_small_to_be_tested_are_named_once():
    of = {"objective": "infonce", "limits": 0, "censored": 0, "unmeasured": 0, "absent": 0, "seeds": 2, "reason": ""}
    of |= {"verdict": Verdict.OPEN, "p_holm": None}
    small = [Curve(**of, task=t, family=f, n=1, p=None) for t in (AVERAGE, "mr") for f in ("crop", "mask")]
    whole = [Curve(**of, task=t, family="all", n=8, p=0.5) for t in (AVERAGE, "mr")]
    given = evidence([cell(70)])
    answer = peaks.answer(Evidence(given.results, given.means, whole + small, given.similarity, "infonce", None))
    assert [(row["task"], row["family"]) for row in answer.rows] == [(AVERAGE, "all"), ("mr", "all")]
    assert "settings are not tested alone: crop and mask." in worded(answer).note
    assert answer.facts["few"] == {"crop": 1, "mask": 1} and answer.facts["alone"] == []


def test_rivals_worse_than_the_mean_are_called_so():
    row = {"rival": "overlap", "n": 9, "alone": -0.3, "information": -0.1, "both": -1.0, "gain": -0.7}
    said = worded(predictors.information([{**row, "low": -2.0, "high": 0.5}])).sentence
    assert "None predicts a setting's transfer better" in said and "The dial is left out" in said
    assert "Information added to token overlap is not shown to predict transfer better." in said
    said = worded(predictors.information([{**row, "alone": 0.3, "low": 0.1, "high": 0.5}])).sentence
    assert "None predicts" not in said and "Information added to token overlap predicts transfer better." in said
