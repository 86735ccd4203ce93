"""Paired comparison of objectives against scipy and by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from infoviews.analysis.answers.objectives import differences, gaps, tightness
from infoviews.analysis.evidence.designs import designs, mean_gap
from infoviews.analysis.evidence.join import collect
from infoviews.analysis.evidence.scatter import levels, scatter, with_seeds
from infoviews.analysis.record import AVERAGE
from infoviews.analysis.statistics.combined import interval
from infoviews.analysis.statistics.mixed import Spread, components

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
    return with_seeds(table.join(designs(table, study.data), on="name"))


def test_without_error_of_test_sets_it_is_scipys_paired_test():
    gaps = np.random.default_rng(0).standard_normal(9) + 0.5
    found = interval(gaps.mean(), [Spread(gaps.std(ddof=1) / 3, 8)], 0.0)
    expected = stats.ttest_1samp(gaps, 0)
    assert found["p"] == pytest.approx(expected.pvalue)
    assert (found["low"], found["high"]) == pytest.approx(tuple(expected.confidence_interval()))


def test_without_spread_it_is_the_normal_test():
    found = interval(1.5, [Spread(0.0, 1)], 0.5)
    assert found["p"] == pytest.approx(2 * stats.norm.sf(3)) and found["low"] == pytest.approx(1.5 - 1.959964 * 0.5)


@pytest.mark.parametrize(("between", "example"), [(0.0, 1.0), (1.0, 1.0), (3.0, 1.0), (1.0, 0.1)])
def test_the_interval_covers_the_truth_and_p_agrees_with_it(between, example):
    """Three seeds that share one test set: its error is common to all of them."""
    rng, truth, draws = np.random.default_rng(2), 0.7, 400
    covered = 0
    for _ in range(draws):
        gaps = truth + between * rng.standard_normal(3) + example * rng.standard_normal()
        found = interval(gaps.mean(), [Spread(gaps.std(ddof=1) / np.sqrt(3), 2)], example)
        covered += found["low"] <= truth <= found["high"]
        assert (found["p"] < 0.05) == (found["low"] > 0 or found["high"] < 0)
    assert covered / draws > 0.95 - 3 * np.sqrt(0.95 * 0.05 / draws)


def test_constant_shift_is_found_and_pairs_are_matched(study):
    table = recorded(study, settings=5, seeds=2, noise=0.3)
    infonce = table[table["objective"] == "infonce"].drop(columns=["seed_sd", "seed_freedom"])
    rng = np.random.default_rng(0)
    lower = infonce["transfer"] - 2 + 0.01 * rng.standard_normal(len(infonce))
    shifted = infonce.assign(objective="nwj", trained_bound="nwj", transfer=lower)
    shifted = shifted.sample(frac=1, random_state=0).iloc[1:]
    both = with_seeds(pd.concat([infonce, shifted], ignore_index=True))
    rows = differences(both, "infonce", levels(both))
    average = next(row for row in rows if row["task"] == AVERAGE)
    assert average["difference"] == pytest.approx(-2, abs=0.02)
    half = np.hypot(0.5, 0.5)  # of two test sets; the spread of 0.01 adds next to nothing
    assert average["high"] - average["difference"] == pytest.approx(half, abs=0.02)
    assert average["p_holm"] >= average["p"] and average["settings"] == 5 and average["over"] == "settings"


def test_seeds_are_pooled_over_cells_and_one_seed_alone_leaves_the_test_examples(study):
    table = recorded(study, settings=1, seeds=3)
    rows = differences(table, "infonce", levels(table))
    assert {(row["settings"], row["pairs"], row["over"], row["n"]) for row in rows} == {(1, 3, "seeds", 3)}
    row = next(row for row in rows if row["task"] == AVERAGE)
    cells = table[(table["kind"] == "cell") & (table["task"] == AVERAGE)]
    one, other = (mine.sort_values("seed")["transfer"].to_numpy() for _, mine in cells.groupby("objective"))
    paired = np.std(one - other, ddof=1)  # two degrees of freedom; what is common to a seed's batches is no error
    half = np.hypot(stats.t.ppf(0.975, 2) * paired / np.sqrt(3), np.sqrt(2) * 1.959964 * row_error(cells))
    assert row["high"] - row["difference"] == pytest.approx(half)
    first = with_seeds(table[table["seed"] == 0].drop(columns=["seed_sd", "seed_freedom"]))
    single = next(r for r in differences(first, "infonce", {}) if r["task"] == AVERAGE)
    assert single["over"] == "test examples" and single["n"] == 1
    assert single["high"] - single["difference"] == pytest.approx(np.sqrt(2) * 0.5, rel=1e-4)


def row_error(cells: pd.DataFrame) -> float:
    """Standard error of the test examples of one cell, all of them being alike."""
    return float(((cells["high"] - cells["low"]) / (2 * 1.959964)).mean())


def test_one_degree_of_freedom_widens_no_interval_to_nonsense():
    """Scores are counts of right examples, so two differences may well be equal; that says nothing of their error."""
    cells = [cell("infonce", 70 + 9 * seed, seed=seed) for seed in range(2)] + [cell("nwj", 69, "nwj")]
    (row,) = differences(with_seeds(pd.DataFrame(cells)), "infonce", {})
    assert row["difference"] == -1 and row["high"] == pytest.approx(-1 + np.sqrt(2)) and row["over"] == "test examples"
    assert row["p"] == pytest.approx(2 * stats.norm.sf(1.959964 / np.sqrt(2)))


def made_up(rng, family: float, setting: float, seed: float, objectives=5, families=4, each=3, seeds=2) -> pd.DataFrame:
    """Cells whose objectives differ by nothing but chance, of known standard deviations."""
    rows, task = [], {"kind": "cell", "role": None, "task": AVERAGE, "trained_start": "mlm"}
    own = family * rng.standard_normal((objectives, families))
    for f, s in np.ndindex(families, each):
        level, luck = 70 + rng.standard_normal(), rng.standard_normal(seeds)  # both common to all objectives
        for o in range(objectives):
            centre = level + own[o, f] + setting * rng.standard_normal()
            for k in range(seeds):
                value = centre + luck[k] + seed * rng.standard_normal()
                who = {"objective": f"o{o}", "family": f"f{f}", "setting": f"f{f}s{s}", "seed": k}
                rows.append(task | who | {"transfer": value, "low": value, "high": value})
    return pd.DataFrame(rows)


def test_the_mixed_model_is_the_analysis_of_variance_of_balanced_cells():
    cells = made_up(np.random.default_rng(0), 0.6, 0.4, 0.2)
    found = components(cells)
    table = cells.groupby(["family", "setting", "objective"])["transfer"].mean().unstack()
    inner = table.sub(table.mean(axis=1), axis=0)
    by_family = inner.groupby("family").mean()
    between = by_family - by_family.mean()
    left = inner - by_family.reindex(inner.index, level="family")
    paired = cells.assign(transfer=cells["transfer"] - cells.groupby(["setting", "seed"])["transfer"].transform("mean"))
    seeds = paired.groupby(["setting", "objective"])["transfer"].var().mean() * 5 / 4
    means = (left**2).to_numpy().sum() / 32
    assert [found[level].freedom for level in ("family", "setting", "seed")] == [12, 32, 48]
    assert found["seed"].sd == pytest.approx(np.sqrt(seeds))
    assert found["setting"].sd == pytest.approx(np.sqrt(means - seeds / 2), rel=1e-3)
    assert found["family"].sd == pytest.approx(np.sqrt((between**2).to_numpy().sum() / 12 - means / 3), rel=1e-3)


def test_odd_designs_give_what_they_can():
    rng = np.random.default_rng(1)
    assert components(made_up(rng, 1, 1, 1, objectives=1)) == {}
    assert set(components(made_up(rng, 1, 1, 1, families=1, each=1))) == {"seed"}
    assert components(made_up(rng, 1, 1, 1, families=1, each=1, seeds=1)) == {}
    assert components(made_up(rng, 1, 1, 1)[:0]) == {}
    alone = components(made_up(rng, 0.0, 0.5, 0.1, families=6, each=1, seeds=1))
    assert set(alone) == {"setting"} and alone["setting"].freedom == 20
    uneven = made_up(rng, 0.5, 0.5, 0.1)
    uneven = uneven[(uneven["family"] != "f0") | (uneven["setting"] == "f0s0")].sample(frac=0.9, random_state=0)
    assert set(components(uneven)) == {"family", "setting", "seed"}, "a family with one setting"


def test_intervals_of_differences_hold_nothing_where_there_is_nothing():
    """Nineteen of twenty, over settings of families; the first objective against the second."""
    held = []
    for draw in range(30):
        cells = with_seeds(made_up(np.random.default_rng(draw), 0.3, 0.3, 0.2, objectives=4, families=3, each=2))
        pair = [cells[cells["objective"] == name] for name in ("o0", "o1")]
        found = mean_gap(gaps(*pair), levels(cells))
        held.append(found["low"] < 0 < found["high"])
    assert np.mean(held) >= 0.95 - 3 * np.sqrt(0.05 * 0.95 / 30)


def test_the_record_says_once_how_results_scatter():
    cells = with_seeds(made_up(np.random.default_rng(3), 0.5, 0.4, 0.2))
    rows = scatter(cells, levels(cells))
    assert [row["what"].split()[-1] for row in rows] == 5 * ["cell"] + ["families", "settings", "seeds"]
    assert all(row["freedom"] >= 4 and 0.05 < row["sd"] < 3 for row in rows)


def test_an_objective_is_compared_with_the_main_bound_of_its_own_critic():
    cells = [cell("infonce", 80), cell("infonce-dot", 70, critic="dot"), cell("jsd", 71, "jsd", "dot")]
    cells.append(cell("nwj-scaled", 60, "nwj", "dot", trained_params='{"trained_critic": {"dot": {"scaled": true}}}'))
    cells.append(cell("infonce-mlm", 79, trained_additions="mlm"))
    rows = {row["objective"]: row for row in differences(pd.DataFrame(cells), "infonce", {})}
    found = {name: (row["against"], row["differs"], row["difference"]) for name, row in rows.items()}
    assert found == {
        "infonce-dot": ("infonce", "critic", -10),
        "infonce-mlm": ("infonce", "additions", -1),
        "jsd": ("infonce-dot", "bound", 1),
        "nwj-scaled": ("infonce", "bound, critic", -20),
    }
    elsewhere = [{**row, "setting": "b"} if row["objective"] == "infonce-dot" else row for row in cells]
    rows = {row["objective"]: row for row in differences(pd.DataFrame(elsewhere), "infonce", {})}
    assert rows["jsd"]["against"] == "infonce" and "infonce-dot" not in rows


def test_cells_of_another_start_are_not_compared():
    cells = [cell("infonce", 80), cell("infonce-4d", 60, trained_start="random-4"), cell("infonce-mlm", 79)]
    assert [row["objective"] for row in differences(pd.DataFrame(cells), "infonce", {})] == ["infonce-mlm"]
    assert differences(pd.DataFrame(cells[1:]), "infonce", {}) == []


def test_tightness_by_hand(study):
    study.fill(settings=4, seeds=1)
    rows = tightness(collect(study.spec, study.data), AVERAGE)
    assert rows[0]["bound"] == pytest.approx(1.8) and rows[0]["gap"] == pytest.approx(2.25 - 1.8)
    assert rows[0]["tau"] is None
