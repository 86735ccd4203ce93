"""What single bounds are known by: parity with other libraries, identities between bounds, bad parameters."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn.functional import cross_entropy, normalize

from infoviews import registry
from infoviews.objectives import _scores, dv, infonce, interpolated, jsd, mine, nce, nwj, smile, tuba


def random_scores(size: int = 12, seed: int = 0, scale: float = 2.0) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    scores = scale * torch.randn(size, size, generator=generator, dtype=torch.float64)
    return scores + 3 * torch.eye(size, dtype=torch.float64)


def gradient(bound, scores: torch.Tensor) -> torch.Tensor:
    scores = scores.clone().requires_grad_()
    return torch.autograd.grad(bound(scores), scores)[0]


def test_infonce_is_cross_entropy_less_log_k() -> None:
    scores = random_scores()
    expected = cross_entropy(scores, torch.arange(12)) - math.log(12)
    torch.testing.assert_close(infonce.bound(scores, infonce.Params()).loss, expected)
    both = (cross_entropy(scores, torch.arange(12)) + cross_entropy(scores.T, torch.arange(12))) / 2 - math.log(12)
    torch.testing.assert_close(infonce.bound(scores, infonce.Params(symmetric=True)).loss, both)


def test_two_view_nt_xent_agrees_with_an_independent_library(without) -> None:
    losses = pytest.importorskip("pytorch_metric_learning.losses")
    x, y = torch.randn(2, 10, 7, generator=torch.Generator().manual_seed(0))
    both = normalize(torch.cat([x, y]), dim=1)
    scores = both @ torch.cat([both[10:], both[:10]]).T / 0.1  # partner of each of the 2B views on the diagonal
    itself = torch.roll(torch.eye(20, dtype=torch.bool), 10, dims=1)  # a view is no candidate for itself
    ours = infonce.bound(without(scores, itself), infonce.Params()).loss + math.log(19)
    labels = torch.arange(10).repeat(2)
    torch.testing.assert_close(ours, losses.NTXentLoss(temperature=0.1)(torch.cat([x, y]), labels))


@settings(max_examples=30, deadline=None)
@given(size=st.integers(2, 40), seed=st.integers(0, 10_000), scale=st.floats(0, 500))
def test_infonce_never_exceeds_log_k(size: int, seed: int, scale: float) -> None:
    assert infonce.bound(random_scores(size, seed, scale), infonce.Params()).value <= math.log(size) + 1e-9


def test_infonce_and_dv_ignore_a_constant() -> None:
    scores = random_scores()
    for module in (infonce, dv):
        shifted = module.bound(scores + 5.5, module.Params()).value
        torch.testing.assert_close(shifted, module.bound(scores, module.Params()).value)


def test_jsd_readings_differ_by_two_log_two() -> None:
    scores = random_scores()
    shifted, plain = (jsd.bound(scores, jsd.Params(shifted=s)) for s in (True, False))
    assert (shifted.value - plain.value).item() == pytest.approx(2 * math.log(2))
    assert plain.value < 0 and torch.equal(shifted.loss, plain.loss)


def test_binary_nce_with_one_noise_pair_is_jsd() -> None:
    scores = random_scores()
    ours, reference = nce.bound(scores, nce.Params(noise=1)).loss, jsd.bound(scores, jsd.Params()).loss
    torch.testing.assert_close(ours, reference)


def test_binary_nce_agrees_with_its_formula() -> None:
    scores, noise = random_scores(), 7
    joint, product = scores.diagonal().exp(), scores[~torch.eye(12, dtype=torch.bool)].exp()
    formula = (joint / (joint + noise)).log().mean() + noise * (noise / (product + noise)).log().mean()
    torch.testing.assert_close(nce.bound(scores, nce.Params(noise=noise)).loss, -formula)


def test_nwj_reads_a_log_ratio_critic_without_the_loss_of_one_over_e() -> None:
    scores = random_scores()
    own = nwj.bound(scores + 1, nwj.Params()).value
    torch.testing.assert_close(nwj.bound(scores, nwj.Params(critic="log ratio")).value, own)


def test_nwj_never_exceeds_dv() -> None:
    for seed in range(20):
        scores = random_scores(seed=seed)
        assert nwj.bound(scores, nwj.Params()).value <= dv.bound(scores, dv.Params()).value + 1e-9


def test_dv_ignores_the_diagonal_among_its_candidates() -> None:
    scores = torch.zeros(4, 4) + torch.diag(torch.full((4,), 300.0))
    assert dv.bound(scores, dv.Params()).value.item() == pytest.approx(300.0)


def test_tuba_with_the_batch_normaliser_as_baseline_is_dv() -> None:
    scores = random_scores()
    off = scores[~torch.eye(12, dtype=torch.bool)]
    value = tuba.bound(scores, tuba.Params(), _scores.logmeanexp(off)).value
    torch.testing.assert_close(value, dv.bound(scores, dv.Params()).value)


def test_tuba_baseline_moves_towards_the_log_mean_and_is_detached() -> None:
    scores = (random_scores() + 4).requires_grad_()
    state = None
    for _ in range(200):
        state = tuba.bound(scores, tuba.Params(rate=0.1), state).state
    off = scores.detach()[~torch.eye(12, dtype=torch.bool)]
    torch.testing.assert_close(state, _scores.logmeanexp(off), atol=1e-6, rtol=0)
    assert not state.requires_grad


def slow_interpolated(scores: torch.Tensor, alpha: float) -> float:
    size, total_joint, total_product = len(scores), 0.0, 0.0
    raw = scores.exp()
    for i in range(size):
        for j in set(range(size)) - {i}:
            others = sum(raw[i, k] for k in range(size) if k != j) / (size - 1)
            total_joint += scores[i, i] - math.log(alpha * others + 1 - alpha)
            own = sum(raw[i, k] for k in range(size) if k != i) / (size - 1)
            total_product += raw[i, j] / (alpha * own + 1 - alpha)
    return 1 + float(total_joint - total_product) / (size * (size - 1))


@pytest.mark.parametrize("alpha", [0.01, 0.5, 0.99])
def test_interpolated_agrees_with_a_slow_double_loop(alpha: float) -> None:
    scores = random_scores(6)
    value = interpolated.bound(scores, interpolated.Params(alpha=alpha)).value.item()
    assert value == pytest.approx(slow_interpolated(scores, alpha), rel=1e-10)


def test_interpolated_has_the_log_ratio_nwj_at_one_end() -> None:
    scores = random_scores()
    value = interpolated.bound(scores, interpolated.Params(alpha=1e-9)).value
    reference = nwj.bound(scores, nwj.Params(critic="log ratio")).value
    torch.testing.assert_close(value, reference, atol=1e-6, rtol=0)


@settings(max_examples=30, deadline=None)
@given(size=st.integers(2, 12), seed=st.integers(0, 10_000), scale=st.sampled_from([0.0, 1.0, 100.0]))
def test_leave_one_out_mean_agrees_with_leaving_out(size: int, seed: int, scale: float) -> None:
    scores = random_scores(size, seed, scale)
    fast = _scores.log_leave_one_out_mean(scores)
    for j in range(size):
        rest = scores[:, [k for k in range(size) if k != j]]
        torch.testing.assert_close(fast[:, j], torch.logsumexp(rest, dim=1) - math.log(size - 1))


def test_mine_first_gradient_is_that_of_dv() -> None:
    scores = random_scores()
    first = gradient(lambda s: mine.bound(s, mine.Params()).loss, scores)
    torch.testing.assert_close(first, gradient(lambda s: dv.bound(s, dv.Params()).loss, scores))


def test_mine_gradient_divides_by_the_moving_average() -> None:
    scores, rate = random_scores(), 0.2
    off = ~torch.eye(12, dtype=torch.bool)
    average = (1 - rate) * 2.5 + rate * scores[off].exp().mean()
    expected = scores.exp() / (off.sum() * average) * off - torch.eye(12) / 12
    found = gradient(lambda s: mine.bound(s, mine.Params(rate=rate), torch.tensor(2.5).log().double()).loss, scores)
    torch.testing.assert_close(found, expected.double())


def test_mine_average_is_kept_in_log_space_and_detached() -> None:
    scores = (random_scores() * 400).requires_grad_()  # e^score overflows
    state = None
    for _ in range(3):
        result = mine.bound(scores, mine.Params(), state)
        state = result.state
    assert state.isfinite() and not state.requires_grad and result.loss.isfinite()


def test_smile_trains_by_jsd_and_clips_only_its_read_out() -> None:
    scores = random_scores(scale=4.0)
    result = smile.bound(scores, smile.Params(clip=1.0))
    torch.testing.assert_close(result.loss, jsd.bound(scores, jsd.Params()).loss)
    off = scores[~torch.eye(12, dtype=torch.bool)]
    expected = scores.diagonal().mean() - off.exp().clamp(math.exp(-1), math.exp(1)).mean().log()
    torch.testing.assert_close(result.value, expected)
    wide = smile.bound(scores, smile.Params(clip=100.0)).value
    torch.testing.assert_close(wide, dv.bound(scores, dv.Params()).value)


@pytest.mark.parametrize(
    ("module", "arguments"),
    [
        (nwj, {"critic": "other"}),
        (nce, {"noise": 0}),
        (tuba, {"rate": 1.0}),
        (interpolated, {"alpha": 0.0}),
        (mine, {"rate": 0.0}),
        (smile, {"clip": 0.0}),
    ],
)
def test_parameters_out_of_range_are_errors(module, arguments: dict) -> None:
    with pytest.raises(ValueError, match=next(iter(arguments))):
        module.Params(**arguments)


@pytest.mark.parametrize("name", ["nwj", "tuba", "interpolated"])
@pytest.mark.parametrize("height", [50.0, 1000.0, 7000.0])
def test_wild_scores_leave_a_gradient_whose_norm_is_finite(name: str, height: float) -> None:
    """Clipping squares the gradient in single precision, and training stops at a norm that is not finite."""
    scores = (height * torch.eye(16).roll(1, 0)).requires_grad_()
    module = registry.get("objectives", name)
    module.bound(scores, module.Params()).loss.backward()
    norm = torch.nn.utils.clip_grad_norm_([scores], 1.0)
    assert torch.isfinite(norm) and norm > 0


def test_a_batch_of_nothing_but_duplicates_is_an_error(without) -> None:
    with pytest.raises(FloatingPointError, match="all candidates"):
        dv.bound(without(torch.zeros(3, 3), torch.ones(3, 3, dtype=torch.bool)), dv.Params())
