"""What changed a result under the program's feet, with the file times kept, is an error that names the file."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import typer

from infoviews import seals
from infoviews.analysis.evidence.records import history, information_record, transfer_record
from infoviews.commands.check import run as check
from infoviews.contracts import SPLITS, Pairs, Ragged
from infoviews.corpus.store import Tokenised, open_corpus, write_corpus
from infoviews.encoders import checkpoint
from infoviews.encoders.architectures import bert
from infoviews.files import write_table
from infoviews.pairs import read_facts, read_pairs, write_pairs
from infoviews.provenance import content_of, read_run, verify, write_run
from infoviews.seals import DamagedResult, write_record
from infoviews.transfer.fetch import describe, get_task, read_task

Damage = Callable[[Path], None]


def keeping_times(path: Path, content: bytes) -> None:
    """Write what a new process would find."""
    before = path.stat()
    path.write_bytes(content)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    seals._seen.clear()


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-3] ^= 1
    keeping_times(path, bytes(content))


def truncate(path: Path) -> None:
    keeping_times(path, path.read_bytes()[: path.stat().st_size // 2])


def empty(path: Path) -> None:
    keeping_times(path, b"")


def swap(path: Path) -> None:
    """Copy the file of the same name out of the folder ``other``."""
    other = path.parent.with_name("other") / path.name
    assert other.read_bytes() != path.read_bytes()
    keeping_times(path, other.read_bytes())


def remove(path: Path) -> None:
    path.unlink()
    seals._seen.clear()


WAYS = [flip, truncate, empty, swap, remove]


def ragged(rows: list[list[int]]) -> Ragged:
    return Ragged(np.concatenate(rows).astype(np.uint16), np.cumsum([0, *map(len, rows)]))


@pytest.fixture(scope="module")
def made(tokenizer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two results of each kind that a study has, one of them named ``other``."""
    root = tmp_path_factory.mktemp("damage") / "data/small"
    for seed, name in enumerate(("own", "other")):
        documents = [Tokenised(str(i), "made", "", split, [[5 + seed, 6, 7]]) for i, split in enumerate(SPLITS)]
        write_corpus(root / "corpora" / name, documents, tokenizer, {"vocabulary": 9})
        views = tuple(ragged([[5 + seed, 6], [7, 8, 9]]) for _ in range(2))
        write_pairs(root / "views" / name, dict.fromkeys(SPLITS, Pairs(views, np.array([seed, 2]))), {"overlap": 0.5})
        folder = root / "checkpoints" / name
        shape = bert.Params(layers=1, width=16, heads=2, dropout=0.1, max_tokens=12)
        checkpoint.save(folder, bert.build(shape, tokenizer, seed))
        write_table(folder / "history.csv", [{"step": 0, "loss": 1.5 + seed}])
        write_run(folder, {"seed": seed})
        task = get_task("cr")
        for at, file in enumerate(task.files):
            path = root / "tasks" / name / file.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"film {seed} {at}\n" * 20)
        describe(root / "tasks" / name, [task])
        write_record(root / "transfer" / f"{name}.json", {"name": name, "status": "finished", "seed": seed})
        write_record(root / "information" / f"{name}.json", {"setting": name, "seed": seed})
    return root


READERS: dict[str, Callable[[Path], Any]] = {
    "corpora/own/tokens.npy": lambda root: open_corpus(root / "corpora/own"),
    "corpora/own/statistics.json": lambda root: open_corpus(root / "corpora/own"),
    "views/own/ids.npy": lambda root: read_pairs(root / "views/own", "train"),
    "views/own/anchors.npy": lambda root: read_pairs(root / "views/own", "train"),
    "views/own/facts.json": lambda root: read_facts(root / "views/own"),
    "checkpoints/own/model.safetensors": lambda root: checkpoint.load(root / "checkpoints/own"),
    "checkpoints/own/history.csv": lambda root: history(root, "own"),
    "checkpoints/own/run.json": lambda root: read_run(root / "checkpoints/own"),
    "tasks/own/manifest.json": lambda root: read_task(root / "tasks/own", "cr"),
}
ALIKE = {"corpora/own/statistics.json", "tasks/own/manifest.json"}
"""Records that name the same files as their siblings do, so that the files are found to be wrong."""


@pytest.fixture
def study(made: Path, tmp_path: Path) -> Path:
    """A copy that may be spoilt."""
    seals._seen.clear()
    return Path(shutil.copytree(made, tmp_path / "data/small"))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", READERS)
def test_a_damaged_file_is_named_with_the_command_that_makes_it_again(study: Path, name: str, way: Damage) -> None:
    READERS[name](study)
    way(study / name)
    file = "" if way is swap and name in ALIKE else Path(name).name
    with pytest.raises((DamagedResult, FileNotFoundError), match=f"{file}.*(expected|missing)") as caught:
        READERS[name](study)
    assert "\n" not in str(caught.value)
    assert "snakemake" in str(caught.value) or isinstance(caught.value, FileNotFoundError)


@pytest.mark.parametrize("way", WAYS)
def test_a_damaged_task_file_is_named(study: Path, way: Damage) -> None:
    path = get_task("cr").files[0].path
    (flipped := study / "tasks/own" / path)
    way(flipped) if way is not swap else keeping_times(flipped, (study / "tasks/other" / path).read_bytes())
    with pytest.raises(DamagedResult, match=f"{flipped.name}: (expected|missing)"):
        read_task(study / "tasks/own", "cr")


def test_a_cell_with_the_weights_of_another_is_not_scored(study: Path, tmp_path: Path) -> None:
    write_record(tmp_path / "spec.json", {"seed": 0})
    swap(study / "checkpoints/own/model.safetensors")
    with pytest.raises(DamagedResult, match=r"own/model\.safetensors: expected sha256 \w{64}, found \w{64}"):
        verify(study / "checkpoints/own", None)


@pytest.mark.parametrize(
    ("kind", "file", "reader"),
    [
        ("views", "facts.json", lambda root: read_pairs(root / "views/own", "train")),
        ("checkpoints", "run.json", lambda root: verify(root / "checkpoints/own", None)),
        ("information", "own.json", lambda root: information_record(root, "own")),
    ],
)
def test_a_whole_result_of_a_sibling_is_not_taken_for_ones_own(study: Path, kind: str, file: str, reader: Any) -> None:
    if kind == "information":
        shutil.copy2(study / "information/other.json", study / "information/own.json")
    else:
        shutil.rmtree(study / kind / "own")
        shutil.copytree(study / kind / "other", study / kind / "own")
    with pytest.raises(DamagedResult, match=f"{file}: expected (setting|name) own, found other"):
        reader(study)


def test_scores_of_another_encoder_are_not_taken_for_ones_own(study: Path) -> None:
    shutil.copy2(study / "transfer/other.json", study / "transfer/own.json")
    with pytest.raises(DamagedResult, match=r"transfer/own\.json: expected name own, found other"):
        transfer_record(study, "own")


def test_scores_of_weights_that_the_cell_no_longer_has_are_refused(study: Path) -> None:
    run = study / "checkpoints/own/run.json"
    made_from = {"spec": "0", "inputs": {"checkpoints/own/run.json": content_of(run, None)}}
    write_record(study / "transfer/own.json", {"status": "finished", "name": "own", "made_from": made_from})
    assert transfer_record(study, "own")["status"] == "finished"
    shutil.copy2(study / "checkpoints/other/model.safetensors", run.parent)
    write_run(run.parent, {"seed": 1})
    with pytest.raises(DamagedResult, match=r"transfer/own\.json: expected to be made from .*own/run\.json as"):
        transfer_record(study, "own")


def test_check_lists_every_damaged_file_of_a_study_and_ends_with_status_1(study: Path, capsys) -> None:
    with pytest.raises(typer.Exit) as ended:
        check(study)
    assert ended.value.exit_code == 0
    assert capsys.readouterr().out == f"{study}: 12 results, 0 damaged or missing files\n"
    wrong = [study / name for name in ("views/own/ids.npy", "transfer/own.json", "checkpoints/other/run.json")]
    for path in wrong:
        flip(path)
    remove(study / "corpora/own/tokenizer/tokenizer.json")
    with pytest.raises(typer.Exit) as ended:
        check(study)
    assert ended.value.exit_code == 1
    told = capsys.readouterr().out.splitlines()
    named = sorted(line.partition(": ")[0] for line in told[:-1])
    assert named == sorted(map(str, [*wrong, study / "corpora/own/tokenizer/tokenizer.json"]))
    assert told[-1].endswith(" results, 4 damaged or missing files")


def test_check_lists_a_result_that_is_gone_though_its_shard_made_it(study: Path) -> None:
    sealed = {f"transfer/{name}": told for name, told in seals.seal(study / "transfer", ["own.json"]).items()}
    manifest = {"phase": "transfer", "results": {"own": {"spec": "0", "files": sealed}}}
    write_record(study / "shards/transfer/0-of-1.json", manifest)
    remove(study / "transfer/own.json")
    assert [fault.partition(" (")[0] for fault in seals.walk(study)[1]] == [f"{study}/transfer/own.json: missing"]
