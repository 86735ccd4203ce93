"""Families over files of pairs: what is dropped, which split a row is in, and errors that say what to do."""

from __future__ import annotations

import gzip
import json

import numpy as np
import pytest

from infoviews.files import sha256
from infoviews.pairs import read_pairs
from infoviews.sources import SourceError, SourceFile
from infoviews.views import captions, entailment, paraphrase
from infoviews.views.drawing.build import build, draw_split, setting
from infoviews.views.materials import word_pieces, written

PREMISES = [f"the {size} {who} eats" for size in ("old", "small", "large") for who in ("cat", "dog", "man", "woman")]


@pytest.fixture
def mirror(tmp_path, monkeypatch):
    """A function that puts a file of rows in place of one of the mirror's."""
    written.rows.cache_clear(), written.chosen.cache_clear(), entailment._contradictions.cache_clear()

    def place(name, rows):
        path = tmp_path / f"{name}.gz"
        with gzip.open(path, "wt", encoding="utf-8") as file:
            file.writelines(json.dumps(row) + "\n" for row in rows)
        monkeypatch.setitem(written.FILES, name, SourceFile(path.name, sha256(path)))
        return tmp_path

    return place


def entailed(**more):
    return [{"s1": premise, "s2": "a " + premise.split()[2], "label": "entailment", **more} for premise in PREMISES]


def test_evaluation_overlap_is_dropped_unless_it_is_the_sets_own_part(mirror):
    folder = mirror("med", [*entailed(), *entailed(eval_overlap=["SICK-test"])])
    assert len(written.rows("med", folder)) == len(PREMISES)
    folder = mirror("sick", [*entailed(eval_overlap=["SICK-train"]), *entailed(eval_overlap=["SICK-train", "STS12"])])
    assert len(written.rows("sick", folder)) == len(PREMISES)


def test_rows_of_one_premise_lie_in_one_split(mirror):
    rows = written.rows("med", mirror("med", [*entailed(), *entailed()]))
    splits = {}
    for row in rows:
        assert splits.setdefault(row.texts[0], row.split) == row.split
    assert set(splits.values()) <= {0, 1, 2}


def test_shares_of_the_splits():
    splits = np.array([written.split_of(f"sentence number {number}") for number in range(20_000)])
    assert np.bincount(splits) / len(splits) == pytest.approx([0.8, 0.1, 0.1], abs=0.01)


def test_hard_negatives_are_contradictions_of_the_same_premise(mirror, corpus):
    against = [{"s1": premise, "s2": "no one eats", "label": "contradiction"} for premise in PREMISES[::2]]
    folder = mirror("med", [*entailed(), *against])
    chosen = setting("entailment", {"sets": ["med"], "negatives": True}, mirror=folder)
    drawn = draw_split(corpus, chosen, 0, 100)
    assert len(drawn.pairs.views) == 3 and 0 < len(drawn.pairs.anchors) <= len(against) and drawn.skipped > 0
    assert (drawn.pairs.anchors < 0).all()
    assert entailment.facts(corpus, chosen.params) == {"directed": True, "negatives": 1}


def test_labelled_pairs_carry_their_labels_through_chunks_and_disk(mirror, corpus, tmp_path):
    """Premises name their class, so that a label can be told from the text beside it."""
    names = ("entailment", "neutral", "contradiction", "not_entailment")
    rows = [{"s1": f"the {who} eats", "s2": "a cat", "label": who} for who in names for _ in range(2)]
    rows = [row | {"s1": f"{row['s1']} {'cat ' * n}"} for n in range(20) for row in rows]
    chosen = setting("entailment", {"sets": ["med"], "labelled": True}, mirror=mirror("med", rows))
    build(corpus, chosen, {"train": 70, "critic": 5, "heldout": 5}, tmp_path / "views")
    pairs = read_pairs(tmp_path / "views", "train")
    texts = [" ".join(words) for words in word_pieces.texts(corpus, pairs.views[0])]
    encoded = word_pieces.encode(corpus, [f"the {n} eats" for n in names])
    expected = [" ".join(row) for row in word_pieces.texts(corpus, encoded)]
    assert len(pairs.anchors) == 70 and set(pairs.labels.tolist()) == {0, 1, 2}
    assert all(text.startswith(expected[label]) for text, label in zip(texts, pairs.labels.tolist(), strict=True))
    with pytest.raises(ValueError, match="exclude each other"):
        entailment.Params(negatives=True, labelled=True)


def test_captions_that_are_too_few_are_skipped_and_counted(mirror, corpus):
    images = [{"captions": [f"{premise} {n}" for n in range(2 + i % 2)]} for i, premise in enumerate(PREMISES)]
    chosen = setting("captions", {"captions": 3}, mirror=mirror("flickr8k", images))
    drawn = [draw_split(corpus, chosen, split, 100) for split in range(3)]
    assert sum(len(part.pairs.anchors) for part in drawn) == sum(part.skipped for part in drawn) == len(PREMISES) / 2
    assert all(len(part.pairs.views) in (2, 3) for part in drawn)


@pytest.mark.parametrize(
    ("row", "missing"),
    [
        ({"s1": "a cat", "label": "entailment"}, "'s2'"),
        ({"s1": "a", "s2": "b"}, "'label'"),
        ({"captions": ["a"]}, "two"),
    ],
)
def test_a_row_with_a_missing_field_is_named(mirror, row, missing):
    with pytest.raises(ValueError, match=f"line 2.*{missing}"):
        written.rows("med", mirror("med", [entailed()[0], row]))


def test_a_missing_file_is_named_with_the_place_to_put_it(tmp_path):
    written.rows.cache_clear(), written.chosen.cache_clear()
    params = paraphrase.Params(sets=("asset",), mirror=tmp_path)
    with pytest.raises(SourceError, match=r"pairs/asset/groups\.jsonl\.gz could not be found.* Set INFOVIEWS_MIRROR"):
        paraphrase.candidates(None, 0, params)
    with pytest.raises(SourceError, match="INFOVIEWS_MIRROR is not set"):
        captions.candidates(None, 0, captions.Params(captions=2))


def test_another_file_than_the_one_meant_is_refused(mirror, tmp_path):
    folder = mirror("med", entailed())
    (folder / "med.gz").write_bytes(b"something else")
    with pytest.raises(SourceError, match="sha256"):
        written.rows("med", folder)
