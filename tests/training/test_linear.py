"""Linear layers through oneDNN give torch's values and gradients, and are torch's own wherever they gain nothing."""

from __future__ import annotations

import copy

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from infoviews.training.linear import LARGE, Linear, quicken

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
def test_values_and_gradients_are_torchs(rows: list[int], bias: bool, seed: int) -> None:
    plain, quick = pair(bias)
    torch.manual_seed(seed)
    x = torch.randn(*rows, plain.in_features)
    found = []
    for layer in (plain, quick):
        given_x = x.clone().requires_grad_()
        y = layer(given_x)
        (y.sin() * torch.arange(1.0, LARGE + 9.0)).sum().backward()
        found.append([y.detach(), given_x.grad, *(p.grad for p in layer.parameters())])
    for own, other in zip(found[1], found[0], strict=True):
        torch.testing.assert_close(own, other, rtol=1e-4, atol=1e-3)


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
