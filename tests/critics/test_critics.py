"""Every critic that the registry finds: shape, orientation, gradients, seeds; and what single critics promise."""

from __future__ import annotations

import math

import pytest
import torch
from torch.nn.functional import cosine_similarity

from infoviews import registry
from infoviews.critics import concat, cosine, dot
from infoviews.objectives import infonce

CRITICS = registry.names("critics")


def build(name: str, dimension: int = 4, seed: int = 0) -> torch.nn.Module:
    module = registry.get("critics", name)
    torch.manual_seed(seed)
    return module.Critic(module.Params(), dimension)


@pytest.mark.parametrize("name", CRITICS)
def test_rows_are_anchors_and_columns_candidates(name: str) -> None:
    """S[i, j] must be f(x_i, y_j), with x and y in the order given, whatever else is in the batch."""
    critic = build(name)
    x, y = torch.randn(3, 4), torch.randn(5, 4)
    scores = critic(x, y)
    assert scores.shape == (3, 5)
    for i in range(3):
        for j in range(5):
            torch.testing.assert_close(critic(x[i : i + 1], y[j : j + 1])[0, 0], scores[i, j])


@pytest.mark.parametrize("name", CRITICS)
def test_gradients_in_double_precision(name: str) -> None:
    critic = build(name).double()
    x, y = torch.randn(3, 4, dtype=torch.float64), torch.randn(3, 4, dtype=torch.float64)
    weights = dict(critic.named_parameters())
    assert torch.autograd.gradcheck(critic, (x.requires_grad_(), y.requires_grad_()))
    if weights:
        values = tuple(w.detach().clone().requires_grad_() for w in weights.values())
        with_weights = lambda *w: torch.func.functional_call(  # noqa: E731
            critic, dict(zip(weights, w, strict=True)), (x.detach(), y.detach())
        )
        assert torch.autograd.gradcheck(with_weights, values, fast_mode=True)


@pytest.mark.parametrize("name", CRITICS)
def test_constant_and_zero_inputs_give_finite_scores_and_gradients(name: str) -> None:
    for entry in (0.0, 1.0):
        critic = build(name)
        x = torch.full((4, 4), entry, requires_grad=True)
        result = infonce.bound(critic(x, x), infonce.Params())
        result.loss.backward()
        assert result.value.item() == pytest.approx(0.0, abs=1e-5)
        assert x.grad is not None and x.grad.isfinite().all()


@pytest.mark.parametrize("name", CRITICS)
def test_same_seed_same_critic(name: str) -> None:
    one, two = build(name, seed=3).state_dict(), build(name, seed=3).state_dict()
    assert all(torch.equal(one[key], two[key]) for key in one)


def test_cosine_agrees_with_torch_and_keeps_below_its_ceiling() -> None:
    x, y = torch.randn(6, 8), torch.randn(6, 8)
    critic = cosine.Critic(cosine.Params(temperature=0.5), 8)
    torch.testing.assert_close(critic(x, y), cosine_similarity(x[:, None], y[None], dim=2) / 0.5)
    assert critic.ceiling(1000) == pytest.approx(4.0) and critic.ceiling(8) == pytest.approx(math.log(8))
    basis = torch.cat([torch.eye(8), -torch.eye(8)])
    critic = cosine.Critic(cosine.Params(temperature=4.0), 8)
    assert infonce.bound(critic(basis, basis), infonce.Params()).value.item() <= critic.ceiling(16)


def test_learned_temperature_is_a_parameter_and_a_fixed_one_is_saved_but_is_not() -> None:
    learned, fixed = (cosine.Critic(cosine.Params(learned=flag), 8) for flag in (True, False))
    assert [name for name, _ in learned.named_parameters()] == ["log_temperature"]
    assert not list(fixed.parameters()) and "log_temperature" in fixed.state_dict()


def test_soft_clip_limits_and_hardly_touches_small_scores() -> None:
    critic = dot.Critic(dot.Params(clip=10.0), 4)
    x = torch.full((1, 4), 100.0)
    assert critic(x, x).item() <= 10.0
    small = torch.full((1, 4), 0.1)
    torch.testing.assert_close(critic(small, small), dot.Critic(dot.Params(), 4)(small, small), rtol=1e-3, atol=0)


def test_factored_first_layer_is_that_of_the_concatenated_pair() -> None:
    torch.manual_seed(0)
    critic = concat.Critic(concat.Params(hidden=16), 4)
    x, y = torch.randn(3, 4), torch.randn(2, 4)
    weight = torch.cat([critic.first_x.weight, critic.first_y.weight], dim=1)
    for i in range(3):
        for j in range(2):
            hidden = weight @ torch.cat([x[i], y[j]]) + critic.first_x.bias
            torch.testing.assert_close(critic.rest(hidden)[0], critic(x, y)[i, j])


def test_parameters_out_of_range_are_errors() -> None:
    for name, given in [
        ("cosine", {"temperature": 0.0}),
        ("dot", {"clip": -1.0}),
        ("separable", {"output": 0}),
        ("concat", {"depth": 0}),
    ]:
        with pytest.raises(ValueError, match=next(iter(given))):
            registry.get("critics", name).Params(**given)
