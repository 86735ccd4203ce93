"""Which value of a setting the axis takes, and what is said of the others."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from infoviews.contracts import Estimate
from infoviews.information import axis
from infoviews.information.critic import Fit
from infoviews.information.estimate import measure, resamples
from infoviews.information.fit import fit_critic
from infoviews.information.reading import Reading, equal, repeated, widened
from infoviews.information.trust import doubts, trust, upper

FITTED = {"fit": {"validation": -1.0}}


def one(estimator: str = "infonce", features: str = "a", value: float = 1.0, flag: str = "", **notes) -> Estimate:
    return Estimate(estimator, features, value, value - 0.1, value + 0.1, 100, 100, 9.0, flag, 0, FITTED | notes)


def test_the_critic_is_chosen_on_other_pairs_than_those_measured() -> None:
    better = one(features="b", value=0.7, fit={"validation": -1.2})
    made = axis.chosen([one(value=2.0), better, one("dv", "b", fit={"validation": -1.2})])
    assert [(e.estimator, e.features, e.notes["by"]) for e in made] == [(n, "chosen", "b") for n in ("infonce", "dv")]
    assert made[0].estimate == 0.7
    assert axis.chosen([replace(better, flag=axis.IDENTICAL), one()])[0].notes["by"] == "a"
    assert axis.chosen([replace(better, flag=axis.IDENTICAL)])[0].flag == axis.IDENTICAL
    assert axis.chosen([one("cca"), one(flag="failed")][1:]) == axis.chosen([]) == []


@given(st.lists(st.floats(-3, 12), min_size=3, max_size=3).map(sorted))
def test_nothing_is_below_zero_and_nothing_else_moves(ends: list[float]) -> None:
    low, value, high = ends
    found = axis.floored(replace(one(), low=low, estimate=value, high=high))
    assert (found.low, found.estimate, found.high) == tuple(max(0.0, v) for v in ends)
    assert ("raw" in found.notes) == (low < 0)


def test_an_interval_below_another_valid_bound_is_not_used_and_says_why() -> None:
    low, high, other = one(value=0.2), one(features="tokens", value=1.9), one("smile", "b", 5.0)
    found = axis.judged(axis.compared([low, high, other, one("ksg", value=1.85), one("cca", flag="determined")]))
    assert [e.flag for e in found] == [axis.BELOW, "", "", "", "determined"]
    assert found[0].notes["verdict"] == axis.UNUSABLE
    assert found[0].notes["because"] == "infonce on tokens shows at least 1.80 nats"
    (held_down, _) = axis.compared([one(value=0.2, flag="near ceiling"), high])
    assert held_down.flag == "censored"  # a lower limit, and known to be no more
    no_bound = axis.compared([low, other, one(features="c", value=8.0, flag=axis.IDENTICAL)])
    assert [e.flag for e in no_bound] == ["", "", axis.IDENTICAL]  # neither an estimate nor a text twice bounds it


@pytest.mark.parametrize(
    ("estimate", "verdict", "why"),
    [
        (one(trust={"value": 1.0, "endless": 1.1, "wider": 1.02}), axis.TRUSTED, ""),
        (one(trust={"value": 1.0, "endless": 1.3, "wider": 1.0}), axis.LOWER, "endlessly many pairs would give 1.30"),
        (one(trust={"value": 4.0, "endless": 4.3, "wider": 4.6}), axis.LOWER, "a wider critic finds 4.60"),
        (one(trust={"value": 1.0, "endless": 0.7, "wider": 1.0}), axis.LOWER, "it falls with more pairs, to 0.70"),
        (one(flag="near ceiling"), axis.LOWER, "near ceiling, 9.0 nats"),
        (
            one(flag="censored", fewer="…"),
            axis.LOWER,
            "censored, 9.0 nats; K is only 100, the held-out pairs there are",
        ),
        (one(), axis.LOWER, "not the critic that was chosen"),
        (one("smile"), axis.UNUSABLE, "clipped ratios may exceed the information"),
        (one(checks={"shuffled": 0.4}), axis.UNUSABLE, "pairs that share nothing read 0.40"),
        (one(value=math.nan, flag="failed", why="20 rows"), axis.UNUSABLE, "20 rows"),
        (one(flag="above log n"), axis.UNUSABLE, "100 pairs cannot show more than log n"),
    ],
)
def test_verdicts(estimate: Estimate, verdict: str, why: str) -> None:
    assert axis.verdict(estimate) == (verdict, why)


def pairs(n: int, information: float, d: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rho = math.sqrt(1 - math.exp(-2 * information / d))
    x, noise = np.random.default_rng(seed).standard_normal((2, n, d))
    return x, rho * x + math.sqrt(1 - rho * rho) * noise


def test_few_pairs_in_many_dimensions_are_seen_to_rise_and_many_in_few_are_not() -> None:
    how = Fit(steps=60)
    for n, d, rises in ((4000, 2, False), (200, 30, True)):
        x, y = pairs(n + 1000, 2.0, d)
        reading = Reading("raw", (x[:n], y[:n]), (x[n:], y[n:]))
        (found,) = measure(reading.fit(how, 1), *reading.heldout, {"infonce": {}}, "raw", 1000, bootstrap=0, seed=1)
        checks = trust(reading, found.estimate, how, 1000, 1)
        assert list(checks["pairs"]) == [str(n), str(n // 2), str(n // 4)]
        assert checks["endless"] == pytest.approx(2 * found.estimate - checks["pairs"][str(n // 2)])
        assert bool(doubts(found.estimate, checks)) == rises


def test_clouds_are_read_without_the_gaussian_start_that_is_a_trap_between_them() -> None:
    """Three bits through channels with 1 % error, each seen as which of two clouds two coordinates are in."""
    rng = np.random.default_rng(0)
    sent = rng.integers(0, 2, (9000, 3))
    said = sent ^ (rng.uniform(size=sent.shape) < 0.01)
    x, y = (4 * np.repeat(bits, 2, axis=1) + rng.standard_normal((9000, 6)) for bits in (sent, said))
    truth = 3 * (math.log(2) + 0.01 * math.log(0.01) + 0.99 * math.log(0.99))
    how, reading = Fit(steps=200), Reading("raw", (x[:8000], y[:8000]), (x[8000:], y[8000:]))
    both, trapped = reading.fit(how, 1), fit_critic(*reading.critic, how, 1)
    found = [measure(f, *reading.heldout, {"infonce": {}}, "raw", 1000, 0, 1)[0].estimate for f in (both, trapped)]
    assert both.facts["gaussian"] == 0 and trapped.facts["gaussian"] == 1
    assert found[1] < truth - 0.15 < found[0] < truth + 0.1
    x, y = pairs(2000, 1.0, 6)
    assert Reading("raw", (x, y), (x, y)).fit(how, 1).facts["gaussian"] == 1


@given(st.floats(0, 9), st.floats(0, 1), st.floats(-3, 3), st.floats(-3, 3))
def test_an_interval_reaches_up_to_what_is_promised_and_no_further_than_the_ceiling(
    value: float, half: float, more: float, wider: float
) -> None:
    high = min(9.0, value + half)
    found = upper(high, value, {"endless": value + more, "wider": value + wider}, 9.0)
    assert high <= found <= 9.0 and found == pytest.approx(min(9.0, high + max(0.0, more, wider)))


def test_a_wider_critic_is_twice_as_wide() -> None:
    assert widened(Fit()).critic_params == {"hidden": 128, "output": 64}
    assert widened(Fit(critic="dot")).critic_params == {}


@given(st.lists(st.integers(0, 5), min_size=1, max_size=30), st.integers(0, 2**16))
def test_documents_are_drawn_whole(documents: list[int], seed: int) -> None:
    weights = resamples(np.array(documents), 7, np.random.default_rng(seed))
    assert (weights[:, 0] == 1).all() and weights.shape == (len(documents), 8)
    for own in set(documents):
        rows = weights[np.array(documents) == own]
        assert (rows == rows[0]).all()
    first = [documents.index(own) for own in set(documents)]
    assert (weights[first].sum(axis=0) == len(first)).all()


def test_pairs_of_one_document_count_as_one_in_the_interval() -> None:
    """Every pair four times over: as documents their interval is that of a quarter of the pairs, not half as wide."""
    x, y = pairs(2000, 1.0, 2)
    reading = Reading("raw", (x[:1600], y[:1600]), tuple(np.repeat(side[1600:], 4, axis=0) for side in (x, y)))
    fitted, widths = reading.fit(Fit(steps=40), 1), []
    for documents in (None, np.repeat(np.arange(400), 4)):
        (found,) = measure(fitted, *reading.heldout, {"dv": {}}, "raw", 1600, 200, 1, documents)
        widths.append(found.high - found.low)
    assert 1.6 < widths[1] / widths[0] < 2.5


def test_equal_and_repeated_texts_are_counted() -> None:
    first = np.array([[1, 2, -1], [3, 4, 5], [6, -1, -1], [6, -1, -1]])
    assert equal(first, first) == 1 and equal(first, np.array([[1, 2], [3, 4], [6, -1], [7, -1]])) == 0.5
    assert repeated(first) == 0.5 and repeated(first[:2]) == 0
    features = np.random.default_rng(0).standard_normal((10, 4))
    assert equal(features, features * (1 + 1e-7)) == 1 and equal(features, features + 1e-2) == 0
