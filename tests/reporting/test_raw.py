"""What a report keeps of its study is enough to make it again, and is written anew for new results only."""

from __future__ import annotations

import shutil
import tarfile
from pathlib import Path

import pytest

from infoviews.analysis.analyse import run as analyse
from infoviews.commands import _travel
from infoviews.commands.results import RECORDS
from infoviews.commands.results import run as gather
from infoviews.reporting.write import run as report
from infoviews.seals import read_record, seal, write_record

CELL = "infonce__spans-1__s0"


@pytest.fixture
def there(made, tmp_path: Path) -> Path:
    """A copy of a study with systems of every kind; one cell has weights."""
    folder = tmp_path / "there"
    shutil.copytree(made.data, folder)
    (folder / "checkpoints" / CELL / "model.safetensors").write_bytes(b"weights")
    for path in (path for pattern in RECORDS for path in folder.glob(pattern)):
        files = {"files": seal(path.parent)} if path.name == "run.json" else {}
        write_record(path, {**read_record(path), **files, "made_from": {"spec": "0" * 16, "inputs": {}}})
    return folder


def content(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def unpacked(raw: Path, into: Path) -> Path:
    into.mkdir()
    archive = _travel.joined(raw, into / _travel.RESULTS)
    _travel.read(archive, into)
    archive.unlink()
    return into


def test_every_file_of_a_report_comes_out_of_what_it_keeps(made, there: Path, tmp_path: Path) -> None:
    gather(there, tmp_path / "raw")
    again = unpacked(tmp_path / "raw", tmp_path / "again")
    assert not {"sweetspot", "tasks"} & {path.name for path in again.iterdir()}
    analyse(made.spec, again, again / "sweetspot")
    report(made.spec, again, tmp_path / "reports" / made.spec["study"])
    assert content(again / "sweetspot") == content(made.data / "sweetspot")
    assert content(tmp_path / "reports" / made.spec["study"]) == content(made.reports)


def test_weights_stay_behind_unless_they_are_named(there: Path, tmp_path: Path) -> None:
    gather(there, tmp_path / "raw")
    light = unpacked(tmp_path / "raw", tmp_path / "light") / "checkpoints" / CELL
    assert set(content(light)) == {"run.json", "history.csv"}
    assert set(read_record(light / "run.json")["elsewhere"]) == {"model.safetensors"}
    gather(there, tmp_path / "raw", whole=[CELL])
    whole = unpacked(tmp_path / "raw", tmp_path / "whole") / "checkpoints" / CELL
    assert (whole / "model.safetensors").read_bytes() == b"weights"
    assert not read_record(whole / "run.json")["elsewhere"]


def test_results_that_came_from_elsewhere_are_kept_as_they_came(there: Path, tmp_path: Path) -> None:
    gather(there, tmp_path / "raw")
    gather(unpacked(tmp_path / "raw", tmp_path / "again"), tmp_path / "more")
    assert content(tmp_path / "more") == content(tmp_path / "raw")


def test_another_time_changes_nothing_and_another_score_does(there: Path, tmp_path: Path) -> None:
    gather(there, tmp_path / "raw")
    before = content(tmp_path / "raw")
    run, score = there / "checkpoints" / CELL / "run.json", there / f"transfer/{CELL}.json"
    write_record(run, {**read_record(run), "seconds": 99.0})
    gather(there, tmp_path / "raw")
    assert content(tmp_path / "raw") == before
    write_record(score, {**read_record(score), "dimension": 65})
    gather(there, tmp_path / "raw")
    assert content(tmp_path / "raw") != before


@pytest.mark.parametrize(("name", "kind"), [("../out", tarfile.REGTYPE), ("in", tarfile.SYMTYPE)])
def test_an_archive_that_leads_out_of_its_folder_is_refused(tmp_path: Path, name: str, kind: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = kind, "../out"
    with tarfile.open(tmp_path / "results.tar.xz", "w:xz") as tar:
        tar.addfile(entry)
    (tmp_path / "into").mkdir()
    with pytest.raises(ValueError, match=f"{name} is no file below the folder"):
        _travel.read(tmp_path / "results.tar.xz", tmp_path / "into")
    assert not (tmp_path / "out").exists() and not list((tmp_path / "into").iterdir())
