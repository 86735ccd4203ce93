"""A study through a real Slurm with the repository's profile: killed jobs, time limits, and cells of two ranks."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psutil
import pytest

pytestmark = pytest.mark.cluster
LIMITED = (
    "--set-resources",
    # Slurm ends the first attempt at one shard after a minute, and tells the other two minutes before its limit.
    'pretrain:runtime=20 if attempt > 1 else 1 if wildcards.shard == "0-of-2" else 3',
    'pretrain:slurm_extra="" if attempt == 1 and wildcards.shard == "0-of-2" else "--signal=TERM@120"',
)
SECONDS = 110
"""A cell trains so long that the first attempts cannot finish it: Slurm looks at time limits twice a minute."""


def states(cluster: Any, job: str) -> list[str]:
    return [state for _, state in cluster.jobs(job)]


def kill(project: Any, *words: str) -> int:
    """Wait for the process of the project whose command line holds the words, and kill it; its number."""
    for _ in range(1200):
        time.sleep(0.5)
        for process in psutil.process_iter(["cmdline", "cwd"]):
            line, folder = process.info["cmdline"] or [], process.info["cwd"]
            if folder == str(project.folder) and {"infoviews", *words} <= set(line):
                process.kill()
                return process.pid
    raise TimeoutError(f"no process with {words} within ten minutes")


def speed(project: Any, spec: str) -> float:
    """Steps a second of a cell, told by a process that is stopped as soon as it has said so."""
    process = subprocess.Popen(
        [sys.executable, "-m", "infoviews", "pretrain", spec, "--data", "data/tiny"],
        cwd=project.folder,
        env={**os.environ, "PYTHONPATH": str(project.folder / "src")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        for line in process.stderr:
            if told := re.search(r"([\d.]+) steps a second", line):
                process.terminate()
                return float(told[1])
    raise AssertionError("the cell ended before it told its speed")


def test_a_study_goes_from_corpus_to_report_though_a_job_is_killed(cluster, project) -> None:
    with ThreadPoolExecutor() as beside:
        killed = beside.submit(kill, project, "information", "data/tiny/shards/information/0-of-2.json")
        output = cluster.snakemake(project)
    assert killed.result()
    assert states(cluster, "information_wildcards_0-of-2") == ["FAILED", "COMPLETED"]
    assert states(cluster, "pretrain_wildcards_1-of-2") == states(cluster, "report") == ["COMPLETED"]
    assert output.count("Trying to restart job") == 1
    assert (project.folder / "reports/tiny/README.md").read_text().startswith("# Study `tiny`")
    assert "Nothing to be done" in project.snakemake("--dry-run", "--config", "shards=2")


def test_cells_that_a_time_limit_ends_go_on_where_they_stopped(cluster, project, copy) -> None:
    copy.edit("params.yaml", "objectives: all, seeds", "objectives: [infonce], seeds")
    copy.edit("params.yaml", "save_every: 3, log_every: 2}", "save_every: 500, log_every: 500}")
    copy.edit("params.yaml", "num_steps: 6, batch_size: 16", "num_steps: 1000000, batch_size: 16")
    copy.planned()  # which writes the specs
    spec = "data/specs/tiny/pretrain/infonce__spans-0__s0.json"
    copy.edit("params.yaml", "num_steps: 1000000", f"num_steps: {SECONDS * speed(copy, spec):.0f}")
    before = {shard: len(states(cluster, f"pretrain_wildcards_{shard}-of-2")) for shard in (0, 1)}

    cluster.snakemake(copy, *LIMITED, "--", "pretrain_all")

    for shard, first in ((0, "TIMEOUT"), (1, "FAILED")):
        assert states(cluster, f"pretrain_wildcards_{shard}-of-2")[before[shard] :] == [first, "COMPLETED"]
        log = (copy.folder / f"logs/tiny/pretrain/{shard}-of-2.log").read_text()
        assert int(re.search(r"going on after step (\d+)", log)[1]) > 0


def test_ranks_of_a_cell_share_the_gpus_of_one_job(cluster, project, copy) -> None:
    copy.edit("params.yaml", "gpu: 0", "gpu: 2")
    copy.edit("params.yaml", "num_steps: 6, batch_size: 16", "num_steps: 8, batch_size: 16")
    cluster.snakemake(copy, "--", "pretrain_all")
    number, state = cluster.jobs("pretrain_wildcards_0-of-2")[-1]
    assert state == "COMPLETED"
    assert "TresPerJob=gres:gpu:2" in copy.run("scontrol", "show", "job", number)
    log = (copy.folder / "logs/tiny/pretrain/0-of-2.log").read_text()
    assert len(re.findall(r"jsd__dropout-0.1__s0: 8 steps", log)) == 2, "both ranks took all steps"
