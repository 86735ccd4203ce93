"""A run killed at any moment ends with the same weights, bit for bit, as one never killed; a bad state is refused."""

from __future__ import annotations

import json
import logging
import os
import resource
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from torch import nn

from infoviews.training import state
from infoviews.training.loop import Interrupted, Optimisation

sys.path.insert(0, str(Path(__file__).parent))
from small_run import run  # noqa: E402

KILLS = 12


def weights(model: nn.Module) -> list[bytes]:
    return [tensor.numpy().tobytes() for tensor in model.state_dict().values()]


def test_kill_9_at_random_moments_changes_nothing(tmp_path: Path) -> None:
    """Twelve blows, every other one while a state is being written; the moments differ from run to run."""
    seed = int.from_bytes(os.urandom(4), "big")
    script = Path(__file__).with_name("kill_often.py")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, str(script), str(tmp_path), str(KILLS), str(seed)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["kills"] == KILLS and found["in_save"] >= 1, found
    assert found["killed"] == found["whole"], f"seed {seed}: {found}"
    left = [path.name for path in (tmp_path / "killed").iterdir() if not path.name.startswith("state-")]
    assert left == [], "what a killed save left is cleared away by the next"


def test_sigterm_saves_and_the_rest_is_the_same(tmp_path: Path) -> None:
    whole, outcome = run(tmp_path / "whole")
    with pytest.raises(Interrupted, match="after step 31"):
        run(tmp_path / "stopped", stop_at=31)
    resumed, again = run(tmp_path / "stopped")
    assert weights(resumed) == weights(whole)
    assert again.history == outcome.history


def test_truncated_and_altered_states_are_refused_by_name(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    run(tmp_path)
    older, newer = sorted(tmp_path.glob("state-*"))
    content = bytearray(newer.read_bytes())
    content[len(content) // 2] ^= 1
    newer.write_bytes(content)
    with caplog.at_level(logging.WARNING):
        step, _, _ = state.load(tmp_path) or (0, {}, {})
    assert newer.name in caplog.text and step == int(older.name.split("-")[1])
    older.write_bytes(older.read_bytes()[:-10])
    assert state.load(tmp_path) is None


def test_states_swapped_in_name_are_refused(tmp_path: Path) -> None:
    run(tmp_path)
    older, newer = sorted(tmp_path.glob("state-*"))
    first, second = older.read_bytes(), newer.read_bytes()
    older.write_bytes(second)
    newer.write_bytes(first)
    assert state.load(tmp_path) is None


def test_state_of_another_spec_is_not_used(tmp_path: Path) -> None:
    fresh, _ = run(tmp_path / "fresh", identity="b")
    run(tmp_path / "used", identity="a")
    other, _ = run(tmp_path / "used", identity="b")
    assert weights(other) == weights(fresh)


def test_states_of_another_spec_do_not_outlive_the_first_of_this_one(tmp_path: Path) -> None:
    """They reach further, so they would be taken for the newest after a kill."""
    fresh, _ = run(tmp_path / "fresh", identity="b")
    for identity, stop_at in (("a", 40), ("b", 20)):
        with pytest.raises(Interrupted):
            run(tmp_path / "used", identity=identity, stop_at=stop_at)
    other, outcome = run(tmp_path / "used", identity="b")
    assert outcome.steps == 60 - 21 and weights(other) == weights(fresh)


def test_planted_nan_is_caught_at_its_step_with_its_rows_and_the_state_before(tmp_path: Path) -> None:
    batches = np.arange(60 * 4).reshape(60, 4)
    _, outcome = run(tmp_path, poison=17, batches=batches)
    assert outcome.failure is not None and outcome.failure["step"] == 17
    assert "loss nan" in outcome.failure["reason"]
    assert outcome.failure["batch"] == [68, 69, 70, 71]
    good = outcome.failure["last_good_state"]
    assert good.startswith("state-00000015-")
    assert all(torch.isfinite(tensor).all() for tensor in load_file(tmp_path / good).values())


def test_full_disk_stops_with_its_name_and_leaves_the_last_good_state(tmp_path: Path) -> None:
    """A limit on the size of files makes the kernel refuse the write half-way, as a full disk does."""
    whole, _ = run(tmp_path / "whole")
    with pytest.raises(Interrupted):
        run(tmp_path / "cut", stop_at=20)
    before = {path.name: path.read_bytes() for path in (tmp_path / "cut").iterdir()}
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with pytest.raises(state.StateNotSaved, match="after 24 steps could not be written.*state-00000021"):
            run(tmp_path / "cut")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert {path.name: path.read_bytes() for path in (tmp_path / "cut").iterdir()} == before
    assert weights(run(tmp_path / "cut")[0]) == weights(whole)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"num_steps": 0}, "num_steps must be at least 1"),
        ({"num_steps": 5, "learning_rate": 0.0}, "positive"),
        ({"num_steps": 5, "warmup": 1.0}, "warmup"),
    ],
)
def test_settings_out_of_range_say_what_is_allowed(given: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Optimisation(**given)
