"""Each addition against one written out by hand."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
import torch
from torch.nn.functional import cosine_similarity, log_softmax

from infoviews import registry
from infoviews.additions import geometry, hardnegatives, mlm, nli, prior, queue, reconstruction
from infoviews.encoders.masking import mask_tokens


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
    surprise, size = [], len(views[0].vectors)
    for i, x in enumerate(views[0].vectors):
        others = [*views[1].vectors, *views[2].vectors]
        logits = torch.stack([cosine_similarity(x, other, dim=0) / 0.2 for other in others])
        surprise.append(-log_softmax(logits, 0)[i].item())
    assert loss.item() == pytest.approx(np.mean(surprise), rel=1e-4)
    for copied in (0, 1):  # a hard negative with the very tokens of the anchor or of its partner is no candidate
        ids, mask = views[2].ids.clone(), views[2].mask.clone()
        ids[0], mask[0] = views[copied].ids[0], views[copied].mask[0]
        twin = dataclasses.replace(views[2], ids=ids, mask=mask)
        addition = hardnegatives.Addition(hardnegatives.Params(temperature=0.2), model, slow.pairs(3))
        fewer, _ = addition(model, [*views[:2], twin], None)
        cosines = cosine_similarity(views[0].vectors[:1], torch.cat([views[1].vectors, views[2].vectors]))
        left = torch.cat([cosines[:size], cosines[size + 1 :]]) / 0.2
        without = [-log_softmax(left, 0)[0].item(), *surprise[1:]]
        assert fewer.item() == pytest.approx(np.mean(without), rel=1e-4)
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
