"""Simulation-extrapolation undoes an attenuation that is known in closed form."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from infoviews.analysis.statistics.simex import measurement_error, simex


def test_the_attenuated_slope_comes_back():
    rng = np.random.default_rng(0)
    truth = rng.standard_normal(4000)
    y = 2 * truth + 0.1 * rng.standard_normal(4000)
    error = np.full(4000, 0.5)
    x = truth + error * rng.standard_normal(4000)
    naive, corrected = simex(lambda v: np.array([np.polyfit(v, y, 1)[0]]), x, error, 5, np.random.default_rng(1))
    # With error variance (1 + level) / 4 the slope is 2 / (1 + (1 + level) / 4); a parabola follows that nearly.
    levels = np.array([0, 0.5, 1, 1.5, 2])
    expected = np.polyval(np.polyfit(levels, 2 / (1 + (1 + levels) / 4), 2), -1)
    assert naive[0] == pytest.approx(1.6, abs=0.05) and expected == pytest.approx(2, abs=0.1)
    assert corrected[0] == pytest.approx(expected, abs=0.06)


def test_a_statistic_without_error_stays():
    x = np.linspace(0, 1, 9)
    naive, corrected = simex(lambda v: v[:2], x, np.zeros(9), 3, np.random.default_rng(0))
    assert corrected == pytest.approx(naive)


def points(error: float) -> pd.DataFrame:
    x = np.linspace(0, 4, 12)
    y = 70 - 2 * np.abs(x - 2)
    names = [f"s{i}" for i in range(12)]
    table = pd.DataFrame({"setting": names, "family": "spans", "transfer": y, "information": x, "censored": False})
    return table.assign(information_low=x - 1.959964 * error, information_high=x + 1.959964 * error)


def test_slopes_of_a_tent_are_corrected_upwards():
    rows = {row["quantity"]: row for row in measurement_error(points(0.3), 0)}
    before = rows["slope before (points per nat)"]
    assert before["measured"] == pytest.approx(2, abs=0.1) and before["corrected"] > before["measured"]
    assert rows["place of the peak (nats)"]["corrected"] == pytest.approx(2, abs=0.5) and before[
        "error"
    ] == pytest.approx(0.3)


def test_exact_information_and_too_few_points_have_no_error_to_correct():
    assert measurement_error(points(0.0), 0) == []
    assert measurement_error(points(0.3).head(4), 0) == []
    assert measurement_error(points(0.3).assign(censored=True), 0) == []
