"""Systems against each other: letters of ties, correction for many pairs, and whether the study's own best won."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from infoviews.analysis.answers.ties import differences, letters, marked, outcome


def rows_of(means: dict[str, float], sd: float = 0.2, seeds: int = 3) -> list[dict]:
    spread = {"seeds": seeds, "seed_sd": sd, "seed_freedom": (seeds - 1) * len(means)}
    return [{"name": name, "average": mean, "rows": [name], **spread} for name, mean in means.items()]


def no_errors(names) -> pd.DataFrame:
    names = list(names)
    return pd.DataFrame(0.0, names, names)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 7), st.data())
def test_names_share_a_letter_if_and_only_if_they_do_not_differ(n, data):
    names = [f"s{i}" for i in range(n)]
    differ = [pair for pair in combinations(names, 2) if data.draw(st.booleans())]
    groups = letters(names, differ).values()
    for pair in combinations(names, 2):
        assert any(group.issuperset(pair) for group in groups) == (pair not in differ)
    assert set().union(*groups) == set(names) and not any(a < b for a in groups for b in groups)


def test_letters_run_from_the_best_down():
    assert letters(["x", "y", "z"], [("x", "z")]) == {"a": {"x", "y"}, "b": {"y", "z"}}


def test_a_pair_is_students_t_of_the_pooled_spread():
    means = {"x": 71.0, "y": 70.0}
    (pair,) = marked(rows_of(means), no_errors(means))
    half = stats.t.isf(0.025, 4) * 0.2 * np.sqrt(2 / 3)
    assert [pair["difference_low"], pair["difference_high"]] == pytest.approx([1 - half, 1 + half])
    assert (pair["first"], pair["second"], pair["differ"]) == ("x", "y", True)


def test_equal_systems_are_told_apart_in_at_most_5_percent_of_studies():
    rng, wrong = np.random.default_rng(8), 0
    for _ in range(60):
        drawn = 70 + 0.2 * rng.standard_normal((6, 3))
        rows = rows_of({f"s{i}": float(mean) for i, mean in enumerate(drawn.mean(axis=1))})
        spread = float(np.sqrt(drawn.var(axis=1, ddof=1).mean()))
        wrong += any(
            p["differ"] for p in marked([r | {"seed_sd": spread} for r in rows], no_errors(r["name"] for r in rows))
        )
    assert wrong <= stats.binom.ppf(0.999, 60, 0.05)


@pytest.mark.parametrize(
    ("own", "result", "above", "below"), [(75.0, "won", 2, 0), (72.1, "tied", 1, 0), (69.0, "beaten", 0, 2)]
)
def test_the_own_best_wins_only_if_it_is_above_every_system(own, result, above, below):
    rows = rows_of({"own": own, "x": 72.0, "y": 70.5})
    found = outcome(rows[0], rows, marked(rows, no_errors(r["name"] for r in rows)))
    assert found is not None and (found["result"], found["above"], found["below"]) == (result, above, below)
    assert found["rival"] == "x" and found["difference"] == pytest.approx(own - 72.0)
    assert found["low"] < found["difference"] < found["high"]


def test_a_system_of_the_same_encoders_is_no_rival():
    rows = rows_of({"own": 72.0, "infomin": 72.0, "x": 70.0})
    rows[1]["rows"] = rows[0]["rows"]
    pairs = marked(rows, no_errors(r["name"] for r in rows))
    found = outcome(rows[0], rows, pairs)
    assert len(pairs) == 2 and found is not None and (found["systems"], found["rival"]) == (1, "x")
    assert outcome(rows[0], rows[:1], []) is None


def test_a_difference_that_its_interval_alone_would_call_clear_ties_among_many():
    """One gap of 2.5 standard errors: clear alone (p = 0.02), not as one of ten (p = 0.2)."""
    rows = rows_of({"base": 70.0, **{f"s{i}": 70.0 for i in range(9)}, "x": 70.0})
    errors = no_errors(r["name"] for r in rows) + 0.2
    for row in rows:
        row["seed_freedom"] = 0
    rows[-1]["average"] = 70.5
    found = differences(rows, [rows[0]] * len(rows), errors)
    assert found[0]["side"] is None and found[-1]["side"] == "tie" and found[-1]["difference_low"] > 0
    assert differences(rows[:1] + rows[-1:], [rows[0]] * 2, errors)[-1]["side"] == "above"
