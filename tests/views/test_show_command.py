"""Pairs on the screen; errors in one line that say what to do."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from infoviews.__main__ import app


def show(*arguments: object):
    return CliRunner().invoke(app, ["show", *map(str, arguments)])


@pytest.mark.parametrize(("family", "dial"), [("spans", "4"), ("spans", "any"), ("channels", "words,characters")])
def test_show_prints_ten_readable_pairs(corpus, family, dial):
    result = show(family, "--corpus", corpus.folder, "--dial", dial)
    assert result.exit_code == 0, result.output
    lines = result.output.splitlines()
    assert len([line for line in lines if line.startswith("  1  ")]) == 10 and all(map(str.isprintable, lines))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["span", "--dial", "4"], "did you mean 'spans'"),
        (["spans"], "dial 'distance'"),
        (["delete", "--dial", "2"], "at least 0 and below 1"),
    ],
)
def test_mistakes_are_explained(corpus, arguments, message):
    result = show("--corpus", corpus.folder, *arguments)
    assert result.exit_code != 0 and message in str(result.exception)
