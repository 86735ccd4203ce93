from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from infoviews.corpus.duplicates import PERMUTATIONS, SHINGLE, NearDuplicates, fingerprint, first_seen, signature


def _text(rng: np.random.Generator, words: int) -> list[str]:
    return [f"w{i}" for i in rng.integers(0, 50_000, words)]


def _jaccard(a: list[str], b: list[str]) -> float:
    sets = [{tuple(words[i : i + SHINGLE]) for i in range(len(words) - SHINGLE + 1)} for words in (a, b)]
    return len(sets[0] & sets[1]) / len(sets[0] | sets[1])


@pytest.mark.parametrize("changed", [0, 3, 20, 100, 400])
def test_signatures_estimate_the_jaccard_similarity_of_shingles(changed):
    rng = np.random.default_rng(changed)
    a = _text(rng, 800)
    b = a.copy()
    for i in rng.choice(len(b), changed, replace=False):
        b[i] = "other"
    truth = _jaccard(a, b)
    estimate = np.mean(signature(" ".join(a)) == signature(" ".join(b)))
    assert estimate == pytest.approx(truth, abs=4 * np.sqrt(truth * (1 - truth) / PERMUTATIONS) + 1e-9)


def test_planted_near_duplicates_are_found_and_others_are_not():
    rng = np.random.default_rng(0)
    texts = [_text(rng, 300) for _ in range(60)]
    copies = [[*text[:-3], "new", "last", "words"] for text in texts[:20]]
    index = NearDuplicates(0.8)
    assert not any(index.seen(signature(" ".join(text))) for text in texts)
    assert all(index.seen(signature(" ".join(text).upper())) for text in copies)


def test_a_book_is_hashed_piece_by_piece_to_the_same_signature(monkeypatch):
    text = " ".join(_text(np.random.default_rng(1), 500))
    whole = signature(text)
    monkeypatch.setattr("infoviews.corpus.duplicates.CHUNK", 7)
    assert np.array_equal(signature(text), whole)


def test_signature_of_a_text_shorter_than_a_shingle():
    assert np.array_equal(signature("One two."), signature("one TWO")) and signature("").shape == (PERMUTATIONS,)


@given(st.lists(st.integers(-3, 3)))
def test_first_seen_marks_each_value_once(values):
    mask = first_seen(np.array(values, dtype=np.int64))
    assert [value for value, new in zip(values, mask, strict=True) if new] == list(dict.fromkeys(values))


def test_fingerprints_fit_an_int64_array():
    found = np.array([fingerprint(str(i)) for i in range(1000)], dtype=np.int64)
    assert len(np.unique(found)) == 1000
