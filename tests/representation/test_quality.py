"""Both measures against closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest

from infoviews.representation.dependence import dependence
from infoviews.representation.retention import retention


@pytest.mark.parametrize("power", [1, 3])
def test_dependence_of_a_gaussian_is_its_total_correlation_under_any_rising_map(power: int) -> None:
    correlation = np.full((4, 4), 0.5) + 0.5 * np.eye(4)
    truth = -0.5 * math.log(np.linalg.det(correlation))
    rows = np.random.default_rng(0).standard_normal((6000, 4)) @ np.linalg.cholesky(correlation).T
    found = dependence(rows[:3000] ** power, rows[3000:] ** power, "", seed=1)
    assert found.estimate == pytest.approx(truth, abs=0.1) and found.low < found.estimate < found.high


def test_dependence_finds_what_correlations_do_not_show() -> None:
    """One coordinate is the absolute value of the other, but for noise: no correlation, much dependence."""
    rng = np.random.default_rng(0)
    x, noise = rng.standard_normal((2, 6000))
    rows = np.stack([x, np.abs(x) + 0.2 * noise], axis=1)
    assert abs(np.corrcoef(rows.T)[0, 1]) < 0.05
    assert dependence(rows[:4000], rows[4000:], "", seed=1).estimate > 0.6


def test_independent_coordinates_do_not_depend() -> None:
    rows = np.random.default_rng(0).standard_normal((4000, 6))
    found = dependence(rows[:2000], rows[2000:], "", seed=1)
    assert abs(found.estimate) < 0.03
    assert found == dependence(rows[:2000], rows[2000:], "", seed=1)


def test_collapsed_coordinates_depend_on_nothing() -> None:
    rows = np.random.default_rng(0).standard_normal((400, 3))
    assert dependence(np.ones((200, 4)), np.ones((200, 4)), "", seed=1).estimate == 0.0
    wider = np.concatenate([rows, np.full((400, 2), 3.0)], axis=1)
    assert dependence(wider[:200], wider[200:], "", 1) == dependence(rows[:200], rows[200:], "", 1)


def test_more_dependence_than_the_rows_can_show_is_flagged() -> None:
    rng = np.random.default_rng(0)
    rows = rng.standard_normal((2000, 16)) * 0.33 + rng.standard_normal((2000, 1))
    assert dependence(rows[:1000], rows[1000:], "", seed=1).flag == "censored"


def test_retention_is_half_log_two_for_each_coordinate_that_is_kept() -> None:
    rng = np.random.default_rng(0)
    inputs = rng.standard_normal((8000, 6))
    for kept in (1, 4):
        made = inputs[:, :kept] * 7
        found = retention((inputs[:4000], made[:4000]), (inputs[4000:], made[4000:]), "", seed=1)
        assert found.estimate == pytest.approx(kept * math.log(2) / 2, abs=0.1)
    other = rng.standard_normal((8000, 3))
    found = retention((inputs[:4000], other[:4000]), (inputs[4000:], other[4000:]), "", seed=1)
    assert abs(found.estimate) < 0.03


def test_bad_shapes_are_errors() -> None:
    rows = np.zeros((30, 3))
    with pytest.raises(ValueError, match="d >= 2"):
        dependence(rows[:, :1], rows[:, :1], "", 0)
    with pytest.raises(ValueError, match="needs 20"):
        dependence(rows, rows[:5], "", 0)
    with pytest.raises(ValueError, match="two equal numbers"):
        retention((rows, rows[:29]), (rows, rows), "", 0)
