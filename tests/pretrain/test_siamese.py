"""One contrastive step against slow hand-written versions."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from infoviews import registry
from infoviews.contracts import Pairs, Ragged
from infoviews.encoders.architectures import bert
from infoviews.encoders.embed import pad
from infoviews.encoders.geometry import geometry
from infoviews.pretrain.duplicates import content_hashes, false_negatives
from infoviews.pretrain.siamese import build
from infoviews.pretrain.step import ContrastiveStep


def ragged(rows: list[list[int]]) -> Ragged:
    flat = np.array([token for row in rows for token in row], dtype=np.uint16)
    return Ragged(flat, np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int64))


@given(st.lists(st.lists(st.integers(0, 3), max_size=4), min_size=1, max_size=40))
def test_hashes_are_equal_exactly_where_texts_are(rows: list[list[int]]) -> None:
    hashes = content_hashes(ragged(rows))
    for i, first in enumerate(rows):
        for j, second in enumerate(rows):
            assert (hashes[i] == hashes[j]) == (first == second)


def test_geometry_equals_a_loop_over_pairs() -> None:
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(9, 5)), rng.normal(size=(9, 5))
    measured = geometry(torch.tensor(x), torch.tensor(y))
    x, y = (side / np.linalg.norm(side, axis=1, keepdims=True) for side in (x, y))
    apart = [np.exp(-2 * ((x[i] - x[j]) ** 2).sum()) for i in range(9) for j in range(i)]
    assert measured["alignment"] == pytest.approx(((x - y) ** 2).sum(1).mean(), rel=1e-5)
    assert measured["uniformity"] == pytest.approx(np.log(np.mean(apart)), rel=1e-5)


@pytest.mark.parametrize("mask_duplicates", [False, True])
def test_loss_of_a_step_equals_infonce_computed_text_by_text(tokenizer, mask_duplicates: bool) -> None:
    first = ragged([[60, 61, 62], [63, 64], [65, 66, 67, 68], [60, 61, 62]])
    second = ragged([[70], [71, 72], [73, 74, 75], [76, 77]])
    encoder = bert.build(bert.Params(layers=1, width=16, heads=2, dropout=0.0, max_tokens=12), tokenizer, seed=0)
    pairs, batches = Pairs((first, second), np.arange(4)), [np.array([2, 0, 1])]
    model = build(encoder, {"critic": {"cosine": {}}, "contrast": {"sentences": {}}, "additions": {}}, pairs, seed=0)
    objective = registry.get("objectives", "infonce")
    loss, record = ContrastiveStep(model, objective, objective.Params(), pairs, batches, mask_duplicates)(0)

    def alone(row: np.ndarray) -> torch.Tensor:
        return model.encoder(*pad(ragged([row.tolist()]), tokenizer, 12))[0]

    x, y = ([alone(side[row]) for row in (2, 0, 1)] for side in (first, second))
    scores = torch.stack([torch.stack([torch.cosine_similarity(a, b, dim=0) / 0.05 for b in y]) for a in x])
    expected = torch.nn.functional.cross_entropy(scores, torch.arange(3)) - np.log(3)
    assert loss.item() == pytest.approx(expected.item(), abs=1e-4)
    assert record["bound"] == pytest.approx(-expected.item(), abs=1e-4)


def test_texts_equal_to_the_positive_are_no_negatives() -> None:
    """Rows 0 and 3 have the same partner; without the mask each would push the other's positive away."""
    anchors, candidates = (
        content_hashes(ragged([[60], [61], [62], [70]])),
        content_hashes(ragged([[70], [71], [61], [70]])),
    )
    assert false_negatives(anchors, candidates).nonzero().tolist() == [[0, 3], [1, 2], [3, 0]]
