"""Restoring says what to do where there is nothing to restore from."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from infoviews.commands import _shard, restore

ROOT = Path(__file__).parents[2]


class Calls:
    """Stands for ``subprocess.run``: exit codes and outputs by the first two words; remembers what was called."""

    def __init__(self, **answers: tuple[int, str]) -> None:
        self.answers, self.made = answers, []

    def __call__(self, command: list[str], check: bool = False, **_: object) -> subprocess.CompletedProcess:
        self.made.append(command[:2])
        code, output = self.answers.get(command[1].strip("-"), (0, ""))
        return subprocess.CompletedProcess(command, code, output)


def test_without_a_remote_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = Calls(pull=(1, ""))
    monkeypatch.setattr(restore.subprocess, "run", calls)
    with pytest.raises(RuntimeError, match="dvc remote add .*make study"):
        restore.run()
    assert calls.made == [["dvc", "pull"]]


@pytest.mark.parametrize(("status", "touched"), [("Data and pipelines are up to date.", True), ("changed", False)])
def test_snakemake_takes_results_for_done_only_if_nothing_differs(
    monkeypatch: pytest.MonkeyPatch, status: str, touched: bool
) -> None:
    calls = Calls(status=(0, status))
    monkeypatch.setattr(restore.subprocess, "run", calls)
    written: list[Path] = []
    monkeypatch.setattr(_shard, "write_manifests", lambda study, data, asked: written.append(data))
    if touched:
        restore.run(ROOT / "params.yaml")
    else:
        with pytest.raises(RuntimeError, match="nothing was touched"):
            restore.run()
    assert (["snakemake", "--touch"] in calls.made) == touched
    assert written == [Path("data/quick")] * touched
