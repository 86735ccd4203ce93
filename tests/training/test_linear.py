"""Linear layers through oneDNN give torch's values and gradients, and are torch's own wherever they gain nothing."""

from __future__ import annotations

import copy

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from infoviews.training.cpu.linear import LARGE, Linear, quicken

pytestmark = pytest.mark.skipif(not torch.backends.mkldnn.is_available(), reason="torch was built without oneDNN")


def pair(bias: bool = True) -> tuple[nn.Linear, nn.Linear]:
    """A large layer as torch has it, and the same one quickened."""
    torch.manual_seed(0)
    plain = nn.Linear(LARGE, LARGE + 8, bias=bias)
    quick = copy.deepcopy(plain)
    quicken(quick)
    assert type(quick) is Linear
    return plain, quick


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(1, 5), min_size=0, max_size=3), st.booleans(), st.integers(0, 2**32 - 1))
def test_values_and_gradients_are_as_near_the_truth_as_torchs(rows: list[int], bias: bool, seed: int) -> None:
    plain, quick = pair(bias)
    torch.manual_seed(seed)
    x = torch.randn(*rows, plain.in_features)
    weights = torch.arange(1.0, LARGE + 9.0)
    truth = values_and_gradients(copy.deepcopy(plain).double(), x.double(), weights.double())
    for layer in (plain, quick):
        for own, true in zip(values_and_gradients(layer, x, weights), truth, strict=True):
            assert (own - true).norm() < 1e-5 * true.norm()  # found: 3e-7; half precision anywhere would give 1e-3


def values_and_gradients(layer: nn.Linear, x: torch.Tensor, weights: torch.Tensor) -> list[torch.Tensor]:
    x = x.clone().requires_grad_()
    y = layer(x)
    (y.sin() * weights).sum().backward()
    return [y.detach(), x.grad, *(p.grad for p in layer.parameters())]


def test_transposed_input_and_frozen_weights() -> None:
    plain, quick = pair()
    x = torch.randn(plain.in_features, 3, 4).permute(1, 2, 0)
    torch.testing.assert_close(quick(x), plain(x), rtol=1e-5, atol=1e-5)
    quick.weight.requires_grad_(False)
    quick(x).sum().backward()
    assert quick.weight.grad is None and torch.equal(quick.bias.grad, torch.full((LARGE + 8,), 12.0))


def test_evaluation_and_double_precision_are_torchs_to_the_bit() -> None:
    plain, quick = pair()
    x = torch.randn(7, plain.in_features)
    assert torch.equal(quick.eval()(x), plain.eval()(x))
    assert torch.equal(quick.double().train()(x.double()), plain.double().train()(x.double()))


def test_small_and_foreign_layers_are_left_alone() -> None:
    class Own(nn.Linear):
        pass

    module = nn.Sequential(nn.Linear(LARGE - 1, 1024), Own(512, 512), nn.Linear(512, 512))
    names = list(module.state_dict())
    quicken(module)
    assert [type(layer) for layer in module] == [nn.Linear, Own, Linear]
    assert list(module.state_dict()) == names
