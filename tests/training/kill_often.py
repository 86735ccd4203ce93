"""Run by a test in a process of its own: train undisturbed, then again, killed many times; print what came out.

torch is imported once; every attempt is a fork of this process, which itself never trains.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from pathlib import Path

import torch
import torch._dynamo  # noqa: F401  else every fork's first optimiser imports it
from safetensors.torch import save_file
from small_run import run

from infoviews.files import sha256

WIDTH = 20_000
"""Wide enough that saving takes about as long as the steps between two saves."""


def attempt(states: Path, weights: Path) -> int:
    """A child that trains from the last state to the end and writes its weights; its process id."""
    child = os.fork()
    if child:
        return child
    try:
        model, _ = run(states, width=WIDTH, pause=0.002)
        save_file(model.state_dict(), weights)
        os._exit(0)
    except BaseException:
        os._exit(1)


def saves(states: Path, child: int) -> bool:
    """Whether the child is writing a state, or was when it died; what others left unfinished does not count."""
    return (states / f".state.{child}.part").exists()


def wait_for_save(states: Path, child: int) -> bool:
    """Until the child writes a state; false if it ended first."""
    while not saves(states, child):
        if os.waitpid(child, os.WNOHANG)[0]:
            return False
    return True


def main(folder: Path, wanted: int, seed: int) -> None:
    torch.set_num_threads(1)
    draw, kills, in_save, done = random.Random(seed), 0, 0, 0
    os.waitpid(attempt(folder / "whole", folder / "whole.safetensors"), 0)
    states = folder / "killed"
    while kills < wanted:
        child = attempt(states, folder / "killed.safetensors")
        saving = kills % 2 == 0
        ended = saving and not wait_for_save(states, child)
        if kills % 4:  # every other blow to a save falls at once, since a fast disk ends a save in a millisecond
            time.sleep(draw.uniform(0, 0.01 if saving else 0.15))
        if ended or os.waitpid(child, os.WNOHANG)[0]:  # it finished before the blow: all over again
            done += 1
            for state in states.glob("*"):
                state.unlink()
            continue
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        kills += 1
        in_save += saves(states, child)
    (folder / "killed.safetensors").unlink(missing_ok=True)
    os.waitpid(attempt(states, folder / "killed.safetensors"), 0)
    digests = {name: sha256(folder / f"{name}.safetensors") for name in ("whole", "killed")}
    print(json.dumps({"kills": kills, "in_save": in_save, "finished_early": done, **digests}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
