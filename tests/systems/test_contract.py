"""Every system that the registry finds is what it says: it draws its views, builds, learns, and names its sources."""

from __future__ import annotations

import copy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from infoviews import registry
from infoviews.contracts import Pairs, slices
from infoviews.encoders import bert
from infoviews.pretrain.siamese import Siamese, build
from infoviews.pretrain.step import ContrastiveStep
from infoviews.systems._system import System
from infoviews.training.loop import Optimisation, train
from infoviews.transfer import published
from infoviews.views import _words
from infoviews.views._build import candidates, setting

NAMES = registry.names("systems")
STEPS, BATCH, LONGEST = 20, 16, 34
UNMOVED = ("key.bias",)
"""A bias of the keys shifts all scores of a query alike, which a softmax does not see."""


def system_of(name: str) -> System:
    return registry.get("systems", name).SYSTEM


def head(pairs: Pairs) -> Pairs:
    """The first pairs, as many as a batch, with views no longer than the encoder reads."""
    rows = np.arange(BATCH)
    views = tuple(
        slices(view.ids, view.offsets[:BATCH], np.minimum(view.lengths[:BATCH], LONGEST - 2)) for view in pairs.views
    )
    return Pairs(views, pairs.anchors[rows], None if pairs.labels is None else pairs.labels[rows])


@pytest.fixture
def made(corpus, files):
    """A function from a system's name to its step over 16 pairs, drawn by its own view family."""

    def step_of(name: str) -> ContrastiveStep:
        system = system_of(name)
        chosen = setting(system.views.family, system.views.params, LONGEST, seed=1, mirror=files)
        anchors = candidates(corpus, chosen, split=0)[: 4 * BATCH]  # some give no pair
        drawn = registry.get("views", chosen.family).draw(corpus, anchors, np.random.default_rng(0), chosen.params)
        pairs = head(drawn)
        shape = bert.Params(layers=2, width=16, heads=2, dropout=0.1, max_tokens=LONGEST)
        encoder = bert.build(shape, _words.tokenizer(corpus.folder), seed=0)
        given = {"additions": {}} | system.objective
        bound = registry.get("objectives", system.bound)
        params = registry.parameters(bound, system.params)
        model = build(encoder, given, pairs, seed=0).train()
        return ContrastiveStep(model, bound, params, pairs, [np.arange(len(pairs.anchors))] * STEPS, True)

    return step_of


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


@pytest.mark.parametrize("name", NAMES)
def test_its_own_loss_falls_in_twenty_steps(name: str, made, tmp_path: Path) -> None:
    step = made(name)
    start = copy.deepcopy(step.model)
    before = losses(step, start)
    outcome = train(step.model, step, Optimisation(STEPS, rate=5e-3, log_every=1), tmp_path, name, seed=0)
    assert outcome.failure is None and len(outcome.history) == STEPS
    step.model.train()
    assert losses(step, start) < before


@pytest.mark.parametrize("name", NAMES)
def test_gradient_reaches_all_that_should_learn(name: str, made) -> None:
    step = made(name)
    torch.manual_seed(0)
    step(0)[0].backward()
    for part, parameter in step.model.named_parameters():
        if parameter.requires_grad and not part.endswith(UNMOVED):
            assert parameter.grad is not None and parameter.grad.isfinite().all(), part
            assert parameter.grad.abs().sum() > 0, part


@pytest.mark.parametrize("name", NAMES)
def test_says_what_it_is_and_where_it_departs(name: str) -> None:
    system = system_of(name)
    assert registry.get("systems", name).__doc__ and system.title and "(20" in system.citation
    assert system.departures and all(text.endswith(".") for text in system.departures)
    if system.published is not None:
        assert system.published in {(row["method"], row["encoder"]) for row in published.rows()}


def test_views_have_one_name_each() -> None:
    views = [system_of(name).views for name in NAMES]
    named = {setting.name: (setting.family, setting.params) for setting in views}
    assert all((setting.family, setting.params) == named[setting.name] for setting in views)
    assert len({str(content) for content in named.values()}) == len(named)
