"""Sharing more than the tasks need: the right settings are held against each other, and planted falls are found."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from infoviews.analysis.answers import excess
from infoviews.analysis.answers._answer import Evidence
from infoviews.analysis.evidence.join import AVERAGE
from infoviews.analysis.evidence.scatter import with_seeds
from infoviews.reporting.wording.questions import worded
from infoviews.seals import write_record
from infoviews.views import language

STUDIES = yaml.safe_load((Path(__file__).parents[2] / "params.yaml").read_text())["studies"]
FALLS = {("infonce", 16, ""): 39.6, ("infonce", 16, "-said-once"): 40.4}
FALLS |= {("infonce-4d", 4, ""): 21.3, ("infonce-64d", 64, ""): 34.5}
PLANTED = {(name, size, f"style{variant}"): fall for (name, size, variant), fall in FALLS.items()}


def settings_of(study: str, folder: Path) -> pd.DataFrame:
    """Facts of a study's view settings as the views stage writes them, and one row per setting."""
    rows = []
    for name, given in STUDIES[study]["views"]["settings"].items():
        target = folder / "views" / name / "facts.json"
        target.parent.mkdir(parents=True)
        facts = language.facts(None, language.Params(**given["params"]))
        write_record(target, {**facts, "setting": name})
        rows.append({"setting": name, "family": given["family"], "role": given.get("role")})
    return pd.DataFrame(rows)


def cells(falls: dict[tuple[str, int, str], float], seeds: int, noise: float = 0.1) -> list[dict]:
    """Average transfer on ``tasks`` and ``style`` of every design; seeds differ by much, differences by ``noise``."""
    rng = np.random.default_rng(8)
    rows = []
    for (objective, size, variant), fall in falls.items():
        for seed in range(seeds):
            luck = 5 * rng.standard_normal()
            for setting, loss in ((f"tasks{variant}", 0.0), (f"style{variant}", fall)):
                score = 85 + luck - loss + noise * rng.standard_normal()
                rows.append(
                    {
                        "kind": "cell", "role": None, "task": AVERAGE, "objective": objective, "family": "language",
                        "setting": setting, "seed": seed, "dimension": float(size),
                        "transfer": score, "low": score - 0.2, "high": score + 0.2,
                    }
                )  # fmt: skip
    return rows


def ask(rows: list[dict], folder: Path):
    table = with_seeds(pd.DataFrame(rows))
    return excess.answer(Evidence(table, table, [], pd.DataFrame(), "infonce", folder))


@pytest.mark.parametrize(
    ("study", "expected"),
    [("quick", {("tasks", "style")}), ("sensitivity", {("tasks", "style"), ("tasks-said-once", "style-said-once")})],
)
def test_the_need_is_held_against_the_most_beyond_it_within_each_variant(study, expected, tmp_path):
    """Settings that share less than the need, or none of it (iso), are on no side, and no variant meets another."""
    known = excess.exact_shares(settings_of(study, tmp_path), tmp_path)
    found = excess.steps(known)
    assert {(step["from"], step["to"]) for step in found} == expected
    assert {round(step["from_nats"], 2) for step in found} == {4.41}
    assert {round(step["to_nats"], 2) for step in found} == {14.80}


@pytest.mark.parametrize("seeds", [2, 3])
def test_planted_falls_are_found_in_every_design(seeds, tmp_path):
    settings_of("sensitivity", tmp_path)
    answer = ask(cells(FALLS, seeds), tmp_path)
    said = worded(answer).sentence
    assert said.startswith("When views share more than the tasks need, average transfer falls in all 4 comparisons.")
    assert "The lowest change is -40." in said and "from `tasks-said-once` to `style-said-once` with InfoNCE." in said
    assert "The highest is -21." in said and "with infonce-4d." in said and "does not vary" not in said
    assert {(row["objective"], row["dimension"], row["to"]) for row in answer.rows} == set(PLANTED)
    for row in answer.rows:
        fall = PLANTED[row["objective"], row["dimension"], row["to"]]
        assert row["difference"] == pytest.approx(-fall, abs=0.4) and row["low"] < -fall < row["high"] < 0


def test_what_noise_hides_is_not_called_a_fall(tmp_path):
    settings_of("sensitivity", tmp_path)
    falls = {("infonce", 16, ""): 30.0, ("infonce-4d", 4, ""): 0.0, ("infonce-64d", 64, ""): -20.0}
    said = worded(ask(cells(falls, 3), tmp_path)).sentence
    assert "average transfer falls in 1 of 3 comparisons. It rises in 1 of 3 comparisons." in said
    assert "It does not clearly change in 1 of 3 comparisons." in said
    assert said.endswith("This study does not vary how often a text mentions what no task needs.")


def test_one_design_says_what_it_does_not_vary(tmp_path):
    settings_of("quick", tmp_path)
    said = worded(ask(cells({("infonce", 16, ""): 39.0}, 2), tmp_path)).sentence
    assert "average transfer falls in the one comparison of this study. The change is -" in said
    assert said.endswith("does not vary embedding size or how often a text mentions what no task needs.")


def test_cells_are_paired_by_seed_alone(tmp_path):
    """A seed that finished on one side only is nobody's partner."""
    settings_of("quick", tmp_path)
    rows = [r for r in cells({("infonce", 16, ""): 39.0}, 4) if (r["setting"], r["seed"]) != ("style", 3)]
    assert ask(rows, tmp_path).rows[0]["n"] == 3
    settings_alone = [row for row in rows if row["setting"] == "tasks"]
    assert ask(settings_alone, tmp_path).rows == []


def test_without_a_known_need_the_question_is_not_asked(tmp_path):
    answer = ask(cells(FALLS, 2), tmp_path)
    assert answer.rows == [] and worded(answer).sentence == "" and "synthetic language" in worded(answer).needs


def test_a_setting_short_of_the_need_or_beyond_it_is_no_start():
    rows = [["language", "half", 2.0, 2.0], ["language", "more", 6.0, 4.0], ["language", "most", 9.0, 4.0]]
    known = pd.DataFrame(rows, columns=["family", "setting", "information", "need"])
    assert excess.steps(known) == [] and excess.steps(known.head(0)) == []
