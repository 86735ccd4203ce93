"""What networks see beside the coordinates."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from infoviews.information.inputs import INPUTS, widened, width


@pytest.mark.parametrize("inputs", INPUTS)
def test_columns_are_as_many_as_announced_and_finite_everywhere(inputs: str) -> None:
    x = torch.tensor([[0.0, 0.0, 0.0], [30.0, -30.0, 1e-6]])
    made = widened(x, inputs)
    assert made.shape == (2, width(3, inputs)) and torch.isfinite(made).all()
    torch.testing.assert_close(made[:, :3], x)


def test_cosines_of_normal_ranks_are_orthonormal() -> None:
    x = torch.from_numpy(np.random.default_rng(0).standard_normal((200_000, 1)))
    made = widened(x, "cosines")[:, 1:]
    torch.testing.assert_close(made.T @ made / len(x), torch.eye(8, dtype=made.dtype), atol=0.02, rtol=0)


def test_radius_does_not_turn_with_the_side() -> None:
    x = torch.from_numpy(np.random.default_rng(0).standard_normal((50, 2)))
    turn = torch.tensor([[math.cos(1.0), math.sin(1.0)], [-math.sin(1.0), math.cos(1.0)]], dtype=x.dtype)
    torch.testing.assert_close(widened(x @ turn, "radius")[:, 4:], widened(x, "radius")[:, 4:])
    torch.testing.assert_close(widened(x @ turn, "radius")[:, 2:4], widened(x, "radius")[:, 2:4] @ turn)


def test_unknown_inputs_name_those_that_are_known() -> None:
    with pytest.raises(ValueError, match="allowed: plain, cosines, radius"):
        width(3, "cosine")
