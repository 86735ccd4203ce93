"""Queued steps have the losses and gradients of the plain ones: of every bound, contrast and addition."""

from __future__ import annotations

import copy
from dataclasses import replace

import numpy as np
import pytest
import torch

from infoviews import registry
from infoviews.contracts import Pairs, Ragged, concatenated
from infoviews.encoders.architectures import bert
from infoviews.fixed import fixing
from infoviews.pretrain.siamese import build
from infoviews.pretrain.step import ContrastiveStep
from infoviews.training import passes
from infoviews.training.batches import Batches
from infoviews.training.loop import Optimisation, train

ROWS, BATCH, STEPS = 48, 12, 6
PLAIN = {"critic": {"cosine": {}}, "contrast": {"sentences": {}}, "additions": {}}
CASES = {
    **{f"bound-{name}": (name, PLAIN) for name in registry.names("objectives")},
    **{f"contrast-{name}": ("infonce", PLAIN | {"contrast": {name: {}}}) for name in registry.names("contrasts")},
    **{f"addition-{name}": ("infonce", PLAIN | {"additions": {name: {}}}) for name in registry.names("additions")},
    "several": ("mine", PLAIN | {"contrast": {"sentences": {}, "tokens": {"weight": 0.5}, "layers": {}}}),
    "measured": ("infonce", PLAIN | {"contrast": {"sentences": {"weight": 0}}, "additions": {"queue": {"size": 30}}}),
}


def made_up(slow) -> Pairs:
    """Texts of up to 25 tokens, longer than the encoder reads, with equal texts among them, and an empty one."""
    rng = np.random.default_rng(0)
    views = [slow.ragged(rng.integers(1, 26, size=ROWS), seed=n) for n in range(3)]
    empty = Ragged(np.zeros(0, np.uint16), np.zeros(2, np.int64))
    views[0] = concatenated([views[0].take(np.arange(ROWS - 9)), views[1].take(np.arange(8)), empty])
    return Pairs(tuple(views), np.arange(ROWS), np.arange(ROWS) % 3)


def step_of(case: str, tokenizer, slow) -> ContrastiveStep:
    bound, objective = CASES[case]
    shape = bert.Params(layers=2, width=16, heads=2, dropout=0.0, dimension=6, max_tokens=20)
    architecture = next(
        (slow.ARCHITECTURES[name] for name in objective["additions"] if name in slow.ARCHITECTURES), None
    )
    if architecture is None:
        encoder = bert.build(shape, tokenizer, seed=0)
    else:
        module = registry.get("encoders.architectures", architecture)
        encoder = module.build(module.Params(), shape, tokenizer, seed=0)
    pairs, module = made_up(slow), registry.get("objectives", bound)
    model = build(encoder, objective, pairs, 0).train()
    lengths = np.maximum(*(view.lengths for view in pairs.views[:2]))
    return ContrastiveStep(model, module, module.Params(), pairs, Batches(lengths, BATCH, 3), True)


def gradients(model: torch.nn.Module) -> dict[str, torch.Tensor]:
    found = {n: p.grad.to_dense().clone() for n, p in model.named_parameters() if p.grad is not None}
    model.zero_grad(set_to_none=True)
    return found


@pytest.mark.parametrize("case", CASES)
def test_loss_record_and_gradient_are_those_of_the_plain_step(case, tokenizer, slow, queued, monkeypatch) -> None:
    queued.undrawn(monkeypatch)
    monkeypatch.setattr(passes, "FILLED", 100)  # so small a batch goes in two passes, too
    plain = step_of(case, tokenizer, slow)
    other = replace(plain, model=copy.deepcopy(plain.model))
    device = queued.laid(other, STEPS)
    for number in range(4):
        torch.manual_seed(number)
        loss, record = plain(number)
        loss.backward()
        torch.manual_seed(number)
        with fixing():
            found, facts = device.loss(torch.tensor([number]), device.plan(number))
        found.backward()
        assert list(facts) == list(record)
        torch.testing.assert_close(found, loss, rtol=2e-5, atol=2e-5)
        for name, value in record.items():
            assert float(facts[name]) == pytest.approx(value, rel=2e-4, abs=2e-4), name
        mine, theirs = gradients(other.model), gradients(plain.model)
        assert mine.keys() == theirs.keys()
        total = torch.stack([gradient.norm() for gradient in theirs.values()]).norm()
        for name, gradient in mine.items():  # some are 0 but for rounding, which e^score of NWJ and TUBA enlarges
            assert (gradient - theirs[name]).norm() <= 1e-3 * theirs[name].norm() + 1e-5 * total, name
    for (name, mine), theirs in zip(other.model.named_buffers(), plain.model.buffers(), strict=True):
        torch.testing.assert_close(
            mine, theirs, rtol=1e-4, atol=1e-5, equal_nan=True, msg=lambda m, n=name: f"{n}: {m}"
        )


@pytest.mark.parametrize("case", ["bound-infonce", "bound-mine", "addition-mlm", "addition-queue"])
def test_a_run_of_queued_steps_ends_where_a_plain_one_does(
    case, tokenizer, slow, queued, tmp_path, monkeypatch
) -> None:
    queued.undrawn(monkeypatch)
    plain = step_of(case, tokenizer, slow)
    other = replace(plain, model=copy.deepcopy(plain.model))
    how = Optimisation(num_steps=STEPS, learning_rate=1e-3, log_every=2, save_every=4)
    expected = train(plain.model, plain, how, tmp_path / "plain", "a", seed=1)
    found = train(other.model, queued.laid(other, STEPS), how, tmp_path / "queued", "a", seed=1)
    assert [row["step"] for row in found.history] == [row["step"] for row in expected.history] == [0, 2, 4, 5]
    for mine, theirs in zip(found.history, expected.history, strict=True):
        assert mine == pytest.approx(theirs, rel=1e-3, abs=1e-4)
    for mine, theirs in zip(other.model.parameters(), plain.model.parameters(), strict=True):
        torch.testing.assert_close(mine, theirs, rtol=1e-3, atol=2e-4)


def test_passes_of_less_memory_have_the_same_gradient(tokenizer, slow, queued) -> None:
    step = step_of("bound-infonce", tokenizer, slow)
    device, found = queued.laid(step, STEPS), []
    for _ in range(3):
        with fixing():
            device.loss(torch.tensor([1]), device.plan(1))[0].backward()
        found.append(gradients(step.model))
        said = device.spare()
    assert device.plan(1).passes.recompute and "texts from now on" in str(said)
    for other in found[1:]:
        for name in other:
            torch.testing.assert_close(other[name], found[0][name], rtol=1e-4, atol=1e-6)
    while device.spare():
        assert device.halvings < 10
    assert max(texts for texts, _ in device.plan(1).passes.parts) == 1


@pytest.mark.parametrize("case", CASES)
def test_a_step_on_the_device_waits_for_nothing(case, tokenizer, slow, queued, pretended, monkeypatch) -> None:
    monkeypatch.setattr(passes, "FILLED", 100)
    step = step_of(case, tokenizer, slow)
    with pretended.PretendedCard(monkeypatch) as card:
        pretended.moved(step.model)
        work = queued.laid(step, STEPS)
        for number in (0, 1):
            step.model.zero_grad(set_to_none=True)
            assert pretended.gradient_without_waiting(card, step.model, work, number) > 0
