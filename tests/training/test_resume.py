"""A run killed at any moment ends with the same weights, bit for bit, as one never killed; a bad state is refused."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from infoviews.training import state
from infoviews.training.loop import Interrupted, Optimisation, train

STEPS = 60

SCRIPT = """
import sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from test_resume import run
from infoviews.files import sha256
from safetensors.torch import save_file
folder, out = Path(sys.argv[1]), Path(sys.argv[2])
model = run(folder, pause=0.004)[0]
save_file(model.state_dict(), out)
print(sha256(out))
"""


def run(folder: Path, poison: int | None = None, stop_at: int | None = None, pause: float = 0.0, identity: str = "a"):
    """Train a small network with dropout; NaN at step ``poison``, SIGTERM at step ``stop_at``."""
    torch.manual_seed(0)
    torch.set_num_threads(1)
    model = nn.Sequential(nn.Linear(6, 32), nn.Dropout(0.3), nn.Tanh(), nn.Linear(32, 1))

    def step_loss(step: int):
        time.sleep(pause)
        if step == stop_at:
            os.kill(os.getpid(), signal.SIGTERM)
        x = torch.from_numpy(np.random.default_rng(step).normal(size=(16, 6)).astype(np.float32))
        loss = (model(x) - x.sum(1, keepdim=True)).square().mean()
        return loss * (torch.nan if step == poison else 1.0), {}

    how = Optimisation(steps=STEPS, rate=1e-2, save_every=3, log_every=5)
    return model, train(model, step_loss, how, folder, identity, seed=7)


def weights(model: nn.Module) -> list[bytes]:
    return [tensor.numpy().tobytes() for tensor in model.state_dict().values()]


def test_kill_9_at_random_moments_changes_nothing(tmp_path: Path) -> None:
    whole, _ = run(tmp_path / "whole")
    (tmp_path / "script.py").write_text(SCRIPT)
    command = [sys.executable, "script.py", str(tmp_path / "killed"), str(tmp_path / "w"), str(Path(__file__).parent)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    rng = np.random.default_rng(int(time.time()))
    kills = 0
    while kills < 3:
        process = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True)
        while not any((tmp_path / "killed").glob("state-*")) and process.poll() is None:
            time.sleep(0.01)
        time.sleep(float(rng.uniform(0, 0.15)))
        if process.poll() is not None:
            break
        process.kill()
        process.wait()
        kills += 1
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    from safetensors.torch import load_file

    assert done.stdout.strip()
    assert [t.numpy().tobytes() for t in load_file(tmp_path / "w").values()] == [
        tensor.numpy().tobytes() for _, tensor in sorted(whole.state_dict().items())
    ]


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


def test_planted_nan_is_caught_at_its_step(tmp_path: Path) -> None:
    _, outcome = run(tmp_path, poison=17)
    assert outcome.failure is not None and outcome.failure["step"] == 17
    assert "loss nan" in outcome.failure["reason"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"steps": 0}, "steps must be at least 1"),
        ({"steps": 5, "rate": 0.0}, "positive"),
        ({"steps": 5, "warmup": 1.0}, "warmup"),
    ],
)
def test_settings_out_of_range_say_what_is_allowed(given: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Optimisation(**given)
