"""Rows of the array are the lines of standard input, one by one."""

from __future__ import annotations

import io

import numpy as np
import pytest
from typer.testing import CliRunner

import infoviews
from infoviews.__main__ import app
from infoviews.commands.encode import read_lines


@pytest.mark.parametrize(
    ("given", "lines"),
    [
        (b"", []),
        (b"one", ["one"]),
        (b"one\n", ["one"]),
        (b"one\n\ntwo\n", ["one", "", "two"]),
        (b"\n", [""]),
        ("\ufeffone\n\ufefftwo\n".encode(), ["one", "\ufefftwo"]),
        (b"one\r\ntwo\r\r\nthree\r", ["one", "two\r", "three"]),
    ],
)
def test_lines_end_at_line_feeds(given: bytes, lines: list[str]) -> None:
    assert read_lines(io.BytesIO(given)) == lines


@pytest.mark.parametrize("separator", ["\v", "\f", "\x1c", "\x85", "\u2028", "\u2029", "\r"])
def test_other_separators_belong_to_the_sentence(separator: str) -> None:
    sentence = f"before{separator}after"
    assert len(sentence.splitlines()) == 2
    assert read_lines(io.BytesIO(f"{sentence}\nnext\n".encode())) == [sentence, "next"]


def test_a_line_that_is_not_utf8_is_named() -> None:
    with pytest.raises(ValueError, match="standard input, line 2: not UTF-8"):
        read_lines(io.BytesIO("one\ncaf\xe9\n".encode("latin-1")))


def test_the_command_gives_one_row_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    class Lengths:
        def encode(self, sentences: list[str]) -> np.ndarray:
            return np.array([[len(sentence)] for sentence in sentences], np.float32)

    monkeypatch.setattr(infoviews, "load", lambda checkpoint, revision, pooling: Lengths())
    done = CliRunner().invoke(app, ["encode", "--checkpoint", "any"], input="one\u2028more\n\nfour\n".encode())
    assert np.load(io.BytesIO(done.stdout_bytes)).tolist() == [[8.0], [0.0], [4.0]]
