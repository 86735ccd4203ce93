"""Every system that the registry finds is what it says: it draws its views, builds, learns, and names its sources."""

from __future__ import annotations

import copy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from infoviews import registry
from infoviews.pretrain.siamese import Siamese
from infoviews.pretrain.step import ContrastiveStep
from infoviews.systems._system import System
from infoviews.training.loop import Optimisation, train
from infoviews.transfer import published

NAMES = registry.names("systems")
STEPS = 20
UNMOVED = ("key.bias", "seg_embed", "r_s_bias")
"""A bias of the keys shifts all scores of a query alike, which a softmax does not see; XLNet's segments go unused."""


def system_of(name: str) -> System:
    return registry.get("systems", name).SYSTEM


TRAINED = [name for name in NAMES if system_of(name).kind == "cells"]
STATIC = [name for name in NAMES if system_of(name).kind == "static"]


def losses(step: ContrastiveStep, start: Siamese, draws: int = 3) -> float:
    """Mean loss over fixed draws with the learned weights, but with nothing carried over from earlier steps."""
    total = 0.0
    for seed in range(draws):
        model = copy.deepcopy(start)
        with torch.no_grad():
            for own, learned in zip(model.parameters(), step.model.parameters(), strict=True):
                own.copy_(learned)
            torch.manual_seed(seed)
            total += replace(step, model=model)(0)[0].item()
    return total / draws


@pytest.mark.parametrize("name", TRAINED)
def test_its_own_loss_falls_in_twenty_steps(name: str, made, tmp_path: Path) -> None:
    step = made(name)
    start = copy.deepcopy(step.model)
    before = losses(step, start)
    outcome = train(step.model, step, Optimisation(STEPS, learning_rate=5e-3, log_every=1), tmp_path, name, seed=0)
    assert outcome.failure is None and len(outcome.history) == STEPS
    step.model.train()
    assert losses(step, start) < before


@pytest.mark.parametrize("name", TRAINED)
def test_gradient_reaches_all_that_should_learn(name: str, made) -> None:
    step = made(name)
    torch.manual_seed(0)
    step(0)[0].backward()
    for part, parameter in step.model.named_parameters():
        if parameter.requires_grad and not part.endswith(UNMOVED):
            assert parameter.grad is not None and parameter.grad.isfinite().all(), part
            assert parameter.grad.abs().sum() > 0, part


@pytest.mark.parametrize("name", STATIC)
def test_a_static_system_tells_sentences_apart(name: str, static) -> None:
    encoder = static(name)
    sentences = ["the old man plays a book .", "the small dog eats a book in the city .", "the cat sleeps ."]
    vectors = encoder.encode(sentences)
    assert vectors.shape == (3, encoder.dimension) and np.isfinite(vectors).all()
    assert all(np.abs(vectors[i] - vectors[j]).max() > 1e-6 for i in range(3) for j in range(i))
    assert np.array_equal(vectors, static(name).encode(sentences))


@pytest.mark.parametrize("name", NAMES)
def test_says_what_it_is_and_where_it_departs(name: str) -> None:
    system = system_of(name)
    assert registry.get("systems", name).__doc__ and system.title and "(20" in system.citation
    assert system.departures and all(text.endswith(".") for text in system.departures)
    if system.published is not None:
        assert system.published in {(row["method"], row["encoder"]) for row in published.rows()}


def test_views_have_one_name_each() -> None:
    views = [system.views for system in map(system_of, NAMES) if system.views]
    named = {setting.name: (setting.family, setting.params) for setting in views}
    assert all((setting.family, setting.params) == named[setting.name] for setting in views)
    assert len({str(content) for content in named.values()}) == len(named)
