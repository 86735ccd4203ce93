"""Label-free paraphrase and entailment: substitution, generalisation and compression do what they may and no more."""

from __future__ import annotations

import gzip
import os

import numpy as np
import pytest

from infoviews.files import sha256
from infoviews.sources import VARIABLE, SourceError, SourceFile, mirror_from_environment
from infoviews.views import channels, compress, substitute
from infoviews.views.compress import compressed
from infoviews.views.generalise import generalised
from infoviews.views.materials import lexicon, word_pieces

needs_mirror = pytest.mark.skipif(not os.environ.get(VARIABLE), reason=f"{VARIABLE} is not set; WordNet lies there")


def short(text: str, rate: float = 1.0, seed: int = 0) -> str:
    words = text.split()
    return " ".join(np.array(words)[compressed(words, rate, np.random.default_rng(seed))])


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a woman carries a small dog and a cat under the table .", "a woman carries a dog ."),
        (
            "the former minister quickly visited the hospital with a journalist .",
            "the former minister visited the hospital .",
        ),
        ("the man slept .", "the man slept ."),
        ("the cat and the dog sleep .", "the cat and the dog sleep ."),
    ],
)
def test_compression_drops_what_may_go(text, left):
    assert short(text) == left


def test_compression_at_rate_zero_changes_nothing():
    assert short("a woman carries a small dog .", rate=0) == "a woman carries a small dog ."


@pytest.mark.parametrize("word", ["not", "no", "every", "if", "without", "few", "?"])
def test_no_entailment_is_claimed_under_an_operator(corpus, word):
    assert not lexicon.upward(["the", word, "dog"])


def test_sentences_with_an_operator_are_skipped(corpus):
    pairs = compress.draw(corpus, np.arange(300), np.random.default_rng(0), compress.Params(0.5))
    kept = set(pairs.anchors.tolist())
    for number, words in enumerate(word_pieces.texts(corpus, corpus.sentences.take(np.arange(300)))):
        assert (number in kept) == lexicon.upward(words)


@needs_mirror
@pytest.mark.parametrize(
    ("text", "wider"),
    [
        ("a woman carries a small dog .", "an adult moves a small canine ."),
        ("the man visited london .", "the adult toured london ."),
        ("the dog house burned .", "the dog house burned ."),
        ("dogs bark .", "dogs bark ."),
    ],
)
def test_generalisation_goes_up_one_step(text, wider):
    mirror = mirror_from_environment()
    found = " ".join(generalised(text.split(), 1.0, np.random.default_rng(0), mirror))
    if text == wider:  # compounds and plurals stay, whatever happens to the verb
        assert found.split()[:2] == wider.split()[:2] or found.split()[0] == "dogs"
    else:
        assert found == wider


@needs_mirror
def test_articles_agree_with_what_follows():
    found = generalised("a dog sees a man .".split(), 1.0, np.random.default_rng(0), mirror_from_environment())
    assert all(a != "a" or b[0] not in "aeiou" for a, b in zip(found, found[1:], strict=False)), found


def test_substitution_from_ppdb_swaps_whole_words_both_ways(corpus, tmp_path, monkeypatch):
    path = tmp_path / "ppdb.gz"
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.write("cat\tdog\nriver\tunheardof\nbook\tmusic\n")
    monkeypatch.setattr(substitute, "PPDB", SourceFile(path.name, sha256(path)))
    params = substitute.Params(1.0, "ppdb", tmp_path)
    pairs = substitute.draw(corpus, np.arange(500), np.random.default_rng(0), params)
    swap = {"cat": "dog", "dog": "cat", "book": "music", "music": "book"}
    for first, second in zip(*(word_pieces.texts(corpus, view) for view in pairs.views), strict=True):
        assert second == [swap.get(word, word) for word in first]


def test_substitution_without_its_file_says_so(corpus, tmp_path):
    with pytest.raises(SourceError, match=r"pairs/ppdb_lexical/.* could not be found.*no such file"):
        substitute.draw(corpus, np.arange(5), np.random.default_rng(0), substitute.Params(1.0, "ppdb", tmp_path))


def test_channels_write_letters_and_tags(corpus):
    anchors = np.arange(50)
    pairs = channels.draw(corpus, anchors, np.random.default_rng(0), channels.Params(channels.CHANNELS))
    words = word_pieces.texts(corpus, corpus.sentences.take(anchors))
    assert len(pairs.views) == 3 and all((view.lengths > 0).all() for view in pairs.views)
    assert (pairs.views[2].lengths >= [len(row) for row in words]).all()  # at least one token for every tag
