"""Two processes that share every batch take the steps of one, go on exactly, and refuse another number's state."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from infoviews.training import parallel

FREE = "local.bias"
"""It adds the same to all candidates of a row, so InfoNCE's true gradient for it is zero, and Adam scales the rounding
error that is left to steps of full size."""


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the weights that ``share_batches`` writes."""
    folder = tmp_path_factory.mktemp("ranks")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, str(Path(__file__).with_name("share_batches.py")), str(folder)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600)
    unexpected = [path.read_text() for path in folder.glob("*.error*") if not path.name.startswith("refused")]
    assert done.returncode == 0 and not unexpected, done.stderr + "\n".join(unexpected)
    return folder


@pytest.mark.parametrize("bound", ["infonce", "jsd", "dv"])
def test_two_processes_end_where_one_does(trained: Path, bound: str) -> None:
    one = load_file(trained / f"{bound}-one.0.safetensors")
    first, second = (load_file(trained / f"{bound}-two.{rank}.safetensors") for rank in (0, 1))
    for name, tensor in one.items():
        torch.testing.assert_close(first[name], second[name], rtol=0, atol=0, equal_nan=True, msg=name)
        if not name.endswith(FREE):
            torch.testing.assert_close(first[name], tensor, rtol=0, atol=1e-5, equal_nan=True, msg=name)


def test_resumed_on_as_many_processes_the_weights_are_the_same(trained: Path) -> None:
    for rank in (0, 1):
        whole = load_file(trained / f"whole.{rank}.safetensors")
        resumed = load_file(trained / f"resumed.{rank}.safetensors")
        assert all(torch.equal(whole[name], resumed[name]) for name in whole)


def test_the_state_of_another_number_of_processes_is_refused(trained: Path) -> None:
    error = (trained / "refused.error0").read_text()
    assert "holds the state of a run of 2 processes, and this one has 1" in error and "Start it with 2" in error
    assert not (trained / "refused.0.safetensors").exists()


def test_alone_nothing_is_shared_or_changed() -> None:
    rows, loss = torch.arange(8).view(4, 2), torch.tensor(1.5)
    assert parallel.share(rows, 2) is rows and parallel.gather(rows, 2) is rows
    assert parallel.average([], loss, True) == (loss, True)
    assert (parallel.rank(), parallel.ranks()) == (0, 1)


def test_every_number_of_a_seed_changes_what_is_drawn() -> None:
    """Cells' seeds lie near 1,000, steps in the thousands; the CPU's generator keeps 32 bits of what it is given."""
    seeds = [(1000, 5), (1001, 5), (1000, 6), (1001, 6), (1000 + 2**32, 5), (5, 1000)]
    drawn = []
    for numbers in seeds:
        parallel.seed_draws(*numbers)
        drawn.append(tuple(torch.rand(4).tolist()))
    parallel.seed_draws(*seeds[0])
    assert len(set(drawn)) == len(seeds) and tuple(torch.rand(4).tolist()) == drawn[0]


def test_a_batch_that_cannot_be_shared_out_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "ranks", lambda: 3)
    with pytest.raises(ValueError, match="8 pairs cannot be shared by 3 processes; give a multiple of 3"):
        parallel.share(torch.zeros(16, 5), 2)
