"""The small corpus of the view tests, and made-up rows where a view family reads files that need a download."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from infoviews import registry
from infoviews.bases._materials import Materials
from infoviews.contracts import Pairs, slices
from infoviews.corpus.store import open_corpus, write_corpus
from infoviews.encoders.architectures import bert
from infoviews.encoders.encoder import Encoder
from infoviews.pretrain.siamese import build
from infoviews.pretrain.step import ContrastiveStep
from infoviews.systems._system import System
from infoviews.views import substitute
from infoviews.views.drawing.build import candidates, setting
from infoviews.views.materials import word_pieces, written

STEPS, BATCH, LONGEST = 20, 16, 34
MADE_UP = Path("made-up")
"""Key of the made-up rows in the families' caches; there is no such folder."""


@pytest.fixture(scope="session")
def corpus(tmp_path_factory):
    """300 documents of random sentences, as in ``tests/views``."""
    from transformers import BertTokenizerFast

    source = Path(__file__).parents[1] / "views/conftest.py"
    description = importlib.util.spec_from_file_location("views_corpus", source)
    assert description is not None and description.loader is not None
    views = importlib.util.module_from_spec(description)
    description.loader.exec_module(views)
    folder = tmp_path_factory.mktemp("systems") / "corpus"
    vocabulary = views.SPECIAL + views.WORDS + views.PIECES
    tokenizer = BertTokenizerFast(vocab={word: number for number, word in enumerate(vocabulary)})
    write_corpus(folder, views._documents(len(vocabulary)), tokenizer)
    return open_corpus(folder)


@pytest.fixture
def files(monkeypatch):
    """Judged pairs, captions and synonyms without their files; the families' own code reads them."""
    people, deeds = "man woman child dog cat".split(), "plays eats sees finds buys reads runs sleeps".split()
    pairs, captions = [], []
    for who in people:
        for number, does in enumerate(deeds):
            other = deeds[(number + 3) % len(deeds)]
            premise = f"the old {who} {does} a book ."
            said = {"entailment": f"the {who} {does} .", "contradiction": f"no {who} {does} ."}
            said["neutral"] = f"the {who} {other} in the city ."
            pairs += [written.Row((premise, text), label, 0) for label, text in said.items()]
            words = "old", "new", "small", "large", "good"
            captions.append(written.Row(tuple(f"a {word} {who} {does} a {other} book ." for word in words), "", 0))
    monkeypatch.setattr(written, "rows", lambda name, mirror: tuple(captions if name == "flickr8k" else pairs))
    synonyms = {"small": "little", "large": "big"} | dict(zip(people, people[1:], strict=False))
    monkeypatch.setattr(
        substitute,
        "_from_wordnet",
        lambda number, mirror: {
            number[word]: {number[other]} for word, other in synonyms.items() if word in number and other in number
        },
    )
    return MADE_UP


SHAPE = bert.Params(layers=2, width=16, heads=2, dropout=0.1, max_tokens=LONGEST)


def encoder_of(system: System, shape: bert.Params, tokenizer: Any) -> Encoder:
    """An untrained encoder of the system's own architecture."""
    for name, given in system.encoder.items():
        module = registry.get("encoders.architectures", name)
        return module.build(registry.parameters(module, given), shape, tokenizer, seed=0)
    return bert.build(shape, tokenizer, seed=0)


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
        system = registry.get("systems", name).SYSTEM
        chosen = setting(system.views.family, system.views.params, LONGEST, seed=1, mirror=files)
        anchors = candidates(corpus, chosen, split=0)[: 4 * BATCH]  # some give no pair
        drawn = registry.get("views", chosen.family).draw(corpus, anchors, np.random.default_rng(0), chosen.params)
        pairs = head(drawn)
        encoder = encoder_of(system, SHAPE, word_pieces.tokenizer(corpus.folder))
        given = {"additions": {}} | system.objective
        bound = registry.get("objectives", system.bound)
        params = registry.parameters(bound, system.params)
        model = build(encoder, given, pairs, seed=0).train()
        return ContrastiveStep(model, bound, params, pairs, [np.arange(len(pairs.anchors))] * STEPS, True)

    return step_of


@pytest.fixture
def static(corpus, random_marian, tmp_path):
    """A function from a static system's name to its encoder, made from the small corpus or a random translator."""

    def encoder_of_base(name: str) -> Any:
        ((kind, given),) = registry.get("systems", name).SYSTEM.static.items()
        module = registry.get("bases", kind)
        if kind == "cove":
            given = {"translation": random_marian(tmp_path / "marian", word_pieces.tokenizer(corpus.folder))}
        params = registry.parameters(module, given)
        materials = Materials(corpus.folder, SHAPE, None, tmp_path / "state", {"seed": 3})
        return module.build(params, materials)[0].eval()

    return encoder_of_base
