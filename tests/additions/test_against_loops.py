"""Each addition against one written out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch.nn.functional import cosine_similarity, log_softmax

from infoviews import registry
from infoviews.additions import (
    bidirectional,
    causal,
    geometry,
    hardnegatives,
    mlm,
    nli,
    permutation,
    prior,
    queue,
    reconstruction,
)
from infoviews.encoders.masking import mask_tokens, some_places


@pytest.fixture
def model(slow, tokenizer):
    return slow.encoder(tokenizer)


def test_masked_tokens_are_chosen_among_a_texts_own_and_replaced_in_the_stated_shares(slow, model) -> None:
    rows = slow.ragged([18] * 2000, seed=3)
    view = slow.encode(model, rows)
    ids, places, targets = mask_tokens(view.ids, view.mask, model.tokenizer, 0.3, np.random.default_rng(0))
    special = torch.tensor(model.tokenizer.all_special_ids)
    assert torch.equal(ids[~places], view.ids[~places]) and torch.equal(targets, view.ids[places])
    assert not torch.isin(targets, special).any() and places.float().mean().item() == pytest.approx(0.27, abs=0.01)
    became_mask = (ids[places] == model.tokenizer.mask_token_id).float().mean().item()
    stayed = (ids[places] == targets).float().mean().item()
    assert became_mask == pytest.approx(0.8, abs=0.02) and stayed == pytest.approx(0.1, abs=0.02)


def test_mlm_is_the_mean_cross_entropy_of_the_masked_tokens(slow, model) -> None:
    torch.manual_seed(0)
    addition = mlm.Addition(mlm.Params(weight=2.0, masked=0.5), model, slow.pairs())
    views = slow.views(model)
    torch.manual_seed(4)
    loss, record = addition(model, views, None)
    torch.manual_seed(4)
    rng = np.random.default_rng(int(torch.randint(2**62, ())))
    ids, mask = (torch.cat([getattr(view, name) for view in views]) for name in ("ids", "mask"))
    masked, places, _ = mask_tokens(ids, mask, model.tokenizer, 0.5, rng)
    states, embedding = model.states(masked, mask), model.backbone.embeddings.word_embeddings.weight
    surprise = [
        -log_softmax(embedding @ addition.transform(states[i, t]) + addition.bias, 0)[ids[i, t]].item()
        for i, t in places.nonzero().tolist()
    ]
    assert record["mlm"] == pytest.approx(np.mean(surprise), rel=1e-5)
    assert loss.item() == pytest.approx(2 * np.mean(surprise), rel=1e-5)


def test_places_to_foretell_are_a_share_of_the_real_ones_and_at_least_one() -> None:
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


def test_bidirectional_foretells_from_either_side_alone(slow, tokenizer) -> None:
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


def test_permutation_is_the_mean_surprise_of_tokens_foretold_one_by_one(slow, tokenizer) -> None:
    """Each foretold token alone, everything of no lower rank hidden from all: one pass a token."""
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
        for seen_by in range(width):  # what is given sees what is given, what was foretold what came before it
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
def test_no_foretold_state_has_seen_what_it_must_not(hidden: int, slow, tokenizer) -> None:
    """Another token at a place changes just the states of higher rank, of the same text, and no state where it pads."""
    model = slow.encoder(tokenizer, architecture="xlnet").eval()
    view = slow.encode(model, slow.ragged([7, 4], seed=2), padding=2)
    torch.manual_seed(hidden)
    ranks = permutation.draw_ranks(view.ids, view.mask, tokenizer.all_special_ids, 0.7)
    before = permutation.foretelling_states(model, view.ids, view.mask, ranks)
    rows, places = (ranks >= 0).nonzero(as_tuple=True)
    own = ranks[rows, places]
    for row, place, rank in zip(rows.tolist(), places.tolist(), own.tolist(), strict=True):
        ids = view.ids.clone()
        ids[row, place] = 61
        changed = (permutation.foretelling_states(model, ids, view.mask, ranks) - before).abs().amax(1) > 1e-7
        assert torch.equal(changed, (rows == row) & (own > rank))
    ids = torch.where(view.mask == 0, 61, view.ids)
    torch.testing.assert_close(permutation.foretelling_states(model, ids, view.mask, ranks), before)


def test_prior_gives_each_side_the_gradient_of_its_own_loss_alone(slow, model) -> None:
    torch.manual_seed(0)
    addition = prior.Addition(prior.Params(weight=0.5), model, slow.pairs())
    views = slow.views(model)
    torch.manual_seed(1)
    loss, record = addition(model, views, None)
    z = torch.cat([view.vectors for view in views])
    torch.manual_seed(1)
    draws, judge = torch.randn_like(z), addition.discriminator
    told = -(torch.sigmoid(judge(draws)).log().mean() + (1 - torch.sigmoid(judge(z))).log().mean()) / 2
    taken = -torch.sigmoid(judge(z)).log().mean()
    assert record == pytest.approx({"prior_discriminator": told.item(), "prior_encoder": taken.item()}, rel=1e-5)
    weight, embedding = judge[0].weight, model.backbone.get_input_embeddings().weight
    (expected,) = torch.autograd.grad(told, weight, retain_graph=True)
    torch.testing.assert_close(torch.autograd.grad(loss, weight, retain_graph=True)[0], expected)
    (expected,) = torch.autograd.grad(0.5 * taken, embedding, retain_graph=True)
    torch.testing.assert_close(torch.autograd.grad(loss, embedding)[0], expected)


@pytest.mark.parametrize("name", prior.PRIORS)
def test_prior_draws_have_mean_zero_and_variance_one(name: str, slow, model) -> None:
    addition = prior.Addition(prior.Params(prior=name), model, slow.pairs())
    torch.manual_seed(0)
    draws = addition._draw(torch.zeros(20000, 3))
    torch.testing.assert_close(draws.mean(0), torch.zeros(3), atol=0.03, rtol=0)
    torch.testing.assert_close(draws.var(0), torch.ones(3), atol=0.03, rtol=0)
    assert name == "normal" or draws.abs().max() <= math.sqrt(3)


def test_a_discriminator_left_alone_pulls_vectors_to_the_prior(slow, model) -> None:
    """Free vectors that start far off come to the prior's mean and spread."""
    torch.manual_seed(0)
    addition = prior.Addition(prior.Params(weight=1.0, hidden=32), model, slow.pairs())
    z = (5 + 0.1 * torch.randn(64, slow.DIMENSION)).requires_grad_()
    view = slow.views(model)[0]
    optimiser = torch.optim.Adam([{"params": [z], "lr": 0.05}, {"params": addition.parameters(), "lr": 0.005}])
    for _ in range(300):
        encoded = type(view)(view.ids, view.mask, z, {}, view.pool)
        loss, _ = addition(model, [encoded], None)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    assert z.mean().abs() < 0.6 and 0.3 < z.std() < 2.0


def test_reconstruction_is_the_mean_surprise_of_a_texts_real_tokens(slow, model) -> None:
    views = slow.views(model)
    addition = reconstruction.Addition(reconstruction.Params(weight=2.0, hidden=8), model, slow.pairs())
    surprise = [
        -log_softmax(addition.decoder(view.vectors[i]), 0)[view.ids[i, t]].item()
        for view in views
        for i in range(slow.TEXTS)
        for t in slow.real(view, i)
    ]
    assert addition(model, views, None)[0].item() == pytest.approx(2 * np.mean(surprise), rel=1e-5)


@pytest.mark.parametrize("product", [False, True])
def test_nli_is_a_softmax_over_both_vectors_and_their_difference(product: bool, slow, model) -> None:
    pairs, views = slow.pairs(labels=True), slow.views(model)
    addition = nli.Addition(nli.Params(product=product), model, pairs)
    loss, record = addition(model, views, torch.from_numpy(pairs.labels))
    surprise, right = [], []
    for u, v, label in zip(views[0].vectors, views[1].vectors, pairs.labels.tolist(), strict=True):
        features = torch.cat([u, v, (u - v).abs(), u * v] if product else [u, v, (u - v).abs()])
        scores = addition.classifier.weight @ features + addition.classifier.bias
        surprise.append(-log_softmax(scores, 0)[label].item())
        right.append(scores.argmax().item() == label)
    assert addition.classifier.out_features == 3 and loss.item() == pytest.approx(np.mean(surprise), rel=1e-5)
    assert record == pytest.approx({"nli": np.mean(surprise), "nli_accuracy": np.mean(right)}, rel=1e-5)


def test_nli_without_labels_is_refused_before_training(slow, model) -> None:
    with pytest.raises(ValueError, match="these carry none. Take a view family that gives them"):
        nli.Addition(nli.Params(), model, slow.pairs())


def test_geometry_is_alignment_and_the_mean_uniformity(slow, model) -> None:
    views = slow.views(model)
    loss, _ = geometry.Addition(geometry.Params(2.0, 0.7, 0.3), model, slow.pairs())(model, views, None)
    x, y = (view.vectors / view.vectors.norm(dim=1, keepdim=True) for view in views)
    near = torch.stack([(a - b).square().sum() for a, b in zip(x, y, strict=True)]).mean()
    spread = [
        torch.stack([(-2 * (s[i] - s[j]).square().sum()).exp() for i in range(len(s)) for j in range(i)]).mean().log()
        for s in (x, y)
    ]
    torch.testing.assert_close(loss, 2.0 * (0.7 * near + 0.3 * sum(spread) / 2))


def test_queue_is_first_in_first_out_and_its_encoder_follows_slowly(slow, model) -> None:
    """Four batches through a queue of twelve keys, against a list and weights averaged by hand."""
    addition = queue.Addition(queue.Params(size=12, momentum=0.8, temperature=0.5), model, slow.pairs())
    slowly = {name: p.detach().clone() for name, p in model.named_parameters()}
    kept: list[torch.Tensor] = []
    for number in range(4):
        with torch.no_grad():
            for p in model.parameters():
                p.add_(0.05 * torch.randn(p.shape, generator=torch.Generator().manual_seed(number)))
        rows = [slow.ragged([4, 6, 3, 7, 5], seed=10 * number + side) for side in range(2)]
        views = [slow.encode(model, side) for side in rows]
        loss, record = addition(model, views, None)
        slowly = {name: 0.8 * slowly[name] + 0.2 * p.detach() for name, p in model.named_parameters()}
        keys = torch.func.functional_call(model, slowly, (views[1].ids, views[1].mask)).detach()
        surprise = []
        for i, q in enumerate(views[0].vectors):
            candidates = [*keys, *kept[-12:]]
            logits = torch.stack([cosine_similarity(q, key, dim=0) / 0.5 for key in candidates])
            surprise.append(-log_softmax(logits, 0)[i].item())
        assert loss.item() == pytest.approx(np.mean(surprise), abs=1e-4)
        assert record["queue_keys"] == min(len(kept), 12)
        kept += list(keys)


def test_queue_leaves_out_its_older_keys_of_the_same_texts(slow, model) -> None:
    """The same batch again: without the rule each text's older key would be its partner's strongest rival."""
    addition = queue.Addition(queue.Params(size=10), model, slow.pairs())
    views = slow.views(model)
    first, second = (addition(model, views, None) for _ in range(2))
    size = slow.TEXTS
    expected = torch.nn.functional.normalize(views[0].vectors, dim=1) @ addition.queue[:size].T / 0.07
    doubled = torch.cat([expected, expected.masked_fill(torch.eye(size, dtype=torch.bool), -torch.inf)], dim=1)
    wanted = torch.nn.functional.cross_entropy(doubled, torch.arange(size))
    assert second[1]["queue_keys"] == size and second[0].item() == pytest.approx(wanted.item(), abs=1e-5)
    assert second[0] > first[0]
    with pytest.raises(ValueError, match="queue: size 4 is less than the batch, 5 pairs"):
        queue.Addition(queue.Params(size=4), model, slow.pairs())(model, views, None)


def test_hard_negatives_are_candidates_beside_the_partners(slow, model) -> None:
    views = slow.views(model, 3)
    loss, _ = hardnegatives.Addition(hardnegatives.Params(temperature=0.2), model, slow.pairs(3))(model, views, None)
    surprise = []
    for i, x in enumerate(views[0].vectors):
        others = [*views[1].vectors, *views[2].vectors]
        logits = torch.stack([cosine_similarity(x, other, dim=0) / 0.2 for other in others])
        surprise.append(-log_softmax(logits, 0)[i].item())
    assert loss.item() == pytest.approx(np.mean(surprise), rel=1e-4)
    with pytest.raises(ValueError, match="these have 2 views"):
        hardnegatives.Addition(hardnegatives.Params(), model, slow.pairs())


def test_parameters_out_of_range_are_errors() -> None:
    for name, given, message in [
        ("mlm", {"masked": 1.0}, "in \\(0, 1\\)"),
        ("causal", {"predicted": 0.0}, "in \\(0, 1\\]"),
        ("bidirectional", {"predicted": 1.5}, "in \\(0, 1\\]"),
        ("permutation", {"predicted": -0.1}, "in \\(0, 1\\]"),
        ("prior", {"prior": "gamma"}, "allowed: 'normal', 'uniform'"),
        ("prior", {"hidden": 0}, "at least 1"),
        ("queue", {"momentum": 1.0}, "in \\[0, 1\\)"),
        ("queue", {"size": 1}, "two keys at least"),
        ("reconstruction", {"hidden": 0}, "at least 1"),
        ("geometry", {"uniformity": -1.0}, "at least 0"),
        ("hardnegatives", {"temperature": 0.0}, "positive"),
    ]:
        with pytest.raises(ValueError, match=message):
            registry.get("additions", name).Params(**given)
