"""The losses of language models against tokens predicted one by one, and against seeing what they predict."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.nn.functional import log_softmax

from infoviews.additions import bidirectional, causal, permutation
from infoviews.encoders.masking import some_places


def test_places_to_predict_are_a_share_of_the_real_ones_and_at_least_one() -> None:
    real = torch.rand(400, 50, generator=torch.Generator().manual_seed(0)) < 0.5
    torch.manual_seed(1)
    chosen = some_places(real, 0.3)
    assert not (chosen & ~real).any() and chosen.sum() / real.sum() == pytest.approx(0.3, abs=0.01)
    assert torch.equal(some_places(real, 1.0), real)
    alone = some_places(real[:2], 1e-9)
    assert alone.sum() == 1 and (alone & real[:2]).any()


def test_causal_is_the_mean_surprise_of_the_chosen_tokens_given_the_prefix_alone(slow, tokenizer) -> None:
    """Each prediction comes from an encoder that was given the prefix and nothing after it."""
    model = slow.encoder(tokenizer, architecture="gpt")
    views = slow.views(model)
    addition = causal.Addition(causal.Params(weight=2.0, predicted=0.4), model, slow.pairs())
    torch.manual_seed(4)
    loss, record = addition(model, views, None)
    ids, mask = (torch.cat([getattr(view, name) for view in views]) for name in ("ids", "mask"))
    torch.manual_seed(4)
    places = some_places(mask[:, 1:] != 0, 0.4)
    words, surprise = model.backbone.get_input_embeddings().weight, []
    for i, t in places.nonzero().tolist():
        prefix = ids[i : i + 1, : t + 1]
        state = model.states(prefix, torch.ones_like(prefix))[0, -1]
        surprise.append(-log_softmax(words @ state, 0)[ids[i, t + 1]].item())
    assert len(surprise) > 10 and record["causal"] == pytest.approx(np.mean(surprise), rel=1e-4)
    assert loss.item() == pytest.approx(2 * np.mean(surprise), rel=1e-4)


def test_bidirectional_predicts_from_either_side_alone(slow, tokenizer) -> None:
    """From the left the encoder is given the prefix, from the right the suffix; every real token takes part."""
    model = slow.encoder(tokenizer, architecture="bilstm")
    torch.manual_seed(0)
    addition = bidirectional.Addition(bidirectional.Params(weight=2.0, predicted=1.0), model, slow.pairs())
    views = slow.views(model)
    loss, record = addition(model, views, None)
    words, half, surprise = model.backbone.get_input_embeddings().weight, slow.WIDTH // 2, []
    for view in views:
        for i in range(slow.TEXTS):
            text = view.ids[i, slow.real(view, i)]
            for t in range(1, len(text)):
                prefix, suffix = text[None, :t], text[None, t:]
                right = addition.rightward(model.states(prefix, torch.ones_like(prefix))[0, -1, :half])
                left = addition.leftward(model.states(suffix, torch.ones_like(suffix))[0, 0, half:])
                surprise.append(-log_softmax(words @ right + addition.bias, 0)[text[t]].item())
                surprise.append(-log_softmax(words @ left + addition.bias, 0)[text[t - 1]].item())
    assert record["bidirectional"] == pytest.approx(np.mean(surprise), rel=1e-4)
    assert loss.item() == pytest.approx(2 * np.mean(surprise), rel=1e-4)


def test_permutation_is_the_mean_surprise_of_tokens_predicted_one_by_one(slow, tokenizer) -> None:
    """Each predicted token alone, everything of no lower rank hidden from all: one pass a token."""
    model = slow.encoder(tokenizer, architecture="xlnet")
    torch.manual_seed(0)
    addition = permutation.Addition(permutation.Params(weight=2.0, predicted=0.5), model, slow.pairs())
    views = slow.views(model)
    torch.manual_seed(4)
    loss, record = addition(model, views, None)
    ids, mask = (torch.cat([getattr(view, name) for view in views]) for name in ("ids", "mask"))
    torch.manual_seed(4)
    ranks = permutation.draw_ranks(ids, mask, tokenizer.all_special_ids, 0.5)
    words, surprise, width = model.backbone.get_input_embeddings().weight, [], ids.shape[1]
    for i, t in (ranks >= 0).nonzero().tolist():
        given = [u for u in range(width) if mask[i, u] and (ranks[i, u] < 0 or ranks[i, u] < ranks[i, t])]
        hidden = torch.ones(1, width, width)
        for seen_by in range(width):  # what is given sees what is given, what was predicted what came before it
            for u in given:
                hidden[0, seen_by, u] = float(ranks[i, u] >= 0 and ranks[i, u] >= ranks[i, seen_by])
        target = torch.zeros(1, 1, width)
        target[0, 0, t] = 1
        given_ids = torch.where(torch.tensor([u in given for u in range(width)]), ids[i], 7)[None]
        output = model.backbone(
            input_ids=given_ids, attention_mask=mask[i : i + 1], perm_mask=hidden, target_mapping=target
        )
        scores = words @ output.last_hidden_state[0, 0] + addition.bias
        surprise.append(-log_softmax(scores, 0)[ids[i, t]].item())
    assert len(surprise) > 10 and record["permutation"] == pytest.approx(np.mean(surprise), rel=1e-4)
    assert loss.item() == pytest.approx(2 * np.mean(surprise), rel=1e-4)


def test_ranks_are_a_random_order_of_the_stated_share_of_a_texts_own_tokens(tokenizer) -> None:
    ids = torch.tensor([[2, 10, 11, 12, 13, 14, 3, 0], [2, 20, 3, 0, 0, 0, 0, 0], [2, 3, 0, 0, 0, 0, 0, 0]])
    torch.manual_seed(0)
    drawn = [permutation.draw_ranks(ids, (ids != 0).long(), tokenizer.all_special_ids, 0.5) for _ in range(300)]
    for ranks in drawn:
        assert sorted(ranks[0, 1:6].tolist()) == [-1, -1, 0, 1, 2] and ranks[1].tolist() == [-1, 0, *[-1] * 6]
        assert ranks[0, [0, 6, 7]].tolist() == [-1] * 3 and (ranks[2] == -1).all()
    first = torch.stack([(ranks[0, 1:6] == 0).long() for ranks in drawn]).float().mean(0)
    torch.testing.assert_close(first, torch.full((5,), 0.2), atol=0.08, rtol=0)


@pytest.mark.parametrize("hidden", [0, 3])
def test_no_predicted_state_has_seen_what_it_must_not(hidden: int, slow, tokenizer) -> None:
    """Another token at a place changes just the states of higher rank, of the same text, and no state where it pads."""
    model = slow.encoder(tokenizer, architecture="xlnet").eval()
    view = slow.encode(model, slow.ragged([7, 4], seed=2), padding=2)
    torch.manual_seed(hidden)
    ranks = permutation.draw_ranks(view.ids, view.mask, tokenizer.all_special_ids, 0.7)
    before = permutation.predicting_states(model, view.ids, view.mask, ranks, view.ids.shape[1])[0]
    rows, places = (ranks >= 0).nonzero(as_tuple=True)
    own = ranks[rows, places]
    for row, place, rank in zip(rows.tolist(), places.tolist(), own.tolist(), strict=True):
        ids = view.ids.clone()
        ids[row, place] = 61
        changed = (permutation.predicting_states(model, ids, view.mask, ranks, ids.shape[1])[0] - before).abs().amax(
            1
        ) > 1e-7
        assert torch.equal(changed, (rows == row) & (own > rank))
    ids = torch.where(view.mask == 0, 61, view.ids)
    torch.testing.assert_close(permutation.predicting_states(model, ids, view.mask, ranks, ids.shape[1])[0], before)
