"""Every published method's step, queued on a device, has the loss and the gradient of the plain one, and trains."""

from __future__ import annotations

import copy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from infoviews import registry
from infoviews.fixed import fixing
from infoviews.training.loop import Optimisation, train

TRAINED = [n for n in registry.names("systems") if registry.get("systems", n).SYSTEM.kind == "cells"]


def still(step):
    """The step with a copy of its model that drops nothing."""
    model = copy.deepcopy(step.model)
    for module in model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
        config = getattr(module, "config", None)
        if getattr(config, "attention_probs_dropout_prob", 0):
            config.attention_probs_dropout_prob = 0.0
        if getattr(module, "dropout_prob", 0):
            module.dropout_prob = 0.0
    return replace(step, model=model)


@pytest.mark.parametrize("name", TRAINED)
def test_loss_and_gradient_are_those_of_the_plain_step(name: str, made, queued, monkeypatch) -> None:
    queued.undrawn(monkeypatch)
    plain = still(made(name))
    other = replace(plain, model=copy.deepcopy(plain.model))
    device = queued.laid(other, 1)
    torch.manual_seed(0)
    loss, record = plain(0)
    torch.manual_seed(0)
    with fixing():
        found, facts = device.loss(torch.tensor([0]), device.plan(0))
    assert list(record) == list(facts)
    torch.testing.assert_close(found, loss, rtol=1e-4, atol=1e-4)
    loss.backward()
    found.backward()
    for (parameter, mine), theirs in zip(other.model.named_parameters(), plain.model.parameters(), strict=True):
        assert (mine.grad is None) == (theirs.grad is None), parameter
        if mine.grad is not None:
            torch.testing.assert_close(mine.grad.to_dense(), theirs.grad.to_dense(), rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("name", TRAINED)
def test_it_trains_without_its_draws_being_replaced(name: str, made, queued, tmp_path: Path) -> None:
    step = made(name)
    how = Optimisation(8, learning_rate=5e-3, log_every=1)
    outcome = train(step.model, queued.laid(step, 8), how, tmp_path, name, seed=0)
    losses = [row["loss"] for row in outcome.history]
    assert outcome.failure is None and len(losses) == 8 and np.isfinite(losses).all()


@pytest.mark.parametrize("name", TRAINED)
def test_a_step_on_the_device_waits_for_nothing(name: str, made, queued, pretended, monkeypatch) -> None:
    step = made(name)
    with pretended.PretendedCard(monkeypatch) as card:
        pretended.moved(step.model)
        pretended.gradient_without_waiting(card, step.model, queued.laid(step, 1), 0)
