"""A Slurm cluster of one node, and a working copy with the tiny study that all tests here take further."""

from __future__ import annotations

import importlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).with_name("slurm.sh")
PROGRAMS = ("munged", "mungekey", "slurmctld", "slurmd", "sbatch")


@dataclass(frozen=True)
class Cluster:
    """What Snakemake is told on this cluster, and what became of its jobs."""

    profile: tuple[str, ...] = ("--workflow-profile", "workflow/profiles/slurm", "--config", "shards=2")
    polling: tuple[str, ...] = (
        *("--slurm-status-command", "squeue"),  # sacct needs a database
        *("--slurm-init-seconds-before-status-checks", "3"),
    )

    def snakemake(self, project: Any, *arguments: str) -> str:
        """Every job through sbatch, with the repository's profile."""
        return project.run("snakemake", *self.profile, *self.polling, *arguments)

    def jobs(self, job: str = "") -> list[tuple[str, str]]:
        """Number and state of all jobs so far, or of those of one ``RULE_wildcards_SHARD``, the oldest first."""
        lines = slurm("squeue", "--states=all", "--noheader", "--sort=i", "--format=%i %k %T").splitlines()
        rows = [line.split() for line in lines]
        return [(number, state) for number, comment, state in rows if comment == f"rule_{job}" or not job]


def slurm(*command: str) -> str:
    return subprocess.run(command, check=True, text=True, capture_output=True).stdout


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    missing = [name for name in PROGRAMS if not shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")]
    if missing:
        pytest.skip(f"{', '.join(missing)} not installed; on Debian: apt-get install slurm-wlm munge")
    pytest.importorskip("snakemake_executor_plugin_slurm", reason="needs pip install 'infoviews[cluster]'")
    folder = tmp_path_factory.mktemp("slurm")
    with pytest.MonkeyPatch.context() as patch:
        try:
            subprocess.run(["sh", SCRIPT, "start", folder], check=True)
            patch.setenv("SLURM_CONF", str(folder / "slurm.conf"))
            patch.setenv("PATH", f"{folder / 'bin'}:{os.environ['PATH']}")
            yield Cluster()
            print("\n" + slurm("squeue", "--states=all", "--sort=i", "--format=%.4i %.10M %.11l %.10T %k"))
        finally:
            subprocess.run(["sh", SCRIPT, "stop", folder], check=True)


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return importlib.import_module("working_copy").make(tmp_path_factory.mktemp("project"))


@pytest.fixture
def copy(project: Any, tmp_path: Path) -> Any:
    """The project as it is, for a test that changes its parameters."""
    shutil.copytree(project.folder, tmp_path / "copy", symlinks=True)
    return type(project)(tmp_path / "copy")
