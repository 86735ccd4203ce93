"""The public functions: light to import, equal to closed forms, and to what the commands give."""

from __future__ import annotations

import doctest
import json
import math
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest
import torch
from sentence_transformers import SentenceTransformer
from typer.testing import CliRunner

import infoviews
from infoviews import api, registry
from infoviews.__main__ import app
from infoviews.corpus.texts import write_texts
from infoviews.files import read_json
from infoviews.language.tasks import write
from infoviews.transfer import controls
from infoviews.transfer.fetch import describe, get_task

TEXTS = [
    "The old man bought a red book in the city. He reads it every night by the river, and so does his dog.",
    "Nobody eats soup with a camera. The woman plays music slowly, near her house, for a child and a cat.",
] * 4


@pytest.fixture(scope="module")
def tasks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tasks")
    describe(folder, [get_task(name) for name in write(folder, {"examples": 100}, 0)])
    return folder


def test_importing_the_package_imports_nothing_heavy() -> None:
    told = "import sys, infoviews; print({'torch', 'numpy', 'pandas', 'transformers', 'scipy'} & {*sys.modules})"
    assert subprocess.check_output([sys.executable, "-c", told], text=True).strip() == "set()"


def test_the_public_names_are_there_and_documented() -> None:
    assert set(infoviews.__all__) == {"bounds", "draw_views", "estimate_information", "evaluate", "load"}
    project = tomllib.loads((Path(infoviews.__file__).parents[2] / "pyproject.toml").read_text())["project"]
    assert infoviews.__version__ == project["version"]
    assert all(getattr(infoviews, name).__doc__ for name in infoviews.__all__)
    assert dir(infoviews.bounds) == registry.names("objectives")


def test_infonce_of_a_matrix_in_closed_form() -> None:
    """Scores of s on the diagonal and 0 elsewhere: s - log(e^s + B - 1) + log B, and its gradient."""
    scores = (3.0 * torch.eye(8, dtype=torch.float64)).requires_grad_()
    found = infoviews.bounds.infonce(scores)
    assert found.value.item() == pytest.approx(3 - math.log(math.exp(3) + 7) + math.log(8), abs=1e-12)
    found.loss.backward()
    partner = math.exp(3) / (math.exp(3) + 7)
    assert scores.grad is not None and scores.grad[0, 0].item() == pytest.approx((partner - 1) / 8, abs=1e-12)


@pytest.mark.parametrize("name", registry.names("objectives"))
def test_every_bound_of_constant_scores_is_that_of_views_that_share_nothing(name: str) -> None:
    function, module = getattr(infoviews.bounds, name), registry.get("objectives", name)
    assert function.__name__ == name and module.CITATION in function.__doc__
    constant = 1.0 if name == "nwj" else 0.0  # its best critic is one above the log ratio
    found = function(torch.full((16, 16), constant))
    assert found.value.item() == pytest.approx(0, abs=1e-6) and torch.isfinite(found.loss)


def test_bounds_take_parameters_and_state_and_explain_mistakes() -> None:
    first = infoviews.bounds.mine(torch.ones(4, 4))  # the average of e^f is e
    second = infoviews.bounds.mine(torch.zeros(4, 4), first.state, rate=0.5)
    assert second.state.item() == pytest.approx(math.log((math.e + 1) / 2))
    with pytest.raises(AttributeError, match="did you mean 'infonce'"):
        _ = infoviews.bounds.infonec
    with pytest.raises(KeyError, match="did you mean 'symmetric'"):
        infoviews.bounds.infonce(torch.eye(4), symetric=True)


def test_information_of_gaussian_pairs_lies_in_its_interval() -> None:
    """y = x_1 + x_2 + noise of variance 2 shares 1/2 log 2 nats with three columns x, of which one has no part."""
    rng = np.random.default_rng(3)
    x = rng.normal(size=(2400, 3))
    y = x[:, :2].sum(1, keepdims=True) + rng.normal(scale=math.sqrt(2), size=(2400, 1))
    best, *others = infoviews.estimate_information(x, y, num_steps=60)
    truth = 0.5 * math.log(2)
    assert best.estimator == "infonce" and best.low <= truth <= best.high and best.high - best.low < 0.25
    assert best.notes["verdict"] == "trusted" and best.n == 1200
    cca = next(e for e in others if e.estimator == "cca")
    assert cca.low <= truth <= cca.high and len({e.estimator for e in others}) == len(others) == 6


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [((200, 2), (199, 2), "same n"), ((100, 2), (100, 2), "160 or more"), ((200,), (200, 1), "need")],
)
def test_arrays_that_are_no_pairs_are_refused(x: tuple[int, ...], y: tuple[int, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        infoviews.estimate_information(np.zeros(x), np.zeros(y))
    with pytest.raises(ValueError, match="NaN"):
        infoviews.estimate_information(np.full((200, 1), np.nan), np.zeros((200, 1)))


def test_evaluate_gives_the_numbers_of_the_command(tasks: Path, tmp_path: Path) -> None:
    arguments = ["evaluate", "--tasks", tasks, "--out", tmp_path / "a.json", "--control", "bag-of-words"]
    assert CliRunner().invoke(app, [*map(str, arguments), "--names", "sst2"]).exit_code == 0

    class Model:
        def encode(self, sentences: list[str]) -> np.ndarray:
            return controls.bag_of_words(sentences)

    told = read_json(tmp_path / "a.json")
    for encoder in (Model(), controls.bag_of_words):
        found = infoviews.evaluate(encoder, tasks=tasks, names=["sst2"])
        assert json.loads(json.dumps(found)) == {key: told[key] for key in found} and told["tasks"]["sst2"]["n"] == 20
    with pytest.raises(TypeError, match="no encode"):
        infoviews.evaluate(3, tasks)


def test_evaluate_takes_models_of_sentence_transformers(tasks: Path) -> None:
    from sentence_transformers.sentence_transformer.modules import BoW

    words = {word for part in get_task("cr").read(tasks).values() for text in part.texts[0] for word in text.split()}
    model = SentenceTransformer(modules=[BoW(vocab=sorted(words))], device="cpu")
    assert infoviews.evaluate(model, tasks, ["cr"])["dimension"] == len(words)


@pytest.mark.parametrize(("family", "dial"), [("crop", 0.5), ("spans", "any"), ("delete", 0.3), ("dropout", 0.1)])
def test_views_are_those_that_the_command_shows(tmp_path: Path, family: str, dial: object) -> None:
    folder = write_texts(tmp_path / "corpus", TEXTS)
    shown = CliRunner().invoke(app, ["show", family, "--corpus", str(folder), "--dial", str(dial)]).output
    lines = [line.removeprefix(f"  {n}  ") for line in shown.splitlines() for n in "12" if line.startswith(f"  {n}  ")]
    drawn = infoviews.draw_views(family, folder, dial=dial)
    assert drawn == list(zip(lines[::2], lines[1::2], strict=True)) and len(drawn) > 1
    assert infoviews.draw_views(family, TEXTS, dial=dial) == drawn  # the texts themselves give the same
    assert infoviews.draw_views(family, TEXTS, dial=dial, seed=1) != drawn


def test_words_of_given_texts_are_whole_tokens() -> None:
    """A window of half of eight words has four, however rare they are, and none is unknown."""
    rare = ["Zyx qua bler ονς füchse ran 12 hills"]
    ((first, second),) = infoviews.draw_views("crop", rare, dial=1.0, count=1)
    whole = "zyx qua bler ονς fuchse ran 12 hills"
    assert first == second == whole
    ((first, second),) = infoviews.draw_views("crop", rare, dial=0.5, count=1)
    assert len(first.split()) == len(second.split()) == 4 and first in whole and second in whole
    with pytest.raises(ValueError, match="no sentence"):
        infoviews.draw_views("crop", ["", "…"], dial=1.0)
    with pytest.raises(ValueError, match="dial 'kept'"):
        infoviews.draw_views("crop", TEXTS)


def test_examples_in_docstrings_are_true() -> None:
    result = doctest.testmod(api, extraglobs={"np": np, "infoviews": infoviews})
    assert result.attempted >= 4 and result.failed == 0
