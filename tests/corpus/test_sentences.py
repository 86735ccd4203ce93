from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infoviews.corpus.sentences import splitter

WORDS = st.sampled_from(
    ["Dr.", "U.S.", "e.g.", "He", "said", '"Yes."', "3.5", "...", "(No!)", "a.m.", "Why?", "\u00e9t\u00e9", "end."]
)


@given(st.one_of(st.text(), st.lists(WORDS, max_size=40).map(" ".join)), st.sampled_from(["nupunkt", "lines"]))
def test_sentences_joined_keep_every_character_but_space(text, name):
    assert "".join("".join(splitter(name)(text)).split()) == "".join(text.split())


@pytest.mark.parametrize(
    "sentences",
    [
        ["Dr. Smith went to Washington.", "He met Mr. Jones at 10 a.m. on Jan. 5.", "Why?"],
        ["The U.S. economy grew 3.5 percent.", "It was the third quarter in a row."],
        ['"I am tired," she said.', '"So am I."'],
    ],
)
def test_abbreviations_and_numbers_do_not_end_a_sentence(sentences):
    assert splitter("nupunkt")(" ".join(sentences)) == sentences


def test_lines_are_left_whole():
    assert splitter("lines")("One. Two. Three.") == ["One. Two. Three."]
