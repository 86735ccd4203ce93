"""Every contrast that the registry finds: square matrices of one orientation, no padding, gradients, determinism."""

from __future__ import annotations

import pytest
import torch

from infoviews import registry

CONTRASTS = registry.names("contrasts")
BOUNDS = registry.names("objectives")
UNMOVED = ("key.bias",)
"""A bias of the keys shifts all scores of a query alike, which a softmax does not see."""


@pytest.fixture
def model(slow, tokenizer):
    return slow.encoder(tokenizer)


@pytest.mark.parametrize("name", CONTRASTS)
def test_states_what_it_is_and_gives_as_many_matrices_as_it_says(name: str, slow, model) -> None:
    contrast = slow.contrast(name, model)
    found = slow.run(contrast, slow.views(model))
    assert registry.get("contrasts", name).CITATION and len(found) == contrast.matrices
    assert all(one.scores.shape == (slow.TEXTS, slow.TEXTS) and one.scores.isfinite().all() for one in found)
    assert {n for one in found for n in (one.anchors, one.candidates)} <= set(range(contrast.views))
    assert registry.get("contrasts", name).Params().weight == 1.0


@pytest.mark.parametrize("name", CONTRASTS)
def test_row_depends_on_its_anchor_and_column_on_its_candidate(name: str, slow, model) -> None:
    """Changing text 1 of a view changes row 1 of matrices whose anchors it holds, column 1 of its candidates."""
    contrast, views = slow.contrast(name, model), slow.views(model)
    before = slow.run(contrast, views)
    for changed in range(2):
        other = list(views)
        view = views[changed]
        move = torch.zeros(slow.TEXTS)
        move[1] = 1.0
        states = {n: s + move[:, None, None] * torch.arange(slow.WIDTH) for n, s in view.states.items()}
        vectors = view.vectors + move[:, None] * torch.arange(slow.DIMENSION)
        other[changed] = type(view)(view.ids, view.mask, vectors, states, view.pool)
        for one, two in zip(before, slow.run(contrast, other), strict=True):
            expected = torch.zeros(slow.TEXTS, slow.TEXTS, dtype=torch.bool)
            expected[1] |= one.anchors == changed
            expected[:, 1] |= one.candidates == changed
            moved = (one.scores - two.scores).abs() > 1e-4
            assert torch.equal(moved, expected)


@pytest.mark.parametrize("name", CONTRASTS)
@pytest.mark.parametrize("padding", [0, 4])
def test_padding_has_no_say(name: str, padding: int, slow, model) -> None:
    """Neither the ids nor the states of padding, nor how much of it there is, change any score."""
    contrast = slow.contrast(name, model)
    before = slow.run(contrast, slow.views(model))
    padded = [slow.spoilt(slow.encode(model, rows, padding, fill=9)) for rows in slow.pairs().views]
    for one, two in zip(before, slow.run(contrast, padded), strict=True):
        torch.testing.assert_close(one.scores, two.scores)


@pytest.mark.parametrize("name", CONTRASTS)
def test_draws_are_a_function_of_the_seed(name: str, slow, model) -> None:
    contrast, views = slow.contrast(name, model), slow.views(model)
    for one, two in zip(slow.run(contrast, views, 3), slow.run(contrast, views, 3), strict=True):
        assert torch.equal(one.scores, two.scores)


@pytest.mark.parametrize("bound", BOUNDS)
@pytest.mark.parametrize("name", CONTRASTS)
def test_gradient_reaches_every_part_with_every_bound(name: str, bound: str, slow, model) -> None:
    contrast, critic = slow.contrast(name, model), slow.critic("separable")
    objective = registry.get("objectives", bound)
    loss = torch.zeros(())
    for one in contrast(slow.views(model), critic):
        loss = loss + objective.bound(one.scores, objective.Params()).loss + (one.penalty or 0.0)
    loss.backward()
    learning = {f"contrast.{n}": p for n, p in contrast.named_parameters()}
    learning |= {f"critic.{n}": p for n, p in critic.named_parameters()}
    learning |= {f"encoder.{n}": p for n, p in model.named_parameters()}
    for part, parameter in learning.items():
        assert parameter.grad is not None and parameter.grad.isfinite().all(), part
        if "position_embeddings" not in part and not part.endswith(UNMOVED):
            assert parameter.grad.abs().sum() > 0, part


@pytest.mark.parametrize("name", CONTRASTS)
def test_two_texts_are_enough(name: str, slow, model) -> None:
    contrast = slow.contrast(name, model)
    small = [slow.encode(model, rows.take(torch.arange(2).numpy())) for rows in slow.pairs().views]
    assert all(one.scores.shape == (2, 2) for one in slow.run(contrast, small))


@pytest.mark.parametrize("name", CONTRASTS)
def test_weight_below_zero_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="weight"):
        registry.get("contrasts", name).Params(weight=-1.0)
