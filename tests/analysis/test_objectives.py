"""Paired comparison of objectives against scipy and by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from infoviews.analysis.answers.objectives import differences, tightness
from infoviews.analysis.evidence.designs import designs, interval
from infoviews.analysis.evidence.join import collect
from infoviews.analysis.record import AVERAGE

COSINE = {"cosine": {"temperature": 0.05}}


def cell(objective: str, transfer: float, bound: str = "infonce", critic: str = "cosine", **more) -> dict:
    """One finished cell's row for the average; a test set of ±1 point."""
    return {
        "kind": "cell", "role": None, "task": AVERAGE, "objective": objective, "setting": "a", "seed": 0,
        "transfer": transfer, "low": transfer - 1, "high": transfer + 1, "trained_bound": bound,
        "trained_critic": critic, "trained_contrast": "sentences", "trained_additions": "", "trained_start": "mlm",
        "trained_params": "{}", **more,
    }  # fmt: skip


def recorded(study, settings: int, seeds: int, noise: float = 0.15) -> pd.DataFrame:
    """The table of a made-up study whose cells say what they were trained with."""
    study.fill(settings=settings, seeds=seeds, noise=noise)
    for of in study.spec["cells"]:
        objective = {"bound": of["objective"], "critic": COSINE}
        study.write(f"checkpoints/{of['name']}/run.json", {"spec": {"objective": objective, "start": "mlm"}})
    table = collect(study.spec, study.data)
    return table.join(designs(table, study.data), on="name")


def test_without_error_of_test_sets_it_is_scipys_paired_test():
    gaps = np.random.default_rng(0).standard_normal(9) + 0.5
    found = interval(gaps.mean(), gaps.std(ddof=1) / 3, 8, 0.0)
    expected = stats.ttest_1samp(gaps, 0)
    assert found["p"] == pytest.approx(expected.pvalue)
    assert (found["low"], found["high"]) == pytest.approx(tuple(expected.confidence_interval()))


def test_without_spread_it_is_the_normal_test():
    found = interval(1.5, 0.0, 1, 0.5)
    assert found["p"] == pytest.approx(2 * stats.norm.sf(3)) and found["low"] == pytest.approx(1.5 - 1.959964 * 0.5)


@pytest.mark.parametrize(("between", "example"), [(0.0, 1.0), (1.0, 1.0), (3.0, 1.0), (1.0, 0.1)])
def test_the_interval_covers_the_truth_and_p_agrees_with_it(between, example):
    """Three seeds that share one test set: its error is common to all of them."""
    rng, truth, draws = np.random.default_rng(2), 0.7, 400
    covered = 0
    for _ in range(draws):
        gaps = truth + between * rng.standard_normal(3) + example * rng.standard_normal()
        found = interval(gaps.mean(), gaps.std(ddof=1) / np.sqrt(3), 2, example)
        covered += found["low"] <= truth <= found["high"]
        assert (found["p"] < 0.05) == (found["low"] > 0 or found["high"] < 0)
    assert covered / draws > 0.95 - 3 * np.sqrt(0.95 * 0.05 / draws)


def test_constant_shift_is_found_and_pairs_are_matched(study):
    table = recorded(study, settings=5, seeds=2, noise=0.3)
    infonce = table[table["objective"] == "infonce"]
    rng = np.random.default_rng(0)
    lower = infonce["transfer"] - 2 + 0.01 * rng.standard_normal(len(infonce))
    shifted = infonce.assign(objective="nwj", trained_bound="nwj", transfer=lower)
    shifted = shifted.sample(frac=1, random_state=0).iloc[1:]
    rows = differences(pd.concat([infonce, shifted]), "infonce")
    average = next(row for row in rows if row["task"] == AVERAGE)
    half = np.hypot(0.5, 0.5)  # of two test sets; the spread of 0.01 adds next to nothing
    assert average["difference"] == pytest.approx(-2, abs=0.02)
    assert average["high"] - average["difference"] == pytest.approx(half, abs=0.02)
    assert average["p_holm"] >= average["p"] and average["settings"] == 5 and average["over"] == "settings"


def test_one_setting_is_compared_over_seeds_and_one_seed_over_test_examples(study):
    table = recorded(study, settings=1, seeds=3)
    rows = differences(table, "infonce")
    assert {(row["settings"], row["pairs"], row["over"]) for row in rows} == {(1, 3, "seeds")}
    single = next(r for r in differences(table[table["seed"] == 0], "infonce") if r["task"] == AVERAGE)
    assert single["over"] == "test examples"
    assert single["high"] - single["difference"] == pytest.approx(np.sqrt(2) * 0.5, rel=1e-4)


def test_equal_differences_over_seeds_have_the_error_of_their_test_examples():
    """Scores are counts of right examples, so two differences may well be equal; that says nothing of their error."""
    cells = [cell("infonce", 70 + seed, seed=seed) for seed in range(2)]
    cells += [cell("nwj", 69 + seed, "nwj", seed=seed) for seed in range(2)]
    (row,) = differences(pd.DataFrame(cells), "infonce")
    assert row["difference"] == -1 and row["high"] == pytest.approx(-1 + np.sqrt(2)) and row["over"] == "seeds"
    assert row["p"] == pytest.approx(2 * stats.norm.sf(1.959964 / np.sqrt(2)))


def test_an_objective_is_compared_with_the_main_bound_of_its_own_critic():
    cells = [cell("infonce", 80), cell("infonce-dot", 70, critic="dot"), cell("jsd", 71, "jsd", "dot")]
    cells.append(cell("nwj-scaled", 60, "nwj", "dot", trained_params='{"trained_critic": {"dot": {"scaled": true}}}'))
    cells.append(cell("infonce-mlm", 79, trained_additions="mlm"))
    rows = {row["objective"]: row for row in differences(pd.DataFrame(cells), "infonce")}
    found = {name: (row["against"], row["differs"], row["difference"]) for name, row in rows.items()}
    assert found == {
        "infonce-dot": ("infonce", "critic", -10),
        "infonce-mlm": ("infonce", "additions", -1),
        "jsd": ("infonce-dot", "bound", 1),
        "nwj-scaled": ("infonce", "bound, critic", -20),
    }
    elsewhere = [{**row, "setting": "b"} if row["objective"] == "infonce-dot" else row for row in cells]
    rows = {row["objective"]: row for row in differences(pd.DataFrame(elsewhere), "infonce")}
    assert rows["jsd"]["against"] == "infonce" and "infonce-dot" not in rows


def test_cells_of_another_start_are_not_compared():
    cells = [cell("infonce", 80), cell("infonce-4d", 60, trained_start="random-4"), cell("infonce-mlm", 79)]
    assert [row["objective"] for row in differences(pd.DataFrame(cells), "infonce")] == ["infonce-mlm"]
    assert differences(pd.DataFrame(cells[1:]), "infonce") == []


def test_tightness_by_hand(study):
    study.fill(settings=4, seeds=1)
    rows = tightness(collect(study.spec, study.data), AVERAGE)
    assert rows[0]["bound"] == pytest.approx(1.8) and rows[0]["gap"] == pytest.approx(2.25 - 1.8)
    assert rows[0]["tau"] is None
