"""Every bound that the registry finds keeps the contract of ``infoviews.objectives``."""

from __future__ import annotations

import math

import pytest
import torch

from infoviews import registry

BOUNDS = registry.names("objectives")
INFORMATION, DIMENSION = 2.0, 5


def gaussian_log_ratio(rows: int, seed: int) -> torch.Tensor:
    """log p(x, y) / p(x)p(y) of all pairs of a batch of five correlated Gaussian pairs with I = 2, float64 (B, B)."""
    generator = torch.Generator().manual_seed(seed)
    x, noise = torch.randn(2, rows, DIMENSION, generator=generator, dtype=torch.float64)
    rho2 = 1 - math.exp(-2 * INFORMATION / DIMENSION)
    rho = math.sqrt(rho2)
    y = rho * x + math.sqrt(1 - rho2) * noise
    residual = (y[None] - rho * x[:, None]).square().sum(2) / (1 - rho2)
    return 0.5 * (y.square().sum(1)[None] - residual) + INFORMATION


def setting(name: str):
    module = registry.get("objectives", name)
    return module, module.Params()


@pytest.mark.parametrize("name", BOUNDS)
def test_states_what_it_is(name: str) -> None:
    module, _ = setting(name)
    assert module.CITATION and module.__doc__ and module.bound.__doc__
    assert module.KIND in ("lower bound", "estimate", "divergence")


@pytest.mark.parametrize("name", BOUNDS)
def test_value_at_the_best_critic_is_the_truth(name: str) -> None:
    module, params = setting(name)
    values, state = [], None
    for seed in range(8):
        result = module.bound(gaussian_log_ratio(1024, seed) + module.OPTIMUM, params, state)
        state = result.state
        values.append(result.value.item())
    truth = INFORMATION
    if module.KIND == "divergence":  # 2 JSD(joint || product), by plain averages over many independent pairs
        ratio = gaussian_log_ratio(2000, 99)
        joint, product = ratio.diagonal(), ratio[~torch.eye(2000, dtype=torch.bool)]
        truth = 2 * math.log(2) - torch.log1p((-joint).exp()).mean().item() - torch.log1p(product.exp()).mean().item()
    assert sum(values) / 8 == pytest.approx(truth, abs=module.TOLERANCE)


@pytest.mark.parametrize("name", BOUNDS)
def test_lower_bounds_stay_below_the_truth_for_a_bad_critic(name: str) -> None:
    module, params = setting(name)
    if module.KIND != "lower bound":
        pytest.skip("only a lower bound promises this")
    for scale in (0.0, 0.3, 0.7):
        value = module.bound(scale * gaussian_log_ratio(512, 3) + module.OPTIMUM, params).value.item()
        assert value < INFORMATION


@pytest.mark.parametrize("name", BOUNDS)
@pytest.mark.parametrize("spread", [0.0, 1.0, 30.0, 1000.0])
def test_value_and_gradient_are_finite(name: str, spread: float) -> None:
    module, params = setting(name)
    scores = (spread * torch.randn(16, 16, generator=torch.Generator().manual_seed(0))).requires_grad_()
    result = module.bound(scores, params)
    result.loss.backward()
    assert result.value.isfinite() and result.loss.isfinite() and result.value.ndim == result.loss.ndim == 0
    assert scores.grad is not None and scores.grad.isfinite().all()
    again = module.bound(scores.detach(), params, result.state)
    assert again.value.isfinite() and again.loss.isfinite()


@pytest.mark.parametrize("name", BOUNDS)
def test_descent_raises_the_value(name: str) -> None:
    module, params = setting(name)
    generator = torch.Generator().manual_seed(1)
    x = torch.randn(128, 4, generator=generator)
    y = x + 0.5 * torch.randn(128, 4, generator=generator)
    weight = torch.zeros(4, 4, requires_grad=True)
    values, state = [], None
    for _ in range(60):
        result = module.bound(x @ weight @ y.T, params, state)
        state = result.state
        values.append(result.value.item())
        (gradient,) = torch.autograd.grad(result.loss, weight)
        weight = (weight - 0.02 * gradient / max(1.0, gradient.norm().item())).detach().requires_grad_()
    assert values[-1] > values[0] + 0.02


@pytest.mark.parametrize("name", BOUNDS)
def test_joint_permutation_of_rows_and_columns_changes_nothing(name: str) -> None:
    module, params = setting(name)
    scores = torch.randn(9, 9, generator=torch.Generator().manual_seed(2), dtype=torch.float64)
    order = torch.randperm(9, generator=torch.Generator().manual_seed(3))
    before, after = module.bound(scores, params), module.bound(scores[order][:, order], params)
    torch.testing.assert_close(after.value, before.value)
    torch.testing.assert_close(after.loss, before.loss)


@pytest.mark.parametrize("name", BOUNDS)
def test_gradient_of_the_value_in_double_precision(name: str) -> None:
    module, params = setting(name)
    scores = torch.randn(5, 5, generator=torch.Generator().manual_seed(4), dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda s: module.bound(s, params).value, (scores,))


@pytest.mark.parametrize("name", BOUNDS)
def test_duplicates_left_out_have_no_say_and_no_gradient(name: str, without) -> None:
    module, params = setting(name)
    duplicates = torch.zeros(6, 6, dtype=torch.bool)
    duplicates[0, 1] = duplicates[1, 0] = True
    duplicates[2] = True  # nothing but the partner is left in this row
    scores = torch.randn(6, 6, generator=torch.Generator().manual_seed(5), requires_grad=True)
    other = torch.where(duplicates & ~torch.eye(6, dtype=torch.bool), torch.tensor(50.0), scores.detach())
    result = module.bound(without(scores, duplicates), params)
    result.loss.backward()
    torch.testing.assert_close(module.bound(without(other, duplicates), params).value, result.value.detach())
    assert scores.grad is not None and scores.grad.isfinite().all()
    assert scores.grad[0, 1] == scores.grad[2, 4] == 0


@pytest.mark.parametrize("name", BOUNDS)
@pytest.mark.parametrize("shape", [(0, 0), (1, 1), (3, 4), (4,), (2, 2, 2)])
def test_other_shapes_are_errors(name: str, shape: tuple[int, ...]) -> None:
    module, params = setting(name)
    with pytest.raises(ValueError, match="square matrix"):
        module.bound(torch.zeros(shape), params)


@pytest.mark.parametrize("name", BOUNDS)
@pytest.mark.parametrize(("row", "column", "entry"), [(0, 1, math.nan), (1, 1, -math.inf), (2, 0, math.inf)])
def test_scores_that_are_not_finite_are_errors(name: str, row: int, column: int, entry: float) -> None:
    module, params = setting(name)
    scores = torch.zeros(3, 3)
    scores[row, column] = entry
    with pytest.raises(FloatingPointError, match="1 "):
        module.bound(scores, params)


@pytest.mark.parametrize("name", BOUNDS)
def test_constant_scores_hold_no_information(name: str) -> None:
    module, params = setting(name)
    value = module.bound(torch.full((8, 8), module.OPTIMUM), params).value.item()
    assert value == pytest.approx(0.0, abs=1e-5)


@pytest.mark.parametrize("name", BOUNDS)
def test_half_precision_is_computed_in_single(name: str) -> None:
    module, params = setting(name)
    scores = torch.randn(8, 8, generator=torch.Generator().manual_seed(6)).bfloat16()
    assert module.bound(scores, params).value.dtype == torch.float32
