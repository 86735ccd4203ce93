"""A shard that is killed again and again, and then left alone, ends with the weights of one that was never killed."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.workflow
KILLS = 4


def pretraining(project, data: str) -> subprocess.Popen[bytes]:
    specs = sorted((project.folder / "data/specs/tiny/pretrain").glob("*.json"))
    command = [sys.executable, "-m", "infoviews", "pretrain", *map(str, specs), "--data", data]
    environment = {**os.environ, "PYTHONPATH": str(project.folder / "src")}
    return subprocess.Popen(
        [*command, "--manifest", f"{data}/shards/pretrain/0-of-1.json"],
        cwd=project.folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def weights(folder: Path) -> dict[str, bytes]:
    return {path.parent.name: path.read_bytes() for path in folder.glob("checkpoints/*/model.safetensors")}


def test_a_shard_killed_at_random_moments_ends_bit_identical(project) -> None:
    project.snakemake("base_all", "views_all")
    whole, killed = project.folder / "data/tiny", project.folder / "data/killed"
    shutil.copytree(whole, killed)
    began = time.monotonic()
    assert pretraining(project, "data/tiny").wait() == 0
    seconds, moments = time.monotonic() - began, random.Random(1)
    for _ in range(KILLS):
        process = pretraining(project, "data/killed")
        time.sleep(moments.uniform(0.2, 1) * seconds)
        process.kill()
        process.wait()
    assert pretraining(project, "data/killed").wait() == 0
    assert len(weights(whole)) == 4 and weights(killed) == weights(whole)
    assert not list(killed.glob("checkpoints/*/state"))
