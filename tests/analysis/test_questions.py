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
from infoviews.analysis.record import AVERAGE, Curve, Verdict
from infoviews.analysis.statistics.mixed import Spread

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
    found = pairs(pd.DataFrame(rows), "trained_additions").set_index(["what", "beside"])["gap"]
    assert found.to_dict() == {("mlm", "nothing"): 2, ("queue", "mlm"): 1}


@pytest.mark.parametrize(("gain", "word"), [(3.0, "is better"), (-3.0, "is worse"), (0.0, "is not clearly different")])
def test_local_contrast_is_held_against_the_global_one(gain, word):
    rng = np.random.default_rng(0)
    rows = []
    for setting in "abcd":
        base = 70 + rng.standard_normal()
        rows.append(cell(base, setting))
        more = {"objective": "infonce-tokens", "trained_contrast": "tokens"}
        rows.append(cell(base + gain + 0.3 * rng.standard_normal(), setting, **more))
    answer = parts.local(evidence(rows))
    assert word in answer.sentence and "4 settings" in answer.sentence
    row = answer.rows[0]
    assert row["low"] < gain < row["high"] and row["what"] == "tokens" and row["over"] == "settings"


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
    assert answer.sentence.startswith("The tighter bound transfers worse: -2.0 points")
    assert "1.00 nats apart" in answer.sentence and {r["tighter"] for r in answer.rows} == {"nwj"}
    assert "on 5 settings; interval over 5 settings and test examples" in answer.sentence


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
    (row,) = tightness.answer(evidence(rows)).rows
    assert (row["critic"], row["tighter"], row["looser"], row["difference"]) == ("dot", "infonce-dot", "tuba", -3)
    sentence = tightness.answer(evidence(rows)).sentence
    assert "one pair of cells with the same critic, `dot`, on one setting, `a`; interval over test examples" in sentence


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
    assert "CKA is 0.40 [0.30, 0.50] where two seeds of the same views have 0.90" in answer.sentence
    assert answer.sentence.endswith("they differ as training signals.")
    same = entailment.profiles(evidence([cell(70)], None, family_means(0.0)))
    assert same.sentence.endswith("no difference of profiles can be shown.")


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
    assert "it gains on one-way views alone" in answer.sentence and len(answer.rows) == 2
    reverse = [{**row, "family": {"entailment": "paraphrase"}.get(row["family"], "entailment")} for row in rows]
    assert "is not shown to gain on one-way views alone" in entailment.asymmetry(evidence(reverse)).sentence


def change(difference: float, half: float) -> dict:
    return {"difference": difference, "low": difference - half, "high": difference + half}


def test_a_gain_beside_one_that_is_not_significant_is_no_gain_alone():
    said = entailment.alone(change(1.0, 0.9), change(0.9, 1.0))
    assert "+1.0 points [0.1, 1.9] on entailment and by +0.9 points [-0.1, 1.9] on paraphrase" in said
    assert "a difference of +0.1 points [-1.2, 1.4]: it is not shown to gain on one-way views alone." in said
    assert "gains on one-way views alone" in entailment.alone(change(3.0, 0.9), change(0.0, 1.0))
    assert "gains on both, and more on one-way views" in entailment.alone(change(9.0, 1.0), change(3.0, 1.0))
    unknown = {"difference": 0.0, "low": None, "high": None}
    assert "is not shown" in entailment.alone(change(9.0, 1.0), unknown)


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
    assert (
        "Dependency predicts transfer negatively, the more the worse" in answer.sentence
        and "noise does not clearly" in answer.sentence.lower()
    )


def test_without_cells_every_question_says_what_to_add(study):
    bare = evidence([cell(70)])
    answers = [tightness.answer(bare), entailment.profiles(bare), entailment.asymmetry(bare)]
    answers += [
        parts.local(bare),
        parts.additions(bare),
        predictors.representation(bare),
        predictors.information(bare, []),
    ]
    for answer in answers:
        assert "params.yaml" in answer.sentence and answer.rows == [] and answer.question.endswith("?")


def test_families_too_small_to_be_tested_are_named_once():
    of = {"objective": "infonce", "limits": 0, "censored": 0, "unmeasured": 0, "absent": 0, "seeds": 2, "reason": ""}
    of |= {"verdict": Verdict.OPEN, "p_holm": None}
    small = [Curve(**of, task=t, family=f, n=1, p=None) for t in (AVERAGE, "mr") for f in ("crop", "mask")]
    whole = [Curve(**of, task=t, family="all", n=8, p=0.5) for t in (AVERAGE, "mr")]
    given = evidence([cell(70)])
    answer = peaks.answer(Evidence(given.results, given.means, whole + small, given.similarity, "infonce", None))
    assert [(row["task"], row["family"]) for row in answer.rows] == [(AVERAGE, "all"), ("mr", "all")]
    assert answer.note.endswith("(how many there are): crop (1) and mask (1).")


def test_rivals_worse_than_the_mean_are_called_so():
    row = {"rival": "overlap", "n": 9, "alone": -0.3, "information": -0.1, "both": -1.0, "gain": -0.7}
    answer = predictors.information(evidence([cell(70)]), [{**row, "low": -2.0, "high": 0.5}])
    assert "None of these predicts" in answer.sentence and "The dial is left out" in answer.sentence
    better = predictors.information(evidence([cell(70)]), [{**row, "alone": 0.3, "low": 0.1, "high": 0.5}])
    assert "None of these" not in better.sentence and "information adds to overlap" in better.sentence
