"""Systems beside each other: chosen by development scores, held against random encoder and start, absent ones told."""

from __future__ import annotations

import base64

import numpy as np
import pytest

from infoviews.analysis.answers.systems import chosen, compare
from infoviews.analysis.evidence.join import collect, scored
from infoviews.analysis.evidence.pairing import paired_errors
from infoviews.analysis.record import AVERAGE
from infoviews.reporting.wording import systems as wording
from infoviews.seals import read_record, write_record

TASKS = ["mr", "cr", "subj", "sst2", "trec", "mrpc"]


@pytest.fixture
def made(study):
    """Five settings, systems of every kind."""
    return study.fill(settings=5, seeds=2, objectives=("infonce",)).field()


def compared(study) -> dict:
    results = collect(study.spec, study.data)
    return compare(study.spec, results, study.data, scored(study.data, set(results["name"])))


def test_every_system_has_one_row_controls_first_and_references_last(made):
    found = compared(made)
    rows = {row["name"]: row for row in found["rows"]}
    assert list(rows)[:6] == [*made.spec["controls"], "mlm-bilstm-max", "own"] and list(rows)[-1] == "minilm"
    assert [row["group"] for row in found["rows"]] == 5 * ["control"] + ["own"] + 6 * ["system"] + ["reference"]
    assert [rows[n]["seeds"] for n in ("simcse", "glove", "gone", "cove", "infomin", "minilm")] == [3, 3, 0, 0, 2, 1]
    assert rows["cove"]["status"] == "failed" and "Marian" in rows["cove"]["reason"]
    assert rows["gone"]["status"] == "missing" and rows["gone"]["average"] is None and rows["gone"]["absent"] == 3
    assert rows["glove"]["parameters"] == 4_200_000 and found["steps"] == [400, 400]
    assert "Without a result, for the reason in the table: Gone and Cove." in wording.answer(found)


def test_bases_of_systems_are_rows_of_the_results_with_their_seed(made):
    table = collect(made.spec, made.data)
    averages = table[table["task"] == AVERAGE].set_index("name")
    assert averages.loc["glove-s2", ["kind", "objective", "seed"]].tolist() == ["system", "glove", 2]
    assert averages.loc["minilm", "kind"] == "reference" and averages.loc["mlm-bilstm-max", "kind"] == "untrained"
    assert averages.loc["cove-s0", ["status", "reason"]].tolist() == ["failed", "no Marian checkpoint | at 'opus-mt'"]


def test_the_setting_is_chosen_by_development_scores_alone(made):
    """A setting with the best test scores and the worst development scores is not chosen; ties go by name."""
    for cell in [c for c in made.spec["cells"] if c["objective"] == "infonce"]:
        path = made.data / f"transfer/{cell['name']}.json"
        record = read_record(path)
        dev = {"spans-1": 90.0, "spans-2": 90.0}.get(cell["setting"], 50.0)
        for task in record["tasks"].values():
            task["dev"] = dev
        write_record(path, record)
    table = collect(made.spec, made.data)
    found = chosen(made.spec["systems"][-2], table)
    assert found == {"rows": ["infonce__spans-1__s0", "infonce__spans-1__s1"], "setting": "spans-1", "of": 5, "dev": 90}
    assert chosen({"kind": "chosen", "among": {"x": ["nobody"]}}, table) == {
        "rows": [],
        "of": 0,
    }


def test_intervals_are_those_of_the_transfer_table(made):
    from infoviews.analysis.evidence.settings import settings

    table = collect(made.spec, made.data)
    means = settings(table).set_index(["objective", "setting", "task"])
    rows = {row["name"]: row for row in compared(made)["rows"]}
    for name, objective, setting in (("simcse", "simcse", "twice"), ("infomin", "infonce", rows["infomin"]["setting"])):
        for task in (AVERAGE, "trec"):
            expected = means.loc[(objective, setting, task), ["transfer", "low", "high"]].to_list()
            assert [rows[name][task], rows[name][f"{task}_low"], rows[name][f"{task}_high"]] == pytest.approx(expected)


def test_the_sentence_names_who_is_not_above_the_random_encoder(made):
    made.write("transfer/random.json", made.scores(66.0, np.random.default_rng(0)))
    found = compared(made)
    said = "compared with the random encoder. Above it: Simcse, Glove and Infomin. Not clearly different: Cpc."
    assert said in wording.answer(found) and {r["start_difference"] for r in found["rows"]} == {None}
    (made.data / "transfer/random.json").unlink()
    found = compared(made)
    assert "no system can be compared with it" in wording.answer(found)
    assert {r["side"] for r in found["rows"]} == {None}


def test_every_system_is_held_against_the_encoder_that_its_cells_started_from(made):
    """74 beside 65 is above, 66.2 beside 72 below, equal ones neither; static vectors and references have no start."""
    rng = np.random.default_rng(0)
    made.write("transfer/skipgram.json", made.scores(72.0, rng))
    infomin = next(row for row in compared(made)["rows"] if row["name"] == "infomin")
    made.write("transfer/mlm.json", made.scores(infomin["average"], rng))
    for name, start in (("simcse", "mlm-bilstm-max"), ("cpc", "skipgram")):
        for seed in range(3):
            record = {"spec": {"start": start, "pretrain": {"num_steps": 400}}, "status": "finished"}
            made.write(f"checkpoints/{name}__twice__s{seed}/run.json", record)
    for cell in infomin["rows"]:
        made.write(f"checkpoints/{cell}/run.json", {"spec": {"start": "mlm"}, "status": "finished"})
    found = compared(made)
    rows = {row["name"]: row for row in found["rows"]}
    assert [rows[name]["start"] for name in ("simcse", "cpc", "infomin", "glove", "minilm", "skipgram")] == [
        "mlm-bilstm-max", "skipgram", "mlm", None, None, None,
    ]  # fmt: skip
    assert rows["simcse"]["start_difference"] == pytest.approx(rows["simcse"]["average"] - 65.0)
    assert rows["simcse"]["start_difference_low"] > 0 and rows["simcse"]["start_side"] == "above"
    assert rows["cpc"]["start_difference_high"] < 0 and rows["cpc"]["start_side"] == "below"
    assert rows["infomin"]["start_difference"] == pytest.approx(0) and rows["infomin"]["start_side"] == "tie"
    said = "compared with their own start. Above it: Simcse. Below it: Cpc. Not clearly different: Infomin."
    assert said in wording.answer(found)


def test_above_is_told_by_the_paired_difference(made):
    """Two encoders right on the same examples but a few: their intervals overlap, their difference is clear."""
    easy = np.arange(1000) < 700
    few = easy | (np.arange(1000) >= 988)
    for name, right in (("random", easy), ("skipgram", few)):
        score = 100 * right.mean()
        tasks = {task: packed(right) | {"low": score - 2.8, "high": score + 2.8} for task in TASKS}
        made.write(f"transfer/{name}.json", {"tasks": tasks})
    row = next(row for row in compared(made)["rows"] if row["name"] == "skipgram")
    random = next(row for row in compared(made)["rows"] if row["name"] == "random")
    half = 1.959964 * 100 * np.std(few ^ easy, ddof=1) / np.sqrt(1000 * len(TASKS))
    assert [row["difference_low"], row["difference_high"]] == pytest.approx([1.2 - half, 1.2 + half])
    assert row["side"] == "above" and row["average_low"] < random["average_high"] and random["side"] is None


def packed(right: np.ndarray) -> dict:
    score = 100 * float(right.mean())
    bits = base64.b64encode(np.packbits(right).tobytes()).decode()
    return {"metric": "accuracy", "dev": score, "test": score, "low": score - 1, "high": score + 1, "n": len(right)} | {
        "correct": bits
    }


def test_paired_error_is_that_of_the_differences_and_covers_the_truth(study):
    """Both encoders share hard and easy examples; over many test sets the interval holds the true difference."""
    rng, n, held = np.random.default_rng(2), 300, []
    for trial in range(150):
        ease = rng.random((2, n))
        for name, gain in (("a", 0.1), ("b", 0.1), ("random", 0.0)):
            right = rng.random((2, n)) < np.clip(0.9 * ease + gain, 0, 1)
            tasks = {task: packed(row) for task, row in zip(TASKS[:2], right, strict=True)}
            study.write(f"transfer/{name}{trial}.json", {"tasks": tasks})
        names, other = [f"a{trial}", f"b{trial}"], f"random{trial}"
        known = scored(study.data, [*names, other])
        error = paired_errors(known, {"a": names, "b": [other]}, TASKS[:2])[AVERAGE].at["a", "b"]
        gaps = [np.mean([score(study, m) for m in names]) - score(study, other)]
        held.append(abs(gaps[0] - 10.0) < 1.96 * error)
    assert 0.89 <= np.mean(held) <= 0.99
    errors = paired_errors(scored(study.data, ["a0", "nobody"]), {"a": ["a0"], "b": ["nobody"]}, TASKS[:2])[AVERAGE]
    assert np.isnan(errors.at["a", "b"])


def score(study, name: str) -> float:
    tasks = read_record(study.data / f"transfer/{name}.json")["tasks"]
    return float(np.mean([task["test"] for task in tasks.values()]))


def test_a_study_without_systems_has_none(study):
    study.fill(settings=2, seeds=1)
    assert compared(study) == {}
