"""Gradients by touched rows, made dense, are the dense gradients, whatever else uses the table."""

from __future__ import annotations

import copy

import numpy as np
import torch
from torch import nn

from infoviews.training.cpu.embedding import LARGE, densify, quicken


class Tied(nn.Module):
    """Embeds tokens in two passes and predicts with the same table, as masked language models do."""

    def __init__(self, tied: bool) -> None:
        super().__init__()
        self.words, self.positions, self.tied = nn.Embedding(LARGE, 8, padding_idx=0), nn.Embedding(16, 8), tied

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        states = torch.cat([self.words(part) for part in ids.split(3)]) + self.positions.weight[: ids.shape[1]]
        return (states @ self.words.weight.T).logsumexp(-1).mean() if self.tied else states.square().sum()


def gradients(model: nn.Module, ids: torch.Tensor) -> list[torch.Tensor]:
    model(ids).backward()
    densify(model.parameters())
    return [parameter.grad for parameter in model.parameters() if parameter.grad is not None]


def test_dense_again_they_are_the_same() -> None:
    ids = torch.from_numpy(np.random.default_rng(0).integers(0, 40, (5, 16)))  # words repeat, some are padding
    for tied in (False, True):
        torch.manual_seed(0)
        plain = Tied(tied).double()
        quick = copy.deepcopy(plain)
        quicken(quick)
        assert quick.words.sparse and not quick.positions.sparse
        for own, other in zip(gradients(quick, ids), gradients(plain, ids), strict=True):
            assert own.layout == torch.strided
            torch.testing.assert_close(own, other, rtol=1e-12, atol=1e-14)


def test_a_table_that_does_not_learn_is_left_alone() -> None:
    table = nn.Embedding.from_pretrained(torch.zeros(LARGE, 2))
    quicken(table)
    assert not table.sparse
