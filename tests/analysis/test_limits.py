"""Lower limits and family offsets in the test of two lines: against statsmodels, by hand, and on simulated truths."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st

from infoviews.analysis.answers import peaks
from infoviews.analysis.record import AVERAGE, Answer, Curve, Verdict
from infoviews.analysis.statistics.families import dummies, offsets
from infoviews.analysis.statistics.limits import known
from infoviews.analysis.statistics.peak import find_peak
from infoviews.analysis.statistics.two_lines import interrupted, two_lines
from infoviews.reporting.wording import peaks as wording

FAMILIES = np.arange(30) % 8


def test_family_offsets_are_regressors_of_the_two_lines():
    rng = np.random.default_rng(0)
    x, y = np.sort(rng.uniform(0, 5, 30)), rng.standard_normal(30)
    levels, cut = dummies(FAMILIES), 2.2
    left = (x < cut).astype(float)
    design = np.column_stack([left, 1 - left, left * x, (1 - left) * x, levels])
    slow, found = sm.OLS(y, design).fit(), interrupted(x, y, cut, levels)
    assert (found.slope_low, found.slope_high) == pytest.approx(tuple(slow.params[2:4]))
    assert (found.p_low, found.p_high) == pytest.approx(tuple(slow.pvalues[2:4]))
    assert found.sigma == pytest.approx(np.sqrt(slow.scale))


@given(st.integers(0, 999))
def test_the_test_is_blind_to_family_offsets(seed):
    rng = np.random.default_rng(seed)
    x = rng.uniform(0, 5, 30)
    y, shift = -((x - 2.5) ** 2) + rng.standard_normal(30), 3 * rng.standard_normal(8)[FAMILIES]
    assert two_lines(x, y + shift, FAMILIES).p == pytest.approx(two_lines(x, y, FAMILIES).p, rel=1e-6, abs=1e-12)
    moved = offsets(x, y + shift, dummies(FAMILIES)) - offsets(x, y, dummies(FAMILIES))
    assert np.ptp(moved - shift) == pytest.approx(0, abs=1e-9)


def test_families_too_many_for_the_points_have_no_offsets():
    assert dummies(np.array(["a"] * 12)).shape == (12, 0)
    assert dummies(np.arange(12)).shape == (12, 0) and dummies(np.arange(12) % 2).shape == (12, 1)


def test_limits_by_hand():
    x = np.array([1.0, 2, 3, 4, 5, 6, 7.5, 7, 8, np.inf, 7, 7])
    limited = np.array([False] * 7 + [True] * 5)
    placed, used = known(x, limited)
    assert placed.tolist() == [1, 2, 3, 4, 5, 6, 7, 7, 7, 7, 7, 7] and used.all(), "three limits for one known place"
    x, limited = x[:10], limited[:10]
    placed, used = known(x, limited)
    assert placed[used].tolist() == [1, 2, 3, 4, 5, 6, 7.5, 8, 8] and not used[7], "a known place for one limit"
    placed, used = known(np.append(x, 2.5), np.append(limited, True))
    assert used.tolist() == [True] * 7 + [False, True, True, False] and placed.max() == 8, (
        "a limit amid known points is left out"
    )
    placed, used = known(x[[0, 1, 2, 3, 4, 9]], limited[[0, 1, 2, 3, 4, 9]])
    assert placed.tolist() == [1, 2, 3, 4, 5, 5] and used.all(), "beyond any value is with the highest that is known"


@given(st.lists(st.tuples(st.floats(0, 20), st.booleans()), min_size=1, max_size=40))
def test_limits_keep_what_is_known_of_the_order(points):
    x, limited = np.array([p[0] for p in points]), np.array([p[1] for p in points])
    placed, used = known(x, limited)
    assert used[~limited].all()
    top = placed[used].max() if used.any() else np.inf
    assert (placed[used & limited] == top).all() and (x[used & limited] >= top).all()
    below = used & (placed < top)
    assert (placed[below] == x[below]).all() and not (limited & below).any()


def quarter_limited(x: np.ndarray) -> np.ndarray:
    """Whether each of 30 values is beyond a ceiling that hides eight."""
    return x >= np.sort(x)[-8]


@pytest.mark.parametrize(
    ("truth", "peaks"),
    [
        (lambda u: 1 - (2 * u - 1) ** 2, True),
        (lambda u: 1 - np.exp(-10 * u), False),
        (lambda u: -2 * np.maximum(u - 0.4, 0), False),
        (lambda u: u + 2 * (u > 0.8), False),
    ],
)
def test_peaks_are_found_and_others_are_not_with_a_quarter_of_the_settings_censored(truth, peaks):
    rng, found, draws = np.random.default_rng(1), 0, 100
    for _ in range(draws):
        x = rng.uniform(0, 1, 30)
        y = 70 + truth(x) + (0.5 * rng.standard_normal(8))[FAMILIES] + 0.15 / np.sqrt(3) * rng.standard_normal(30)
        placed, used = known(np.minimum(x, np.sort(x)[-8]), quarter_limited(x))
        found += two_lines(placed[used], y[used], FAMILIES[used]).p < 0.05
    assert found >= 0.8 * draws if peaks else found <= 0.1 * draws


def test_a_level_beyond_the_curve_competes_for_the_highest_point():
    x = np.linspace(0, 5, 12)
    y = 70 - (x - 2.5) ** 2 + 0.1 * np.random.default_rng(0).standard_normal(12)
    inside = [
        find_peak(x, y, 0.1, 200, np.random.default_rng(0), level)[0].inside
        for level in (None, np.full(3, 60.0), np.full(3, 80.0))
    ]
    assert inside == [1.0, 1.0, 0.0]


def test_what_the_planned_curve_lacks_is_said():
    of = {
        "objective": "infonce",
        "task": AVERAGE,
        "family": "all",
        "reason": "",
        "verdict": Verdict.OPEN,
        "p_holm": 0.5,
    }
    odd = Curve(**of, n=20, p=0.5, limits=2, censored=3, unmeasured=1, absent=4, seeds=1)
    facts = peaks.lacks(odd, ["mask"])
    assert facts == {"unmeasured": 1, "absent": 4, "left_out": 1, "one_seed": True, "alone": ["mask"]}
    text = wording.note(Answer("peaks", facts={"few": {}} | facts))
    for part in (
        "Settings without a measured information are left out: 1.",
        "Settings without a result are left out: 4.",
        "on either side of measured ones are left out: 1.",
    ):
        assert part in text
    assert "one seed" in text and text.endswith("all that its one setting says: mask.")
    whole = peaks.lacks(Curve(**of, n=20, p=0.5, limits=2, censored=2, unmeasured=0, absent=0, seeds=2), [])
    assert not any(whole.values()) and "left out" not in wording.note(Answer("peaks", facts={"few": {}} | whole))
