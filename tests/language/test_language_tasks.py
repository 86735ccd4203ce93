"""The six tasks: in files that SentEval's readers take, labelled by factors, learnable as well as Bayes allows."""

from __future__ import annotations

import numpy as np
import pytest

from infoviews import registry
from infoviews.contracts import Ragged
from infoviews.language.factors import FACTORS
from infoviews.language.grammar import WORDS, read
from infoviews.language.tasks import write
from infoviews.views.language import bayes_accuracy

NUMBER = {word: number for number, word in enumerate(WORDS)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tasks")
    assert sorted(write(folder, {"examples": 3000}, seed=4)) == ["cr", "mr", "mrpc", "sst2", "subj", "trec"]
    return folder


def values_of(texts: list[str]) -> np.ndarray:
    words = [[NUMBER[word] for word in text.split()] for text in texts]
    offsets = np.concatenate([[0], np.cumsum([len(row) for row in words])])
    return read(Ragged(np.concatenate(words), offsets))


@pytest.mark.parametrize("factor", [factor for factor in FACTORS if factor.task], ids=lambda factor: factor.task)
def test_best_reader_is_as_right_as_bayes_says(folder, factor):
    parts = registry.get("transfer.tasks", factor.task).TASK.read(folder)
    labels = np.concatenate([part.labels for part in parts.values()])
    column = FACTORS.index(factor)
    seen = [
        np.concatenate([values_of(part.texts[side])[:, column] for part in parts.values()])
        for side in range(len(next(iter(parts.values())).texts))
    ]
    guess = (seen[0] == seen[1]).astype(int) if len(seen) == 2 else seen[0]
    exact = bayes_accuracy(factor)
    assert len(labels) == 3000
    assert abs((guess == labels).mean() - exact) <= 4 * np.sqrt(exact * (1 - exact) / len(labels))


def test_same_seed_same_bytes(folder, tmp_path):
    write(tmp_path, {"examples": 3000}, seed=4)
    files = sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    assert files and all((folder / path).read_bytes() == (tmp_path / path).read_bytes() for path in files)
    write(tmp_path, {"examples": 3000}, seed=5)
    assert all((folder / path).read_bytes() != (tmp_path / path).read_bytes() for path in files)


@pytest.mark.parametrize(("params", "error"), [({"example": 100}, KeyError), ({"examples": 99}, ValueError)])
def test_bad_parameters(tmp_path, params, error):
    with pytest.raises(error, match="language tasks"):
        write(tmp_path, params, seed=0)
