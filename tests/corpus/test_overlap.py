from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from infoviews.corpus.cleaning import letters
from infoviews.corpus.overlap import WINDOW, evaluation_keys, overlaps

LONG = "a film that never quite decides what it would like to be , and suffers"
SHORT = "too short to count ."


def test_only_sentences_long_enough_make_keys(tmp_path):
    path = tmp_path / "sentences.txt"
    path.write_text(f"{LONG}\n{SHORT}\n\n{LONG.upper()}\n{'x' * WINDOW}\n{'y' * (WINDOW - 1)}\n", encoding="utf-8")
    assert evaluation_keys(path) == {letters(LONG)[:WINDOW], "x" * WINDOW}


def test_a_copy_in_other_case_and_punctuation_is_found_anywhere():
    keys = frozenset({letters(LONG)[:WINDOW]})
    assert overlaps(
        letters("Critics wrote: 'A film, that never quite decides WHAT it would like to be!' Indeed."), keys
    )
    assert not overlaps(letters("A film that never quite decides when it would like to be."), keys)
    assert not overlaps(letters(SHORT), keys)


@given(st.text("abc", max_size=90), st.lists(st.text("abc", min_size=WINDOW, max_size=WINDOW), max_size=3))
def test_agrees_with_plain_search(text, keys):
    assert overlaps(text, frozenset(keys)) == any(key in text for key in keys)
