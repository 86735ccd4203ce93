"""The best dial of a family: those that tie with it hold the truth, however the highest was picked."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from infoviews.analysis.answers.dials import best_dial

SD, SEEDS, FREEDOM = 0.3, 3, 12


def family(means: np.ndarray, sd: float = SD, freedom: int = FREEDOM) -> tuple[pd.DataFrame, pd.DataFrame]:
    names = [f"spans-{dial}" for dial in range(len(means))]
    rows = pd.DataFrame({"setting": names, "dial": range(len(means)), "transfer": means, "seeds": SEEDS})
    rows = rows.assign(seed_sd=sd, seed_freedom=freedom, example_se=0.0, information=np.arange(len(means)) / 2)
    return rows, pd.DataFrame(0.0, names, names)


@pytest.mark.parametrize(("short", "ties"), [(0.99, 3), (1.01, 1)])
def test_a_dial_ties_up_to_the_one_sided_quantile_corrected_for_its_rivals(short, ties):
    reach = stats.t.isf(0.05 / 2, FREEDOM) * SD * np.sqrt(2 / SEEDS)
    found = best_dial(*family(np.array([70 - short * reach, 70.0, 70 - short * reach])))
    assert (found["setting"], found["dial"], found["ties"], found["nats"]) == ("spans-1", 1.0, ties, 0.5)
    ends = (0.0, 2.0, 0.0, 1.0) if ties == 3 else (1.0, 1.0, 0.5, 0.5)
    assert (found["low"], found["high"], found["nats_low"], found["nats_high"]) == ends
    half = stats.t.isf(0.025 / 3, FREEDOM) * SD / np.sqrt(SEEDS)
    assert (found["height_low"], found["height_high"]) == pytest.approx((70 - half, 70 + half))


def test_the_best_dial_ties_and_the_highest_mean_is_held_in_95_percent_of_studies():
    rng, truth, held, high = np.random.default_rng(4), np.array([69.8, 70.0, 69.9, 69.0]), 0, 0
    studies = 80
    for _ in range(studies):
        drawn = truth[:, None] + SD * rng.standard_normal((4, SEEDS))
        spread = float(np.sqrt(drawn.var(axis=1, ddof=1).mean()))
        found = best_dial(*family(drawn.mean(axis=1), spread, 4 * (SEEDS - 1)))
        held += found["low"] <= 1 <= found["high"]
        high += found["height_low"] <= 70.0 <= found["height_high"]
    assert min(held, high) >= stats.binom.ppf(0.001, studies, 0.95)


def test_without_seeds_the_best_is_named_without_an_interval():
    found = best_dial(*family(np.array([70.0, 71.0]), np.nan, 0))
    assert found["setting"] == "spans-1" and found["ties"] is None and found["height_low"] is None
