"""What a system needs and cannot have is said in its row; what the study itself needs is an error."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from infoviews.bases._build import build
from infoviews.commands import pretrain, transfer, views
from infoviews.files import read_json
from infoviews.seals import read_record
from infoviews.sources import SourceError

BASE = {"encoder": {"bert": {"layers": 1, "width": 16, "heads": 2, "max_tokens": 26}}, "seed": 1, "threads": 1}


def made(spec: dict[str, Any], corpus, folder: Path) -> dict[str, Any]:
    """run.json of a base."""
    build(spec, corpus.folder, None, folder)
    return read_json(folder / "run.json")


@pytest.mark.parametrize(
    ("kinds", "reason"),
    [
        ({"cove": {}}, "no translation model is named; give translation"),
        ({"cove": {"translation": "no/where"}}, "no checkpoint at 'no/where'"),
        ({"elsewhere": {"package": "no_such_package"}}, "'no_such_package' is not installed; install it"),
        ({"elsewhere": {"package": "infoviews"}}, "'infoviews' holds no checkpoint folder"),
        ({"elsewhere": {"path": "no/where"}}, "no checkpoint at 'no/where'"),
    ],
)
def test_a_base_without_its_resource_says_so(kinds: dict[str, Any], reason: str, corpus, tmp_path: Path) -> None:
    (tmp_path / "base").mkdir()
    (tmp_path / "base/model.safetensors").write_bytes(b"of an earlier run")
    record = made(BASE | {"base": kinds, "role": "system"}, corpus, tmp_path / "base")
    assert record["status"] == "failed" and reason in record["reason"]
    assert (tmp_path / "base/history.csv").is_file() and not (tmp_path / "base/model.safetensors").exists()
    out = tmp_path / "transfer.json"
    transfer._make({}, tmp_path / "base", tmp_path, out)
    told = read_record(out)
    assert (told["status"], told["reason"]) == ("failed", record["reason"])
    with pytest.raises(SourceError, match=reason):
        made(BASE | {"base": kinds}, corpus, tmp_path / "own")


def test_views_without_their_files_say_so_and_their_cells_too(corpus, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.delenv("INFOVIEWS_MIRROR", raising=False)
    shared = {"max_tokens": 24, "counts": {"train": 8, "critic": 8, "heldout": 8}}
    view: dict[str, Any] = {"family": "entailment", "params": {"labelled": True}, "role": "system"}
    views._make({"view": view, "views": shared, "seed": 1}, corpus.folder, tmp_path / "views")
    facts = read_json(tmp_path / "views/facts.json")
    assert sorted(facts) == ["files", "missing", "setting", "sha256"] and "INFOVIEWS_MIRROR" in facts["missing"]
    assert [path.name for path in (tmp_path / "views").iterdir()] == ["facts.json"]

    made(BASE | {"base": {"random": {}}}, corpus, tmp_path / "base")
    pretrain._make({"objective": {}, "seed": 0}, tmp_path / "base", tmp_path / "views", tmp_path / "cell")
    record = read_json(tmp_path / "cell/run.json")
    assert record["status"] == "failed" and record["reason"] == facts["missing"]
    assert (tmp_path / "cell/history.csv").is_file()

    with pytest.raises(SourceError, match="INFOVIEWS_MIRROR"):
        views._make({"view": {**view, "role": None}, "views": shared, "seed": 1}, corpus.folder, tmp_path / "own")
