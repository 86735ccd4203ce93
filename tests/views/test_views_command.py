"""The command: a spec in, a folder out; pairs on the screen; errors in one line that say what to do."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from infoviews.__main__ import app
from infoviews.pairs import read_facts


def run(*arguments: object):
    return CliRunner().invoke(app, ["views", *map(str, arguments)])


def test_spec_to_folder(corpus, tmp_path):
    view = {"family": "spans", "params": {"distance": 4}}
    counts = {"train": 30, "critic": 10, "heldout": 10}
    spec = {"view": view, "views": {"counts": counts, "max_tokens": 20}, "seed": 3}
    (tmp_path / "spec.json").write_text(json.dumps(spec), encoding="utf-8")
    result = run("--spec", tmp_path / "spec.json", "--corpus", corpus.folder, "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert read_facts(tmp_path / "out")["counts"] == counts


@pytest.mark.parametrize(("family", "dial"), [("spans", "4"), ("spans", "any"), ("channels", "words,characters")])
def test_show_prints_ten_readable_pairs(corpus, family, dial):
    result = run("--corpus", corpus.folder, "--show", family, "--dial", dial)
    assert result.exit_code == 0, result.output
    lines = result.output.splitlines()
    assert len([line for line in lines if line.startswith("  1  ")]) == 10 and all(map(str.isprintable, lines))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--show", "span", "--dial", "4"], "did you mean 'spans'"),
        (["--show", "spans"], "dial 'distance'"),
        (["--show", "delete", "--dial", "2"], "at least 0 and below 1"),
        ([], "--spec and --out"),
    ],
)
def test_mistakes_are_explained(corpus, arguments, message):
    result = run("--corpus", corpus.folder, *arguments)
    assert result.exit_code != 0 and message in str(result.exception)
