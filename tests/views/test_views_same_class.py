"""Views of one class: their information is exact, from the channel to the tokens that a reader sees."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import BertTokenizerFast

from infoviews.contracts import SPLITS, Corpus
from infoviews.corpus.store import Tokenised, open_corpus, write_corpus
from infoviews.language.channel import information
from infoviews.pairs import read_facts
from infoviews.views import same_class
from infoviews.views.drawing.build import build, draw_split, setting
from infoviews.views.materials import classes

NAMES = ("letters", "novels", "wire")
OWN = 12
"""Words that one class has and no other; half of a document's words are of its class, the others of all."""


@pytest.fixture(scope="module")
def classed(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """150 documents of three sources and, by their ids, of two topics of BBC News; 40 words each, one a token."""
    folder = tmp_path_factory.mktemp("classed") / "corpus"
    words = [f"{name}{number}" for name in (*NAMES, "common") for number in range(OWN)]
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    rng = np.random.default_rng(0)

    def documents():
        for number in range(150):
            label = number % 3
            ids = np.where(rng.random(40) < 0.5, OWN * label, OWN * 3) + rng.integers(OWN, size=40) + len(special)
            split = SPLITS[max(0, number // 3 % 5 - 2)]
            topic = f"bbc-{classes.TOPICS[number // 15 % 5]}/{number}"
            yield Tokenised(topic, NAMES[label], "", split, ids.reshape(4, 10).tolist())

    write_corpus(folder, documents(), BertTokenizerFast(vocab={word: n for n, word in enumerate([*special, *words])}))
    return open_corpus(folder)


def classes_of(ids: np.ndarray) -> np.ndarray:
    """The class whose own words a text holds, (texts, tokens) → (texts,); -1 where it holds none or two classes'."""
    owner = (ids.astype(np.int64) - 5) // OWN
    held = np.stack([(owner == label).any(1) for label in range(3)], axis=1)
    return np.where(held.sum(1) == 1, held.argmax(1), -1)


@settings(max_examples=12, deadline=None)
@given(nats=st.floats(0.0, 3.0))
def test_classes_of_the_views_pass_through_the_channel_that_has_this_information(classed: Corpus, nats: float) -> None:
    params = same_class.Params(nats, tokens=10)
    anchors = same_class.candidates(classed, 0, params)
    draws = [same_class.draw(classed, anchors, np.random.default_rng(seed), params) for seed in range(40)]
    exact = same_class.facts(classed, params)["exact"]
    assert exact["information"] == pytest.approx(nats, abs=1e-9)
    assert exact["places"] == max(1, math.ceil(nats / math.log(3) - 1e-9))
    assert exact["information"] == pytest.approx(exact["places"] * information(3, exact["error"]), abs=1e-12)
    first, second = (
        np.concatenate([d.views[side].ids.reshape(-1, exact["places"], 10) for d in draws]) for side in (0, 1)
    )
    for place in range(exact["places"]):
        sent, received = classes_of(first[:, place]), classes_of(second[:, place])
        assert (sent >= 0).all() and (received >= 0).all()
        n = len(sent)
        assert (np.abs(np.bincount(sent, minlength=3) / n - 1 / 3) < 5 * math.sqrt(0.25 / n)).all()
        assert abs((sent != received).mean() - exact["error"]) < 5 * math.sqrt(0.25 / n)


def test_places_are_independent_of_each_other(classed: Corpus) -> None:
    params = same_class.Params(2.0, tokens=10)
    anchors = same_class.candidates(classed, 0, params)
    ids = np.concatenate(
        [
            same_class.draw(classed, anchors, np.random.default_rng(seed), params).views[0].ids.reshape(-1, 2, 10)
            for seed in range(40)
        ]
    )
    table = np.zeros((3, 3))
    np.add.at(table, (classes_of(ids[:, 0]), classes_of(ids[:, 1])), 1 / len(ids))
    assert np.abs(table - 1 / 9).max() < 5 * math.sqrt(0.1 / len(ids))


def test_a_classifier_reads_classes_whose_words_differ_and_says_so(classed: Corpus, tmp_path: Path) -> None:
    facts = build(classed, setting("same_class", {"nats": 1.0, "tokens": 10}), dict.fromkeys(SPLITS, 50), tmp_path)
    exact = read_facts(tmp_path)["exact"]
    assert exact == facts["exact"] and exact["accuracy"] > 0.98 and exact["classes"] == list(NAMES)
    assert 0.9 < exact["readable"] <= exact["information"] == pytest.approx(1.0)


def test_topics_that_no_word_tells_are_not_clear_and_are_hardly_readable(classed: Corpus) -> None:
    exact = same_class.facts(classed, same_class.Params(1.0, "topics", tokens=10, clear=0.0))["exact"]
    assert exact["classes"] == list(classes.TOPICS) and exact["information"] == pytest.approx(1.0)
    assert exact["accuracy"] < 0.4 and exact["readable"] < 0.1
    with pytest.raises(ValueError, match=r"no text of 10 tokens is clearly of the class '\w+' in the \w+ documents"):
        same_class.candidates(classed, 0, same_class.Params(1.0, "topics", tokens=10, clear=0.99))


def test_texts_are_of_their_split_and_of_documents_that_the_judge_has_not_read(classed: Corpus) -> None:
    texts = classes.texts_of(classed, "sources", 10, 0.9)
    assert np.array_equal(texts.split, classed.split[classed.document_of(texts.sentences)])
    everyone = classes.texts_of(classed, "sources", 10, 0.0)
    shares = [len(set(classed.document_of(t.sentences[t.split == 0]).tolist())) for t in (texts, everyone)]
    assert shares[0] < 0.85 * shares[1]


def test_a_text_of_two_classes_is_left_out(tmp_path: Path, classed: Corpus) -> None:
    twin = [list(range(5, 15))]
    documents = [
        Tokenised(f"{name}-{split}-{n}", name, "", split, [*twin, [40 + 2 * n + label] * 10])
        for split in SPLITS
        for label, name in enumerate(NAMES[:2])
        for n in range(3)
    ]
    tokenizer = BertTokenizerFast(vocab={str(number): number for number in range(60)} | {"[UNK]": 60, "[PAD]": 61})
    write_corpus(tmp_path / "corpus", documents, tokenizer)
    corpus = open_corpus(tmp_path / "corpus")
    texts = classes.texts_of(corpus, "sources", 10, 0.0)
    assert len(texts.sentences) == len(documents) and not {0, 1, 2} & set(
        corpus.sentences.ids[corpus.sentences.offsets[texts.sentences]].tolist()
    )


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"nats": -1}, "nats is -1; it must be 0 or more"),
        ({"nats": math.nan}, "nats must be float, numbers finite"),
        ({"nats": 1, "classes": "labels"}, "classes is 'labels'; give sources, topics or a list of sources"),
        ({"nats": 1, "classes": ["wire"]}, "two or more are needed, each once"),
        ({"nats": 1, "tokens": 0}, "tokens is 0"),
        ({"nats": 1, "clear": 1.0}, "clear is 1.0"),
    ],
)
def test_parameters_out_of_range_are_refused(given: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        setting("same_class", given)


def test_a_source_that_the_corpus_lacks_is_named(classed: Corpus) -> None:
    with pytest.raises(ValueError, match=r"not in the corpus: \['wir'\]; sources: letters, novels, wire"):
        draw_split(classed, setting("same_class", {"nats": 1, "classes": ["wir", "novels"]}), 0, 10)


def test_views_that_would_be_cut_have_no_exact_information(classed: Corpus, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="exact information only uncut; raise max_tokens"):
        build(classed, setting("same_class", {"nats": 2.0, "tokens": 10}, 16), dict.fromkeys(SPLITS, 20), tmp_path)
