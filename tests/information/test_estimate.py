"""Critics fitted on one split and read on another: truths, self-consistency, intervals, parity with the bounds."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
import torch

from infoviews import registry
from infoviews.information import estimate, fit
from infoviews.information.critic import Fit
from infoviews.information.fit import fit_critic

QUICK = Fit(steps=160, validation=400)
ALL = {"infonce": {}, "dv": {}, "nwj": {}, "smile": {"clip": 5.0}, "jsdbound": {}}

TRUE = {"jsdbound": 1.39}
"""What a bound that is not tight gives at the best critic of five Gaussian pairs with 2 nats together."""


def gaussian(n: int, d: int, information: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rho2 = 1 - math.exp(-2 * information / d)
    x, noise = np.random.default_rng([seed, d]).standard_normal((2, n, d))
    return x, math.sqrt(rho2) * x + math.sqrt(1 - rho2) * noise


def measured(x: np.ndarray, y: np.ndarray, how: Fit = QUICK, k: int = 2000) -> dict[str, estimate.Estimate]:
    half = len(x) // 2
    fitted = fit_critic(x[:half], y[:half], how, seed=1)
    found = estimate.measure(fitted, x[half:], y[half:], ALL, "raw", k, bootstrap=60, seed=2)
    return {e.estimator: e for e in found}


def test_every_estimator_finds_two_nats() -> None:
    for name, found in measured(*gaussian(4000, 5, 2.0)).items():
        assert found.estimate == pytest.approx(TRUE.get(name, 2.0), abs=0.2), name
        assert found.low < found.estimate < found.high and found.high - found.low < 0.4
        assert found.n == found.k == 2000 and found.flag == "" and found.failures == 0


def test_heavy_tails_and_cubes_are_read_like_the_gaussian_beneath() -> None:
    x, y = gaussian(4000, 5, 2.0)
    for name, found in measured(x**3, np.sinh(3 * y)).items():
        assert found.estimate == pytest.approx(TRUE.get(name, 2.0), abs=0.2), name


def test_a_network_finds_what_correlation_cannot() -> None:
    x, noise = np.random.default_rng(0).standard_normal((2, 6000, 2))
    y = np.abs(x) + 0.3 * noise
    found = measured(x, y, dataclasses.replace(QUICK, steps=300))
    assert all(0.9 < e.estimate < 1.8 for e in found.values())


def test_no_information_reads_as_none() -> None:
    rng = np.random.default_rng(3)
    for found in measured(rng.standard_normal((3000, 8)), rng.standard_normal((3000, 8))).values():
        assert abs(found.estimate) < 0.05


def test_processing_loses_and_independent_copies_add() -> None:
    x, y = gaussian(4000, 2, 0.8)
    more_x, more_y = gaussian(4000, 2, 0.8, seed=9)
    once = measured(x, y)
    less = measured(np.sign(x) * np.minimum(np.abs(x), 0.3), y)
    twice = measured(np.concatenate([x, more_x], 1), np.concatenate([y, more_y], 1))
    for name in ALL:
        assert less[name].estimate < once[name].estimate + 0.02
        assert twice[name].estimate == pytest.approx(2 * once[name].estimate, abs=0.2)


def test_checks_show_saturation_and_shuffled_pairs() -> None:
    x, y = gaussian(4000, 5, 2.0)
    noted = measured(x, y)["infonce"].notes["checks"]
    assert noted["k=1000"] == pytest.approx(2.0, abs=0.2) and noted["shuffled"] < 0.1
    saturated = measured(x, x + 1e-3 * y)["infonce"]
    assert saturated.notes["checks"]["k=500"] < saturated.notes["checks"]["k=1000"] - 0.3 < saturated.estimate


def test_identical_views_are_censored_at_the_ceiling() -> None:
    x = np.random.default_rng(0).standard_normal((2000, 6))
    found = measured(x, x)["infonce"]
    assert found.flag == "censored" and found.ceiling == pytest.approx(math.log(1000))
    assert found.low < found.estimate <= found.high <= found.ceiling + 1e-9  # replicates lie above it, every one
    assert estimate.flag(5.0, 8.3, 4096) == "" and estimate.flag(6.0, 8.3, 4096) == "near ceiling"


def test_constant_features_hold_nothing() -> None:
    x = np.ones((400, 3))
    assert all(abs(e.estimate) < 1e-3 for e in measured(x, x).values())


@pytest.mark.parametrize("objective", ["dv", "mine", "tuba"])
def test_a_constant_that_training_leaves_free_is_taken_out(objective: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Moved up by 16 nats, as MINE leaves a critic whose first batches were wild, it reads what it did before."""
    x, y = gaussian(1200, 3, 1.5)
    how = dataclasses.replace(QUICK, objective=objective, steps=80)
    here = fit_critic(x[:600], y[:600], how, seed=0)
    descend = fit.descend

    def displaced(critic, *given):
        state, *rest = descend(critic, *given)
        with torch.no_grad():
            critic.offset.add_(16.0)
        return None if state is None else state + 16.0, *rest

    monkeypatch.setattr(fit, "descend", displaced)
    there = fit_critic(x[:600], y[:600], how, seed=0)
    px, py = torch.from_numpy(here.x(x[600:])), torch.from_numpy(here.y(y[600:]))
    torch.testing.assert_close(there.scores(px, py), here.scores(px, py), rtol=0, atol=1e-4)
    module = registry.get("objectives", objective)
    values = [module.bound(f.scores(px, py), module.Params(), f.state).value.item() for f in (here, there)]
    assert values[0] == pytest.approx(values[1], abs=1e-3) and abs(values[0] - 1.5) < 0.4


@pytest.mark.parametrize("objective", ["infonce", "jsd", "nwj", "mine"])
def test_readings_agree_with_the_bounds_on_the_same_matrix(objective: str) -> None:
    x, y = gaussian(1200, 3, 1.0)
    fitted = fit_critic(x[:600], y[:600], dataclasses.replace(QUICK, objective=objective, steps=40), seed=0)
    x, y = x[600:], y[600:]
    found = estimate.measure(fitted, x, y, ALL, "raw", 600, bootstrap=0)
    px, py = torch.from_numpy(fitted.x(x)), torch.from_numpy(fitted.y(y))
    for one in found:
        module = registry.get("objectives", one.estimator)
        scores = fitted.raw(px, py) if one.estimator == "infonce" else fitted.scores(px, py)
        expected = module.bound(scores + module.OPTIMUM, module.Params()).value.item()
        assert one.estimate == pytest.approx(expected, abs=1e-3), one.estimator


def test_bootstrap_replicates_are_those_of_resampled_pairs(without) -> None:
    """A pair drawn twice has two rows and two columns, and is not a negative of its own copy."""
    x, y = gaussian(300, 2, 1.0)
    fitted = fit_critic(x[:200], y[:200], dataclasses.replace(QUICK, steps=20), seed=0)
    px, py = torch.from_numpy(fitted.x(x[200:])), torch.from_numpy(fitted.y(y[200:]))
    drawn = np.random.default_rng(0).integers(100, size=100)
    weights = np.bincount(drawn, minlength=100).astype(float)[:, None]
    joint, sums = estimate.candidate_sums(fitted, px, py, weights, {None, 5.0, "softplus", "raw"})
    same = torch.from_numpy(drawn[:, None] == drawn[None])
    matrix = without(fitted.scores(px[drawn], py[drawn]), same)
    for name, clip in [("infonce", "raw"), ("dv", None), ("smile", 5.0), ("jsdbound", "softplus")]:
        value = estimate.STATISTICS[name](joint, sums[clip], weights, weights.sum(0))[0]
        module = registry.get("objectives", name)
        assert value == pytest.approx(module.bound(matrix, module.Params()).value.item(), abs=1e-4), name


def test_same_inputs_same_values() -> None:
    x, y = gaussian(800, 3, 1.0)
    how = dataclasses.replace(QUICK, steps=60)
    assert measured(x, y, how) == measured(x, y, how)


def test_ceilings_are_those_of_the_cut_scores() -> None:
    """NWJ of scores that never exceed log m is at most 1 + log m, DV near log m; n pairs say nothing above log n."""
    x = np.random.default_rng(0).standard_normal((2000, 6))
    found, limit = measured(x, x), math.log(800)
    assert (found["dv"].ceiling, found["nwj"].ceiling) == (pytest.approx(limit), pytest.approx(1 + limit))
    assert found["dv"].flag == "censored" and found["nwj"].estimate <= 1 + limit
    assert estimate.flag(9.0, math.inf, 4096) == "above log n" and estimate.flag(8.0, math.inf, 4096) == ""


def test_bad_pairs_and_estimators_are_errors() -> None:
    x, y = gaussian(100, 2, 1.0)
    with pytest.raises(ValueError, match="equal shapes"):
        fit_critic(x, y[:50], QUICK, 0)
    with pytest.raises(ValueError, match="20 rows"):
        fit_critic(x[:10], y[:10], QUICK, 0)
    fitted = fit_critic(x, y, dataclasses.replace(QUICK, steps=1), 0)
    with pytest.raises(KeyError, match="known: infonce"):
        estimate.measure(fitted, x, y, {"infonse": {}}, "raw")
    for some, others in ((x, y[:50]), (x[:50], y), (x[:5], y[:5])):
        with pytest.raises(ValueError, match=f"{len(some)} and {len(others)} held-out rows"):
            estimate.measure(fitted, some, others, {"infonce": {}}, "raw")


def test_blocks_of_columns_give_what_one_matrix_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    x, y = gaussian(300, 2, 1.0)
    fitted = fit_critic(x[:200], y[:200], dataclasses.replace(QUICK, steps=20), seed=0)
    whole = estimate.measure(fitted, x[200:], y[200:], ALL, "raw", 100, 10)
    monkeypatch.setattr(estimate, "ROWS", 7)
    for columns in (1, 5, 64):  # in blocks of one column some rows have nothing but their own pair
        monkeypatch.setattr(estimate, "COLUMNS", columns)
        for one, other in zip(estimate.measure(fitted, x[200:], y[200:], ALL, "raw", 100, 10), whole, strict=True):
            assert (one.estimate, one.low, one.high) == pytest.approx((other.estimate, other.low, other.high), abs=1e-4)


def test_infonce_of_views_that_are_nearly_one_falls_with_the_noise_between_them() -> None:
    """Cut scores would tie the partner with its neighbours, and the less noise the more of them."""
    x, noise = np.random.default_rng(0).standard_normal((2, 3000, 40))
    found = [measured(x, x + s * noise)["infonce"].estimate for s in (0.02, 0.3, 2.0)]
    assert math.log(1500) - 0.05 < found[0] <= math.log(1500) and found[0] >= found[1] > found[2] + 0.1
