from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infoviews.corpus.cleaning import clean, letters, paragraphs

MARKUP = st.sampled_from(
    ["&amp;", "&amp;lt;", "&#10;", "<b>", "</b>", "<ref a=1>", "</ref>", "{{", "}}", "[[", "|", "]]", "[http://a.b c]",
     "''", "( )", "\x85", "\u2028", "\u200b", "e\u0301", "\ufeff", "\ud800", " ", "\n", "* ", "== a ==", "\ufffd", "x"]
)  # fmt: skip
TEXT = st.lists(st.one_of(MARKUP, st.text(max_size=5)), max_size=30).map("".join)


@given(TEXT)
def test_cleaning_what_is_clean_changes_nothing(text):
    kept, _ = paragraphs(text)
    again, left_out = paragraphs("\n".join(kept))
    assert again == kept and not left_out


@given(TEXT)
def test_what_is_kept_is_one_line_of_writable_text(text):
    for paragraph in paragraphs(text)[0]:
        assert paragraph.splitlines() == [paragraph] and paragraph == paragraph.strip()
        assert paragraph.encode() and "\ufffd" not in paragraph and letters(paragraph)


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("one\x85two\u2028three\r\nfour\vfive", ["one", "two", "three", "four", "five"]),
        ("a\x00b\x07c \x1b[0m", ["abc [0m"]),
        ("soft\u00adhyphen zero\u200bwidth \ufeffmark", ["softhyphen zerowidth mark"]),
        ("cafe\u0301", ["caf\u00e9"]),
        ("tab\t and \u00a0 space", ["tab and space"]),
        ("AT&amp;T &lt;i&gt;x&lt;/i&gt; &eacute;", ["AT&T x \u00e9"]),
        (
            "the [[Kingdom of Spain|Spanish]] '''king'''{{citation needed}} <ref>p. 3</ref>ruled",
            ["the Spanish king ruled"],
        ),
        ("Lunch ( , ) was [http://example.org good]<br/>indeed", ["Lunch was good indeed"]),
        ("1 < 2 and 3 > 2, R&D, [sic]", ["1 < 2 and 3 > 2, R&D, [sic]"]),
        ("Don't touch 'quoted' text (as it is).", ["Don't touch 'quoted' text (as it is)."]),
    ],
)
def test_examples(raw, kept):
    assert paragraphs(raw) == (kept, {})


def test_reasons_are_counted():
    raw = "== Heading ==\n* item one\n| cell\n{| class=x\n1914-1918 ...\n\nbad \ufffd byte\nGood prose."
    assert paragraphs(raw) == (["Good prose."], {"markup": 4, "no letters": 1, "undecodable": 1})


def test_nested_markup_and_entities():
    assert clean("{{a {{b}} c}}kept &amp;amp;amp; [[x|[[y|z]]]]") == "kept & z"


@given(st.text())
def test_letters_ignore_case_space_and_punctuation(text):
    assert letters(text) == letters(f" {text} !") and not any(c.isspace() or c == "_" for c in letters(text))
