"""Many results in one process: what is there stays, what fails is named, and the clock ends a call in time."""

from __future__ import annotations

import fcntl
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from infoviews.commands import _shard
from infoviews.files import read_json, sha256, write_json
from infoviews.seals import seal, write_record


class Shard:
    """Three results, made by writing a file and a record; ``made`` counts."""

    def __init__(self, folder: Path) -> None:
        self.data, self.specs, self.manifest = (
            folder / "data",
            folder / "specs",
            folder / "data/shards/base/0-of-1.json",
        )
        self.made: list[str] = []
        self.input = self.data / "corpus/statistics.json"
        write_record(self.input, {"sentences": 1})
        for name in "abc":
            write_json(self.specs / f"{name}.json", {"name": name})

    def jobs(self, work: Callable[[str], None] = lambda name: None) -> list[_shard.Job]:
        def make(name: str) -> None:
            work(name)
            self.made.append(name)
            out = self.data / "base" / name
            out.mkdir(parents=True, exist_ok=True)
            (out / "model.safetensors").write_text(name)
            write_record(out / "run.json", {"status": "finished", "files": seal(out)})

        def job(name: str) -> _shard.Job:
            record = self.data / "base" / name / "run.json"
            return _shard.Job(self.specs / f"{name}.json", record, lambda: make(name), {self.input: None})

        return [job(name) for name in "abc"]

    def run(self, work: Callable[[str], None] = lambda name: None, minutes: float | None = None) -> list[str]:
        """What this call made."""
        before = len(self.made)
        _shard.run("base", self.jobs(work), self.data, self.manifest, minutes)
        return self.made[before:]


@pytest.fixture
def shard(tmp_path: Path) -> Shard:
    return Shard(tmp_path)


def test_the_manifest_names_each_result_with_the_hashes_of_its_files(shard: Shard) -> None:
    assert shard.run() == ["a", "b", "c"]
    found = read_json(shard.manifest)["results"]
    assert list(found) == ["a", "b", "c"]
    for name, result in found.items():
        assert set(result["files"]) == {f"base/{name}/model.safetensors", f"base/{name}/run.json"}
        for path, told in result["files"].items():
            assert told == {"bytes": (shard.data / path).stat().st_size, "sha256": sha256(shard.data / path)}


def test_what_is_there_stays_and_what_changed_is_made_anew(shard: Shard) -> None:
    shard.run()
    assert shard.run() == []
    write_json(shard.specs / "b.json", {"name": "b", "more": 1})
    assert shard.run() == ["b"]
    (shard.data / "base/c/model.safetensors").unlink()
    assert shard.run() == ["c"]
    record = shard.data / "base/a/run.json"
    record.write_text(record.read_text().replace("finished", "finishes"))
    assert shard.run() == ["a"]
    write_record(shard.input, {"sentences": 2})
    assert shard.run() == ["a", "b", "c"]


def test_one_that_fails_leaves_the_others_their_turn(shard: Shard) -> None:
    def work(name: str) -> None:
        if name == "b":
            raise ValueError("b cannot be made")

    with pytest.raises(RuntimeError, match="base: 1 of 3 failed, the others are finished; b failed: b cannot be made"):
        shard.run(work)
    assert shard.made == ["a", "c"] and not shard.manifest.exists()
    assert shard.run() == ["b"] and shard.manifest.exists()


def test_a_lost_gpu_ends_the_process_and_the_next_one_goes_on(shard: Shard) -> None:
    def work(name: str) -> None:
        if name == "b":
            raise torch.AcceleratorError("CUDA error: device-side assert triggered")

    with pytest.raises(RuntimeError, match="the GPU is gone at b: CUDA error.* after 1 of 3 results; the next call"):
        shard.run(work)
    assert shard.made == ["a"] and not shard.manifest.exists()
    assert shard.run() == ["b", "c"] and shard.manifest.exists()


def test_a_missing_input_fails_those_that_need_it(shard: Shard) -> None:
    shard.input.unlink()
    with pytest.raises(RuntimeError, match=r"3 of 3 failed.*statistics\.json"):
        shard.run()


def test_time_is_up_between_results_and_within_one(shard: Shard) -> None:
    assert shard.run(lambda name: time.sleep(5 if name == "b" else 0), minutes=0.01) == ["a"]
    assert not shard.manifest.exists()
    assert shard.run() == ["b", "c"]


def test_sigterm_ends_the_shard_and_what_is_finished_stays(shard: Shard) -> None:
    def work(name: str) -> None:
        if name == "b":
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(5)

    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(RuntimeError, match="stopped by SIGTERM after 1 of 3 results; the next call goes on"):
        shard.run(work)
    assert signal.getsignal(signal.SIGTERM) is before
    assert shard.run() == ["b", "c"]


def test_a_second_process_waits_and_says_so(shard: Shard, capsys: pytest.CaptureFixture[str]) -> None:
    shard.manifest.parent.mkdir(parents=True)
    with shard.manifest.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        threading.Timer(0.3, lambda: fcntl.flock(lock, fcntl.LOCK_UN)).start()
        assert shard.run() == ["a", "b", "c"]
    assert "another process works on" in capsys.readouterr().out
