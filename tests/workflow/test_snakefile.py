"""The plan of every study, the environment file, and where conda is missing."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.workflow


@pytest.mark.parametrize(("study", "count"), [("quick", 4), ("real", 2), ("paper", 1)])
def test_plan_has_as_many_jobs_a_phase_as_there_are_shards(project, study: str, count: int, tmp_path: Path) -> None:
    (tmp_path / "params.yaml").write_text((ROOT / "params.yaml").read_text())
    shutil.copytree(ROOT / "reports", tmp_path / "reports")  # in git, so a fresh clone has them and still must run
    planned = project.planned("--directory", str(tmp_path), "--config", f"study={study}", f"shards={count}")
    once = {phase: planned.pop(phase) for phase in ("tasks", "corpus", "representation", "sweetspot", "report")}
    assert set(once.values()) == {1}
    base = min(count, 3 if study == "quick" else count)  # quick's bases: two alone, two that start from one another
    assert planned == dict.fromkeys(["views", "pretrain", "transfer", "information"], count) | {"base": base}


def test_a_report_beside_the_one_in_git_leaves_that_and_the_readme_alone(project, tmp_path: Path) -> None:
    for name in ("params.yaml", "README.md"):
        (tmp_path / name).write_text((ROOT / name).read_text())
    asked = ("--dry-run", "--printshellcmds", "--directory", str(tmp_path), "--config")
    told = project.snakemake(*asked, "reports=build/reports")
    assert "--out build/reports/quick " in told and "--readme" not in told and "--out reports/" not in told
    assert "--out reports/quick --readme README.md 2>" in project.snakemake(*asked, "shards=1")


def test_each_shard_has_its_own_gpu_where_there_are_several(project, tmp_path: Path) -> None:
    (tmp_path / "params.yaml").write_text((ROOT / "params.yaml").read_text())
    plan = ["--dry-run", "--printshellcmds", "--directory", str(tmp_path), "--config", "study=paper"]
    several = project.snakemake(*plan, "--resources", "gpu=3")
    for phase in ("base", "pretrain", "transfer", "information"):
        for index in range(3):
            line = rf"CUDA_VISIBLE_DEVICES=\$\{{CUDA_VISIBLE_DEVICES:-{index}\}} .* {phase} .*{phase}/{index}-of-3"
            assert re.search(line, several), (phase, index)
    assert "CUDA_VISIBLE_DEVICES" not in project.snakemake(*plan)


def test_wrong_parameters_stop_the_plan_with_one_message(project, tmp_path: Path) -> None:
    text = (ROOT / "params.yaml").read_text().replace("study: quick", "study: quikc", 1)
    (tmp_path / "params.yaml").write_text(text)
    output = project.snakemake("--dry-run", "--directory", str(tmp_path), check=False)
    assert "unknown name 'quikc', did you mean 'quick'" in output


def test_a_key_named_twice_stops_the_plan(project, tmp_path: Path) -> None:
    text = (ROOT / "params.yaml").read_text().replace("study: quick\n", "study: quick\nstudy: real\n", 1)
    (tmp_path / "params.yaml").write_text(text)
    output = project.snakemake("--dry-run", "--directory", str(tmp_path), check=False)
    assert "the key 'study' stands a second time" in output


def test_conda_environment_has_every_direct_requirement_at_the_locked_version() -> None:
    import tomllib

    locked = dict(line.split("==") for line in (ROOT / "requirements.lock").read_text().splitlines() if "==" in line)
    environment = yaml.safe_load((ROOT / "workflow/envs/study.yaml").read_text())
    pins = dict(pin.split("==") for pin in environment["dependencies"][-1]["pip"])
    project_file = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    direct = {re.split(r"[<>=~]", name)[0] for name in project_file["dependencies"]}
    assert set(pins) == direct
    versions = {name.lower(): version for name, version in locked.items()}
    assert pins == {name: versions[name.lower()] for name in direct}
