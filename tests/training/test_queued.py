"""Steps queued without waiting: failures are named, states good, and what cannot be recorded is done without."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from infoviews.training import graphs, loop
from infoviews.training import queued as stage
from infoviews.training.loop import DeviceLost, Optimisation, Outcome, train
from infoviews.training.queued import Laid

STEPS = 24


class Network(nn.Module):
    """A regression with dropout and a running mean, as MINE keeps one."""

    mean: torch.Tensor

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(6, 16), nn.Dropout(0.3), nn.Tanh(), nn.Linear(16, 1))
        self.register_buffer("mean", torch.zeros(()))


class Work(Laid):
    """Losses of random inputs; not a number at step ``poison``, ``trouble`` when it is asked for a step's loss."""

    def __init__(self, model: Network, poison: int = -1, trouble: Any = None) -> None:
        self.model, self.poison, self.trouble, self.spared = model, poison, trouble, 0

    def plan(self, step: int) -> str:
        return f"shape {step % 2}"

    def loss(self, at: torch.Tensor, plan: Any) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
        x = torch.randn(16, 6)
        error = (self.model.layers(x) - x.sum(1, keepdim=True)).square().mean()
        self.model.mean.mul_(0.9).add_(0.1 * error.detach())
        if self.trouble is not None:
            self.trouble(int(at), self)
        return torch.where(at[0] == self.poison, torch.nan, 1.0) * error, {"mean": self.model.mean.clone()}

    def spare(self) -> str | None:
        self.spared += 1
        return "smaller passes" if self.spared < 3 else None


def run(folder: Path, poison: int = -1, trouble: Any = None) -> tuple[Network, Outcome, Work]:
    torch.manual_seed(0)
    model = Network()
    work, how = Work(model, poison, trouble), Optimisation(STEPS, learning_rate=1e-2, save_every=4, log_every=5)
    return model, train(model, work, how, folder, "a", seed=7), work


def same(one: nn.Module, other: nn.Module) -> bool:
    theirs = other.state_dict()
    return all(torch.equal(value, theirs[name]) for name, value in one.state_dict().items())


@pytest.mark.parametrize("poison", [0, 2, 5, 7, STEPS - 1])
def test_a_loss_that_is_no_number_ends_the_run_and_its_step_is_named(tmp_path: Path, poison: int) -> None:
    model, outcome, _ = run(tmp_path, poison)
    assert outcome.failure is not None and outcome.failure["step"] == poison
    assert outcome.failure["reason"].startswith("loss nan, gradient norm nan at step")
    assert [row["step"] for row in outcome.history] == [step for step in range(poison) if step % 5 == 0]
    assert all(torch.isfinite(value).all() for value in model.state_dict().values() if value.ndim), "weights stay good"
    saved = outcome.failure["last_good_state"]
    assert saved is None if poison < 4 else int(saved.split("-")[1]) == poison // 4 * 4
    again, finished, _ = run(tmp_path)
    whole, _, _ = run(tmp_path / "whole")
    assert finished.failure is None and same(again, whole)


def test_a_lost_device_ends_the_process_and_the_next_goes_on(tmp_path: Path) -> None:
    def lose(step: int, work: Work) -> None:
        if step == 10:
            raise torch.AcceleratorError("CUDA error: the launch timed out and was terminated")

    with pytest.raises(DeviceLost, match="step 10: CUDA error.*state-00000008"):
        run(tmp_path, trouble=lose)
    assert issubclass(DeviceLost, loop.Interrupted)
    again, outcome, _ = run(tmp_path)
    whole, _, _ = run(tmp_path / "whole")
    assert outcome.steps == STEPS - 8 and same(again, whole)


def test_a_step_that_ran_out_of_memory_is_taken_again_in_smaller_passes(tmp_path: Path, caplog) -> None:
    def fill(step: int, work: Work) -> None:
        if step == 3 and work.spared < 2:
            raise torch.OutOfMemoryError("CUDA out of memory")

    with caplog.at_level(logging.WARNING):
        model, _, work = run(tmp_path, trouble=fill)
    assert work.spared == 2 and caplog.text.count("out of memory at a step: smaller passes") == 2
    assert same(model, run(tmp_path / "whole")[0]), "what the broken-off step changed was taken back"
    with pytest.raises(torch.OutOfMemoryError):
        run(tmp_path / "never", trouble=lambda step, work: fill(3, Work(work.model)))


class Tape(graphs.Recorder):
    """Records on the CPU: a recorded step is the step; ``broken`` says when recording fails."""

    broken: str | None = None
    tapes: list[Tape] = []

    def __init__(self, device: torch.device) -> None:
        super().__init__(device)
        self.recording, self.rehearsing, self.replayed = True, False, 0
        self.tapes.append(self)

    def _rehearse(self, step):
        self.begun = self.rehearsing = True
        try:
            return step()
        finally:
            self.rehearsing = False

    def _record(self, plan, step):
        if self.broken == "recording":
            raise torch.AcceleratorError("CUDA error: operation not permitted when stream is capturing")
        tape = self

        class Graph:
            def replay(self) -> None:
                tape.replayed += 1
                step.func.__self__.optimiser.zero_grad()
                numbers.copy_(step())

        numbers = step()
        self.recorded[plan] = Graph(), numbers  # type: ignore[assignment]
        return numbers


@pytest.mark.parametrize("broken", [None, "rehearsal", "recording"])
def test_what_cannot_be_recorded_is_done_without_and_said(tmp_path: Path, monkeypatch, caplog, broken) -> None:
    def wait(step: int, work: Work) -> None:
        if broken == "rehearsal" and Tape.tapes[-1].rehearsing:
            raise RuntimeError("called a synchronizing CUDA operation\nand more")

    whole = run(tmp_path / "whole")
    monkeypatch.setattr(stage, "Recorder", Tape)
    monkeypatch.setattr(Tape, "broken", broken)
    with caplog.at_level(logging.WARNING):
        model, outcome, _ = run(tmp_path / "taped", trouble=wait)
    assert same(model, whole[0]) and outcome.history == whole[1].history
    if broken is None:
        assert Tape.tapes[-1].replayed == STEPS - 4  # two plans, each seen twice before
    else:
        assert "steps are started one kernel at a time" in caplog.text and "CUDA" in caplog.text
        assert not Tape.tapes[-1].recording and "and more" not in caplog.text
