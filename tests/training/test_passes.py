"""A batch in several passes gives the loss and gradients of the batch in one, with and without recomputation."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from infoviews.encoders.architectures import bert
from infoviews.training.passes import Passes, planned


def batch(tokenizer, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    """Texts of 3 to 12 tokens, ids and mask (24, 12)."""
    rng = np.random.default_rng(seed)
    lengths = rng.integers(3, 13, 24)
    mask = torch.from_numpy((np.arange(12)[None] < lengths[:, None]).astype(np.int64))
    ids = torch.from_numpy(rng.integers(5, len(tokenizer), (24, 12)))
    return ids.masked_fill(mask == 0, tokenizer.pad_token_id), mask


def step(tokenizer, passes: Passes, dropout: float = 0.0) -> tuple[float, list[torch.Tensor], SimpleNamespace]:
    """Loss and gradients of InfoNCE plus a token-state term, in double precision, and the tensors kept for backward."""
    encoder = bert.build(
        bert.Params(layers=2, width=16, heads=2, dropout=dropout, max_tokens=12), tokenizer, 0
    ).double()
    encoder.train()
    ids, mask = batch(tokenizer)
    kept = SimpleNamespace(numbers=0)

    def forward(ids: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, ...]:
        states = encoder.states(ids, mask)
        return encoder.pool(states, mask), states * mask[..., None]

    def count(tensor: torch.Tensor) -> torch.Tensor:
        kept.numbers += tensor.numel()
        return tensor

    torch.manual_seed(1)
    with torch.autograd.graph.saved_tensors_hooks(count, lambda tensor: tensor):
        vectors, states = passes(forward, ids, mask)
    x, y = nn.functional.normalize(vectors, dim=1).chunk(2)
    loss = nn.functional.cross_entropy(x @ y.T / 0.05, torch.arange(12)) + states.square().mean()
    loss.backward()
    return loss.item(), [p.grad for p in encoder.parameters() if p.grad is not None], kept


@pytest.mark.parametrize("passes", [Passes(60), Passes(60, recompute=True), Passes(10**6, recompute=True)], ids=str)
def test_loss_and_gradients_are_those_of_the_whole_batch(tokenizer, passes: Passes) -> None:
    loss, gradients, _ = step(tokenizer, Passes())
    again, parted, _ = step(tokenizer, passes)
    assert again == pytest.approx(loss, rel=1e-12)
    for whole, part in zip(gradients, parted, strict=True):
        torch.testing.assert_close(part, whole, rtol=0, atol=1e-10)


def test_recomputation_repeats_the_dropout_of_its_pass(tokenizer) -> None:
    """Masks differ between a batch in one pass and in several; the passes themselves are the same, bit for bit."""
    loss, gradients, _ = step(tokenizer, Passes(60), dropout=0.3)
    again, recomputed, _ = step(tokenizer, Passes(60, recompute=True), dropout=0.3)
    assert again == loss
    assert all(torch.equal(a, b) for a, b in zip(gradients, recomputed, strict=True))


def test_recomputation_keeps_no_activations_of_the_passes(tokenizer) -> None:
    _, _, whole = step(tokenizer, Passes())
    _, _, cached = step(tokenizer, Passes(60, recompute=True))
    assert cached.numbers < whole.numbers / 10


@given(st.lists(st.integers(1, 70), min_size=1, max_size=60), st.integers(1, 400))
def test_plan_takes_every_row_once_within_the_limit(lengths: list[int], chunk: int) -> None:
    lengths.sort()
    plan = list(Passes(chunk).plan(torch.tensor(lengths)))
    assert [i for rows, _ in plan for i in range(rows.start, rows.stop)] == list(range(len(lengths)))
    for rows, width in plan:
        assert width == max(lengths[rows])
        assert (rows.stop - rows.start) * width <= chunk or rows.stop - rows.start == 1


@pytest.mark.parametrize(("given", "message"), [((0,), "at least 1"), ((None, True), "give chunk")])
def test_settings_out_of_range_say_what_is_allowed(given: tuple, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Passes(*given)


@pytest.mark.parametrize("texts", [7, 900])
def test_planned_passes_hold_every_text_and_pad_no_more_than_they_must(texts: int) -> None:
    rng = np.random.default_rng(texts)
    lengths = rng.integers(3, 39, size=texts)
    plan = planned(lengths, max_tokens=38)
    lengths = np.sort(lengths)
    assert sum(count for count, _ in plan.parts) == texts and len(plan.parts) == (1 if texts == 7 else 3)
    widths = np.repeat([width for _, width in plan.parts], [count for count, _ in plan.parts])
    assert (lengths <= widths).all() and (np.diff([width for _, width in plan.parts]) > 0).all()
    ends = np.cumsum([count for count, _ in plan.parts]) - 1
    assert (widths[ends] - lengths[ends] < 4).all()
