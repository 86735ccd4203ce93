"""Protocol ``senteval`` against a slow plain loop, fit by fit the same numbers."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from infoviews.transfer import graded
from infoviews.transfer.embed import Embedded
from infoviews.transfer.fetch import get_task
from infoviews.transfer.protocols import senteval

_spec = importlib.util.spec_from_file_location("plain_senteval", Path(__file__).with_name("plain_senteval.py"))
assert _spec and _spec.loader
plain = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(plain)


def part(n: int, d: int, classes: int, seed: int, texts: int = 1) -> Embedded:
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, classes, n)
    centres = np.random.default_rng(99).normal(size=(classes, d)) * 0.3
    sides = tuple((rng.normal(size=(n, d)) + centres[labels] * (i + 1)).astype(np.float32) for i in range(texts))
    return Embedded(sides, labels, rng.integers(1, 9, (n, texts)))


@pytest.mark.parametrize("configuration", ["prototyping", "default"])
def test_cross_validation_with_a_test_part(configuration: str) -> None:
    parts = {"train": part(150, 5, 3, 0, texts=2), "test": part(80, 5, 3, 1, texts=2)}
    task = replace(get_task("mrpc"), f1=False, classes=("a", "b", "c"))
    found = senteval.score(task, parts, senteval.Params(configuration), 0)
    train, test = (p.take(p.order()) for p in parts.values())
    dev, accuracy, decay = plain.single(train.features(), train.labels, (test.features(), test.labels), configuration)
    assert (found.dev, found.test, found.facts["regularisation"]) == (dev, accuracy, decay)


@pytest.mark.parametrize("configuration", ["prototyping", "default"])
def test_dev_part(configuration: str) -> None:
    parts = {name: part(n, 6, 2, seed) for seed, (name, n) in enumerate({"train": 200, "dev": 60, "test": 90}.items())}
    found = senteval.score(get_task("sst2"), parts, senteval.Params(configuration), 0)
    train, dev, test = ((p.take(p.order()).features(), p.take(p.order()).labels) for p in parts.values())
    assert (found.dev, found.test, found.facts["regularisation"]) == plain.with_dev(*train, dev, test, configuration)


@pytest.mark.parametrize(("configuration", "rows"), [("prototyping", 103), ("default", 47)])
def test_nested_cross_validation(configuration: str, rows: int) -> None:
    parts = {"all": part(rows, 4, 2, 5)}
    found = senteval.score(get_task("mr"), parts, senteval.Params(configuration), 0)
    ordered = parts["all"].take(parts["all"].order())
    dev, accuracy, decays = plain.nested(ordered.features(), ordered.labels, configuration)
    assert found.facts["regularisation"] == decays
    assert (found.dev, found.test) == (dev, accuracy)


def test_relatedness_head() -> None:
    rng = np.random.default_rng(3)
    parts = {}
    for name, n in (("train", 203), ("dev", 60), ("test", 80)):  # 203: the last mini-batch is short
        grade = np.round(rng.uniform(0, 5, n), 1)
        u = rng.normal(size=(n, 6))
        v = u + rng.normal(size=(n, 6)) * (5 - grade[:, None]) / 3
        parts[name] = Embedded((u.astype(np.float32), v.astype(np.float32)), grade, rng.integers(1, 9, (n, 2)))
    found = graded.score(get_task("stsb"), parts, 0)
    train, dev, test = ((p.take(p.order()).features(), p.take(p.order()).labels) for p in parts.values())
    best, pearson, spearman, mse = plain.relatedness(train, dev, test)
    assert (found.dev, found.facts["pearson"]) == (pytest.approx(100 * best), pytest.approx(100 * pearson))
    assert (found.test, found.facts["mse"]) == (pytest.approx(100 * spearman), pytest.approx(mse))


def test_class_without_an_example_keeps_its_share_of_the_initialisation() -> None:
    """The original's classifier has one output for each class of the task, whatever the train part holds."""
    parts = {name: part(n, 6, 2, seed) for seed, (name, n) in enumerate({"train": 90, "dev": 40, "test": 60}.items())}
    task = replace(get_task("sst2"), classes=("negative", "positive", "neither"))
    found = senteval.score(task, parts, senteval.Params("prototyping"), 0)
    train, dev, test = ((p.take(p.order()).features(), p.take(p.order()).labels) for p in parts.values())
    assert (found.dev, found.test) == plain.with_dev(*train, dev, test, "prototyping", classes=3)[:2]


def test_f1_is_rounded_as_the_original_rounds_it() -> None:
    parts = {"train": part(90, 5, 2, 0, texts=2), "test": part(70, 5, 2, 1, texts=2)}
    f1 = senteval.score(get_task("mrpc"), parts, senteval.Params("prototyping"), 0).facts["f1"]
    assert f1 == round(f1, 2) and 50 < f1 < 100


def test_unknown_configuration() -> None:
    with pytest.raises(ValueError, match="default, prototyping"):
        senteval.Params("fast")
