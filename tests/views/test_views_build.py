"""The driver: same pairs for any number of workers, anchors shared by settings, facts that say what was done."""

from __future__ import annotations

import json

import numpy as np
import pytest

from infoviews.contracts import SPLITS
from infoviews.pairs import read_facts, read_pairs
from infoviews.views.drawing.build import build, candidates, draw_split, setting

COUNTS = {"train": 200, "critic": 50, "heldout": 60}


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch):
    monkeypatch.setattr("infoviews.views.drawing.build.CHUNK", 32)


def test_folder_holds_what_was_asked_for(corpus, tmp_path):
    build(corpus, setting("spans", {"distance": 4}), COUNTS, tmp_path)
    facts = read_facts(tmp_path)
    assert facts["counts"] == COUNTS and facts["views"] == 2 and facts["skipped"]["train"] > 0
    for split, name in enumerate(SPLITS):
        pairs = read_pairs(tmp_path, name)
        assert len(pairs.anchors) == len(set(pairs.anchors.tolist())) == COUNTS[name]
        assert (corpus.split[corpus.document_of(pairs.anchors)] == split).all()
    sample = json.loads((tmp_path / "sample.json").read_text(encoding="utf-8"))
    assert len(sample) == 10 and all(pair["first"] and pair["second"] for pair in sample)


def test_workers_do_not_change_a_byte(corpus, tmp_path):
    for workers in (1, 4):
        build(corpus, setting("spans", {"distance": 9}, seed=3), COUNTS, tmp_path / str(workers) / "spans", workers)
    for name in ("ids.npy", "offsets.npy", "anchors.npy", "facts.json", "sample.json"):
        assert (tmp_path / "1/spans" / name).read_bytes() == (tmp_path / "4/spans" / name).read_bytes()


def test_settings_share_their_anchors(corpus):
    drawn = [draw_split(corpus, setting("dropout", {"rate": rate}), 0, 150) for rate in (0.1, 0.4)]
    assert (drawn[0].pairs.anchors == drawn[1].pairs.anchors).all()
    other_seed = draw_split(corpus, setting("dropout", {"rate": 0.1}, seed=1), 0, 150)
    assert (drawn[0].pairs.anchors != other_seed.pairs.anchors).any()


def test_a_named_dropout_is_a_fact_of_the_same_pairs(corpus, tmp_path):
    facts = [
        build(corpus, setting("crop", {"kept": 0.5}, dropout=rate), COUNTS, tmp_path / str(rate))
        for rate in (None, 0.0, 0.2)
    ]
    assert [found["dropout"] for found in facts] == [None, 0.0, 0.2]
    plain, still = (read_pairs(tmp_path / name, "train").views[1] for name in ("None", "0.0"))
    assert (plain.ids == still.ids).all() and (plain.offsets == still.offsets).all()


def test_skipped_anchors_are_those_passed_over(corpus):
    chosen = setting("spans", {"distance": 100})
    drawn = draw_split(corpus, chosen, 0, 100)
    order = np.random.default_rng([0, 0]).permutation(candidates(corpus, chosen, 0))
    last = int(np.flatnonzero(order == drawn.pairs.anchors[-1])[0])
    assert last + 1 == len(drawn.pairs.anchors) + drawn.skipped


def test_too_few_anchors_gives_fewer_pairs_and_says_so(corpus, tmp_path, caplog):
    facts = build(corpus, setting("dropout", {"rate": 0.1}), {**COUNTS, "critic": 10**6}, tmp_path)
    found = read_facts(tmp_path)["counts"]["critic"]
    assert found == len(candidates(corpus, setting("dropout", {"rate": 0.1}), 1))
    assert f"{found} of 1000000 pairs in critic" in caplog.text and facts["identical"] == 1.0


def test_views_are_cut_to_the_longest_allowed(corpus, tmp_path):
    facts = build(corpus, setting("dropout", {"rate": 0.1}, max_tokens=10), COUNTS, tmp_path)
    assert read_pairs(tmp_path, "train").views[0].lengths.max() == 8 and facts["cut"]["train"] > 0


def test_sample_keeps_to_the_named_sources(corpus, tmp_path):
    build(corpus, setting("dropout", {"rate": 0.1}), COUNTS, tmp_path, sample_sources=["no such source"])
    assert json.loads((tmp_path / "sample.json").read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("counts", [{"train": 1, "critic": 1}, {}])
def test_a_split_without_a_count_is_named(corpus, tmp_path, counts):
    with pytest.raises(KeyError, match="heldout"):
        build(corpus, setting("dropout", {"rate": 0.1}), counts, tmp_path)


def test_documents_too_short_for_any_pair_are_an_error(corpus, tmp_path):
    with pytest.raises(ValueError, match="no pair"):
        build(corpus, setting("spans", {"distance": 10**6}), COUNTS, tmp_path)


def test_max_tokens_must_hold_a_word():
    with pytest.raises(ValueError, match="at least 3"):
        setting("dropout", {"rate": 0.1}, max_tokens=2)
