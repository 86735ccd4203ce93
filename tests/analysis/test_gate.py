"""A study is void if its trained cells do not separate from those whose views share nothing; and only then."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from infoviews.analysis.answers import gate as module
from infoviews.analysis.record import AVERAGE, Gate
from infoviews.analysis.statistics.combined import interval, seed_errors
from infoviews.reporting.wording import gate as wording


def judged(monkeypatch, scores: dict[str, np.ndarray], controls: tuple[str, ...] = ("unrelated",), error: float = 0.0):
    """The gate on scores (seeds,) by setting; every difference has the same error from test examples."""
    freedom = sum(len(values) - 1 for values in scores.values())
    within = sum(float(((values - values.mean()) ** 2).sum()) for values in scores.values())
    spread = {"seed_sd": np.sqrt(within / freedom) if freedom else None, "seed_freedom": freedom}
    rows, cells = [], []
    for setting, values in scores.items():
        shared = {"objective": "infonce", "task": AVERAGE, "setting": setting}
        role = "control" if setting in controls else None
        rows.append({**shared, "role": role, "transfer": values.mean(), "seeds": len(values), **spread})
        cells.append({**shared, "name": setting, "transfer": 1.0})
    names = list(scores)
    table = pd.DataFrame(error * (1 - np.eye(len(names))), names, names)
    monkeypatch.setattr(module, "paired_errors", lambda *_: {AVERAGE: table})
    return module.gate(pd.DataFrame(cells), pd.DataFrame(rows), "infonce", [], {})


def noise(rng: np.random.Generator, means: list[float], sd: float = 0.3, seeds: int = 3) -> dict[str, np.ndarray]:
    names = ["unrelated", *(f"spans-{n}" for n in range(1, len(means)))]
    return {name: mean + sd * rng.standard_normal(seeds) for name, mean in zip(names, means, strict=True)}


def test_a_study_of_nothing_is_void_in_at_least_95_percent(monkeypatch):
    rng = np.random.default_rng(3)
    passed = sum(not judged(monkeypatch, noise(rng, [70.0] * 5)).void for _ in range(100))
    assert passed <= stats.binom.ppf(0.999, 100, 0.05)


def test_a_clear_study_passes_and_its_sides_are_counted(monkeypatch):
    found = judged(monkeypatch, noise(np.random.default_rng(0), [70.0, 74.0, 73.0, 70.0, 65.0]))
    assert (found.void, found.above, found.below, found.settings) == (False, 2, 1, 4)
    assert wording.warning(found) == "" and "2 transfer better than `unrelated`" in wording.sentence(found)


def test_the_furthest_interval_is_students_t_corrected_for_the_number_of_settings(monkeypatch):
    scores = {"unrelated": np.array([70.0, 70.4]), "a": np.array([70.9, 70.7]), "b": np.array([70.3, 70.1])}
    found = judged(monkeypatch, scores)
    spread = np.sqrt((0.08 + 0.02 + 0.02) / 3)
    half = stats.t.isf(0.025 / 2, 3) * spread
    assert found.furthest is not None and found.furthest["setting"] == "a" and found.void
    assert [found.furthest["low"], found.furthest["high"]] == pytest.approx([0.6 - half, 0.6 + half])
    assert found.furthest["p"] == pytest.approx(2 * stats.t.sf(0.6 / spread, 3))
    said = wording.warning(found)
    assert said.startswith("This study is void: none of its 2 view settings differs clearly from `unrelated`")
    assert f"+0.6 points [{0.6 - half:.1f}, {0.6 + half:.1f}]" in said
    assert max(len(sentence.split()) for sentence in said.split(". ")) <= 30


def test_a_setting_must_separate_from_every_control_on_the_same_side(monkeypatch):
    scores = {
        name: np.array([mean - 0.1, mean + 0.1]) for name, mean in (("none", 60.0), ("random", 80.0), ("a", 70.0))
    }
    between = judged(monkeypatch, scores, ("none", "random"))
    assert between.void and between.controls == ["none", "random"]
    above = judged(monkeypatch, scores | {"a": np.array([85.0, 85.2])}, ("none", "random"))
    assert not above.void and above.furthest is not None and above.furthest["control"] == "random"


def test_test_examples_count_beside_seeds(monkeypatch):
    scores = {
        name: np.array([mean - 0.1, mean + 0.1]) for name, mean in (("unrelated", 70.0), ("a", 71.5), ("b", 70.0))
    }
    assert not judged(monkeypatch, scores).void and judged(monkeypatch, scores, error=2.0).void


@pytest.mark.parametrize(
    ("scores", "controls", "lacks"),
    [
        ({"a": [1.0, 2.0]}, (), "control"),
        ({"unrelated": [1.0, 2.0]}, ("unrelated",), "settings"),
        ({"unrelated": [1.0], "a": [3.0]}, ("unrelated",), "seeds"),
    ],
)
def test_what_cannot_be_tested_is_neither_void_nor_passed(monkeypatch, scores, controls, lacks):
    found = judged(monkeypatch, {name: np.array(values) for name, values in scores.items()}, controls)
    assert found.void is None and found.lacks == lacks and wording.warning(found) == ""
    assert wording.LACKS[lacks] in wording.sentence(found)


def test_where_all_settings_are_below_the_control_the_report_says_so():
    said = wording.sentence(Gate("infonce", ["unrelated"], 9, 0, 9, False, {}))
    assert "0 transfer better" in said and said.endswith("No amount of shared information was of use. Worse: 9.")


def test_a_spread_pooled_for_both_sides_is_one_error_and_a_single_encoder_adds_none():
    one = {"seeds": 2, "seed_sd": 0.3, "seed_freedom": 8}
    (shared,) = seed_errors(one, one | {"seeds": 3})
    assert (shared.sd, shared.freedom) == (pytest.approx(0.3 * np.sqrt(1 / 2 + 1 / 3)), 8)
    assert len(seed_errors(one, {"seeds": 1, "seed_sd": None, "seed_freedom": 0})) == 1
    assert len(seed_errors(one, one | {"seed_freedom": 9})) == 2
    wide = interval(1.0, [shared], 0.0, level=0.99)
    assert wide["high"] == pytest.approx(1.0 + stats.t.isf(0.005, 8) * shared.sd)
