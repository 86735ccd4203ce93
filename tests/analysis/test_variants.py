"""Another dropout of the encoder: planted changes are found, luck is not called one, and like is held against like."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from infoviews.analysis.analyse import run
from infoviews.analysis.answers import variants
from infoviews.analysis.answers._answer import Evidence
from infoviews.analysis.evidence.join import own_cells
from infoviews.analysis.evidence.scatter import with_seeds
from infoviews.analysis.record import AVERAGE, FILE, Answer, Record, Role
from infoviews.reporting.inputs import Inputs
from infoviews.reporting.pages.questions import write_questions
from infoviews.reporting.wording.questions import worded


def asked(monkeypatch, scores: dict[str, list[float]], error: float = 0.0, first_seed: int = 0) -> Answer:
    """The answer on scores by setting, whose seeds count from 0; those of variants from ``first_seed``."""
    rows, settings = [], []
    for name, values in scores.items():
        _, again, rate = name.partition("-dropout-")
        settings.append({"name": name} | ({"role": "variant", "dropout": float(rate)} if again else {}))
        for seed, value in enumerate(values, start=first_seed if again else 0):
            of = {"kind": "cell", "task": AVERAGE, "objective": "infonce", "setting": name, "seed": seed}
            rows.append({**of, "name": f"{name}__s{seed}", "transfer": value, "information": 1.5 if again else 2.0})
    table = with_seeds(pd.DataFrame(rows))

    def errors(_: Path, sides: dict[str, list[str]], __: list[str]) -> dict[str, pd.DataFrame]:
        return {AVERAGE: pd.DataFrame(error * (1 - np.eye(2)), list(sides), list(sides))}

    monkeypatch.setattr(variants, "paired_errors", errors)
    return variants.answer(Evidence(table, table, [], pd.DataFrame(), "infonce", Path(), settings=settings))


def planted(rng: np.random.Generator, changes: dict[str, float], sd: float = 0.3) -> dict[str, list[float]]:
    """Three seeds of ``a`` to ``d`` and of their variants, which differ by ``changes``."""
    levels = dict(zip("abcd", (70.0, 72.0, 75.0, 71.0), strict=True))
    means = levels | {name: levels[name[0]] + change for name, change in changes.items()}
    return {name: (mean + sd * rng.standard_normal(3)).tolist() for name, mean in means.items()}


def test_planted_changes_are_found_with_their_sides_and_nothing_else(monkeypatch):
    changes = {"a-dropout-0": -4.0, "b-dropout-0": 0.0, "c-dropout-0.3": 3.0, "d-dropout-0.3": 0.0}
    answer = asked(monkeypatch, planted(np.random.default_rng(2), changes))
    assert [(row["from"], row["to"], row["dropout"]) for row in answer.rows] == [
        ("a", "a-dropout-0", 0.0), ("b", "b-dropout-0", 0.0), ("c", "c-dropout-0.3", 0.3), ("d", "d-dropout-0.3", 0.3)
    ]  # fmt: skip
    for row, change in zip(answer.rows, changes.values(), strict=True):
        assert row["low"] < change < row["high"] and (row["p_holm"] < 0.05) == (change != 0)
        assert (row["from_nats"], row["to_nats"], row["over"], row["n"]) == (2.0, 1.5, "seeds", 3)
    said = worded(answer).sentence
    assert said.startswith("The encoder's own dropout changes average transfer. ")
    assert "it clearly rises in 1 and falls in 1 of 4 comparisons." in said
    assert "The lowest change is -4." in said and "from `a` to `a-dropout-0`." in said


def test_without_any_change_one_is_found_in_at_most_five_percent(monkeypatch):
    rng = np.random.default_rng(4)
    none = dict.fromkeys(("a-dropout-0", "b-dropout-0", "c-dropout-0", "a-dropout-0.3"), 0.0)
    told = [worded(asked(monkeypatch, planted(rng, none))).sentence for _ in range(200)]
    found = sum("changes average transfer." in said for said in told)
    assert found <= stats.binom.ppf(0.999, 200, 0.05)
    assert sum("no difference is clear in 4 comparisons." in said for said in told) == 200 - found


def test_the_interval_is_students_t_with_the_pooled_spread_of_seeds_and_the_paired_error(monkeypatch):
    scores = {"a": [70.0, 70.4], "b": [60.0, 60.2], "a-dropout-0": [71.0, 71.0]}
    (row,) = asked(monkeypatch, scores, error=0.4).rows
    spread = np.sqrt((0.08 + 0.02 + 0.0) / 3)
    half = np.hypot(stats.t.isf(0.025, 3) * spread, stats.norm.isf(0.025) * 0.4)
    assert [row["difference"], row["low"], row["high"]] == pytest.approx([0.8, 0.8 - half, 0.8 + half])


def test_cells_of_the_same_seed_are_compared_or_all_where_there_are_none(monkeypatch):
    """The luck of seed 0, ten points, is on both sides; a variant with other seeds is held against all of them."""
    scores = {"a": [80.0, 70.0, 71.0], "a-dropout-0": [81.0]}
    (paired,), (apart,) = (asked(monkeypatch, scores, first_seed=first).rows for first in (0, 5))
    assert paired["difference"] == pytest.approx(1.0) and apart["difference"] == pytest.approx(81 - 221 / 3)
    width = [row["high"] - row["difference"] for row in (paired, apart)]
    assert width[0] / width[1] == pytest.approx(np.sqrt(2 / (1 + 1 / 3)))


def test_with_one_seed_nothing_can_be_told(monkeypatch):
    answer = asked(monkeypatch, {"a": [70.0], "a-dropout-0": [74.0]}, error=0.1)
    (row,) = answer.rows
    assert row["p_holm"] is None and row["over"] == "test examples" and row["low"] > 3
    said = worded(answer).sentence
    assert said.startswith("Whether the encoder's own dropout changes average transfer cannot be told")


def test_a_study_without_variants_or_their_cells_does_not_ask(monkeypatch):
    for scores in ({"a": [70.0, 71.0]}, {"b-dropout-0": [70.0, 71.0]}):
        answer = asked(monkeypatch, scores)
        assert answer.rows == [] and worded(answer).sentence == "" and "dropout rate" in worded(answer).needs


def test_the_report_of_a_study_with_a_variant_has_its_table(study, tmp_path):
    study.fill(settings=8, seeds=2, objectives=("infonce",)).variant(rate=0.0, mean=50.0)
    study.spec["sweetspot"] |= {"bootstrap": 50, "power": 5}
    run(study.spec, study.data, study.data / "sweetspot")
    record = Record.read(study.data / "sweetspot" / FILE)
    (row,) = next(found for found in record.questions if found.name == "variants").rows
    assert row["difference"] == pytest.approx(50 - 70, abs=0.5) and row["p_holm"] < 0.001
    assert (row["from_nats"], row["to_nats"]) == pytest.approx((0.0, 0.45)) and row["n"] == 2
    write_questions(Inputs(study.spec, study.data), tmp_path)
    page = (tmp_path / "questions.md").read_text()
    assert "| InfoNCE | spans-1 | spans-1-dropout-0 | 0.00 | 0.00 | 0.45 | -1" in page
    assert (tmp_path / "questions" / "variants.csv").exists()


def test_a_control_under_another_dropout_still_shares_nothing():
    names = ["unrelated", "unrelated-dropout-0", "crop-0.3", "crop-0.3-dropout-0", "twice", None]
    roles = [Role.CONTROL, Role.VARIANT, None, Role.VARIANT, Role.SYSTEM, None]
    table = pd.DataFrame({"kind": ["cell"] * 5 + ["control"], "role": roles, "setting": names})
    assert own_cells(table)["setting"].tolist() == ["crop-0.3", "crop-0.3-dropout-0"]
