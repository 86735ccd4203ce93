"""Families that work on words: whole words stay whole, and each does what its name says."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from infoviews import registry
from infoviews.contracts import Ragged
from infoviews.views.materials import word_pieces


@pytest.fixture
def drawn(corpus):
    def draw(family: str, anchors: np.ndarray | None = None, **params):
        module = registry.get("views", family)
        anchors = np.arange(len(corpus.sentences)) if anchors is None else anchors
        return module.draw(corpus, anchors, np.random.default_rng(0), module.Params(**params))

    return draw


def strings(corpus, rows):
    return word_pieces.texts(corpus, rows)


def test_words_join_their_pieces(corpus):
    table = word_pieces.pieces(corpus.folder)
    ids = [table.tolist().index(piece) for piece in ("cat", "##s", "eats", "##ing", "##s", ".")]
    rows = Ragged(np.array([*ids, *ids[3:]]), np.array([0, 6, 6, 9]))
    words = word_pieces.words_of(corpus, rows)
    assert words.ids.tolist() == [0, 0, 1, 1, 1, 2, 0, 0, 1] and word_pieces.counts(words).tolist() == [3, 0, 2]
    assert word_pieces.texts(corpus, rows) == [["cats", "eatsings", "."], [], ["##ings", "."]]


def test_crop_holds_neighbouring_whole_words(corpus, drawn):
    pairs = drawn("crop", kept=0.5)
    for row, view in zip(strings(corpus, corpus.sentences), strings(corpus, pairs.views[0]), strict=True):
        assert any(row[i : i + len(view)] == view for i in range(len(row)))
        assert len(view) == max(round(0.5 * len(row)), 1)


def test_delete_keeps_order_and_about_the_share(corpus, drawn):
    pairs = drawn("delete", rate=0.4)
    rows, views = strings(corpus, corpus.sentences), strings(corpus, pairs.views[1])
    for row, view in zip(rows, views, strict=True):
        rest = iter(row)
        assert view and all(word in rest for word in view)
    long = [(len(view), len(row)) for row, view in zip(rows, views, strict=True) if len(row) > 12]
    kept = sum(a for a, _ in long) / sum(b for _, b in long)
    assert kept == pytest.approx(0.6 + 0.4 * len(long) / sum(b for _, b in long), abs=0.02)  # one word is spared


def test_mask_hides_about_the_share_and_nothing_else(corpus, drawn):
    pairs = drawn("mask", rate=0.3)
    hidden = pairs.views[0].ids != corpus.sentences.ids
    assert hidden.mean() == pytest.approx(0.3, abs=0.01)
    assert set(pairs.views[0].ids[hidden]) == {word_pieces.tokenizer(corpus.folder).mask_token_id}
    assert (hidden != (pairs.views[1].ids != corpus.sentences.ids)).any()


@pytest.mark.parametrize("window", [1, 2, 5])
def test_shuffle_moves_words_fewer_places_than_the_window(corpus, drawn, window):
    pairs = drawn("shuffle", window=window)
    moved = False
    for row, view in zip(strings(corpus, pairs.views[0]), strings(corpus, pairs.views[1]), strict=True):
        assert sorted(row) == sorted(view)
        if len(set(row)) == len(row):
            far = max(abs(row.index(word) - place) for place, word in enumerate(view))
            assert far < window
            moved |= far > 0
    assert moved == (window > 1)


def test_ngram_and_the_rest_make_the_sentence(corpus, drawn):
    pairs = drawn("ngram", words=3)
    mask = word_pieces.tokenizer(corpus.folder).mask_token_id
    for anchor, group, rest in zip(pairs.anchors, *pairs.views, strict=True):
        filled, hidden = rest.copy(), rest == mask
        assert hidden.sum() == len(group)
        filled[hidden] = group
        assert (filled == corpus.sentences[anchor]).all()
    assert all(len(words) == 3 for words in strings(corpus, pairs.views[0]))
    skipped = np.setdiff1d(np.arange(len(corpus.sentences)), pairs.anchors)
    assert all(len(words) <= 3 for words in strings(corpus, corpus.sentences.take(skipped))) and len(skipped)


def test_neighbours_are_so_many_sentences_apart_in_one_document(corpus, drawn):
    pairs = drawn("neighbours", step=3)
    assert (corpus.document_of(pairs.anchors) == corpus.document_of(pairs.anchors + 3)).all()
    assert (pairs.views[1].ids == corpus.sentences.take(pairs.anchors + 3).ids).all()
    assert len(pairs.anchors) == np.maximum(np.diff(corpus.documents) - 3, 0).sum()


def test_title_is_that_of_the_document(corpus, drawn):
    pairs = drawn("title", sentences=2)
    titles = pd.read_parquet(corpus.folder / "documents.parquet")["title"].to_numpy()
    assert [" ".join(row) for row in strings(corpus, pairs.views[0])] == titles[
        corpus.document_of(pairs.anchors)
    ].tolist()
    last = np.minimum(pairs.anchors + 2, corpus.documents[corpus.document_of(pairs.anchors) + 1])
    expected = corpus.sentences.offsets[last] - corpus.sentences.offsets[pairs.anchors]
    assert (pairs.views[1].lengths == expected).all()


def test_random_partners_are_of_other_documents_and_the_same_split(corpus, drawn):
    anchors = np.flatnonzero(np.repeat(corpus.split == 2, np.diff(corpus.documents)))
    pairs = drawn("random", anchors)
    of_split = {tuple(corpus.sentences[i].tolist()) for i in anchors}
    assert all(tuple(row.tolist()) in of_split for row in pairs.views[1])
    assert 0.9 * len(anchors) < len(pairs.anchors) <= len(anchors)
