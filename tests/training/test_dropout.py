"""The quicker dropout drops at its rate, independently, with mean one, and is nn.Dropout in every other way."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy import stats
from torch import nn

from infoviews.training.cpu.dropout import Dropout, quicken


@pytest.mark.parametrize("rate", [0.01, 0.1, 0.5, 0.9])
def test_share_of_zeros_is_the_rate_and_the_mean_is_one(rate: float) -> None:
    torch.manual_seed(0)
    y = Dropout(rate)(torch.ones(499, 801)).double().numpy().ravel()
    assert stats.binomtest(int((y == 0).sum()), y.size, rate).pvalue > 1e-3
    assert abs(y.mean() - 1) < 4 * np.sqrt(rate / (1 - rate) / y.size)


def test_neighbours_that_share_a_random_number_are_independent() -> None:
    torch.manual_seed(0)
    dropped = (Dropout(0.3)(torch.ones(100_000, 4)) == 0).numpy()
    counts = np.bincount(dropped @ [1, 2, 4, 8], minlength=16)
    expected = [100_000 * 0.3 ** bin(i).count("1") * 0.7 ** (4 - bin(i).count("1")) for i in range(16)]
    assert stats.chisquare(counts, expected).pvalue > 1e-3


def test_gradient_passes_where_the_value_did_and_the_seed_decides() -> None:
    x = torch.randn(7, 5, requires_grad=True)
    torch.manual_seed(3)
    y = Dropout(0.5)(x)
    y.sum().backward()
    torch.testing.assert_close(x.grad * x, y)
    torch.manual_seed(3)
    assert torch.equal(Dropout(0.5)(x), y)


@pytest.mark.parametrize(("rate", "training"), [(0.0, True), (0.4, False)])
def test_nothing_is_dropped_at_rate_zero_or_in_evaluation(rate: float, training: bool) -> None:
    x = torch.randn(6, 3)
    assert torch.equal(Dropout(rate).train(training)(x), x)


def test_quicken_keeps_rates_modes_and_parameters() -> None:
    module = nn.Sequential(nn.Linear(2, 2), nn.Sequential(nn.Dropout(0.2), nn.Dropout(0.7).eval()))
    names = list(module.state_dict())
    quicken(module)
    assert [(type(m), m.p, m.training) for m in module[1]] == [(Dropout, 0.2, True), (Dropout, 0.7, False)]
    assert list(module.state_dict()) == names
