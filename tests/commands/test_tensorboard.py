"""Histories as TensorBoard reads them: every number of every cell, by its own writer."""

from __future__ import annotations

import sys
import types
from pathlib import Path

import pytest

from infoviews.commands import tensorboard


class Writer:
    """In place of SummaryWriter: what was written, by run."""

    written: dict[str, list[tuple[str, float, int]]] = {}

    def __init__(self, folder: str) -> None:
        self.rows = self.written.setdefault(Path(folder).name, [])

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, *_: object) -> None:
        self.rows.sort()

    def add_scalar(self, name: str, value: float, step: int) -> None:
        self.rows.append((name, value, step))


@pytest.fixture
def study(tmp_path: Path) -> Path:
    for name, bound in (("infonce__crop__s0", 1.5), ("nwj__crop__s0", 0.5)):
        folder = tmp_path / "study/checkpoints" / name
        folder.mkdir(parents=True)
        (folder / "history.csv").write_text(f"step,loss,bound\n0,0.25,0.0\n20,-{bound},{bound}\n")
    return tmp_path / "study"


def test_every_number_is_written(study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", types.SimpleNamespace(SummaryWriter=Writer))
    tensorboard.run(study, tmp_path / "runs", "infonce__*")
    assert Writer.written == {
        "infonce__crop__s0": [("bound", 0.0, 0), ("bound", 1.5, 20), ("loss", -1.5, 20), ("loss", 0.25, 0)]
    }


def test_the_real_writer_gives_the_numbers_back(study: Path, tmp_path: Path) -> None:
    pytest.importorskip("tensorboard", reason="needs the package tensorboard")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    tensorboard.run(study, tmp_path / "runs")
    read = EventAccumulator(str(tmp_path / "runs/nwj__crop__s0")).Reload()
    assert [(event.step, event.value) for event in read.Scalars("bound")] == [(0, 0.0), (20, 0.5)]


def test_without_cells_or_package_it_says_what_to_do(
    study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(FileNotFoundError, match="no such cells"):
        tensorboard.run(study, tmp_path / "runs", "smile__*")
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)
    with pytest.raises(RuntimeError, match="pip install tensorboard"):
        tensorboard.run(study, tmp_path / "runs")
