"""A study's middle is made in a folder elsewhere, brought back, and taken for done; what does not fit is refused."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.workflow
CELL = "infonce__spans-0__s0"


@pytest.fixture(scope="module")
def elsewhere(project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder on a second other machine, which was given what a first one made and so has nothing left to do."""
    project.snakemake("tasks_all", "corpus_all")
    project.run("infoviews", "pack", "study.tar")
    first, second = (tmp_path_factory.mktemp(name) for name in ("first", "second"))
    environment = {**os.environ, "PYTHON": str(project.tools / "python"), "SLICE": "3"}
    for folder, minutes in ((first, "30"), (second, "0")):
        subprocess.run(["tar", "xf", project.folder / "study.tar", "-C", folder], check=True)
        if folder == second:
            (first / "results").rename(second / "made")
        command = ["sh", "elsewhere.sh", minutes, "--whole", CELL]
        subprocess.run(command, cwd=folder, env=environment, check=True)
    return second


def test_what_was_made_elsewhere_is_taken_for_done_without_corpus_and_tasks(project, elsewhere: Path) -> None:
    """What a report keeps has the same form, so this is also how it gives the report again."""
    for folder in ("data/tiny", "data/specs/tiny", "logs", ".snakemake"):
        shutil.rmtree(project.folder / folder)
    output = project.run("infoviews", "collect", str(elsewhere / "results"))
    assert "20 results taken over" in output and "still to be made" not in output
    assert set(project.planned()) == {"sweetspot", "report"}
    project.snakemake()
    assert "average" in (project.folder / "reports/tiny/transfer.md").read_text()
    assert "Nothing to be done" in project.snakemake()


def test_a_report_keeps_what_it_was_made_from(project, elsewhere: Path) -> None:
    kept = project.folder / "reports/tiny/raw"
    output = project.run("infoviews", "collect", str(kept))
    assert "20 results taken over" in output and [path.name for path in kept.iterdir()] == ["results.tar.xz.0"]


def test_weights_come_along_where_they_are_named_only(project, elsewhere: Path) -> None:
    folder = project.folder / "data/tiny/checkpoints"
    assert [path.parent.name for path in folder.glob("*/model.safetensors")] == [CELL]
    other = json.loads((folder / "jsd__spans-0__s0/run.json").read_text())
    assert "model.safetensors" in other["elsewhere"] and "history.csv" in other["files"]


def test_results_of_other_parameters_are_refused_with_both_digests(project, elsewhere: Path) -> None:
    project.edit("params.yaml", "pretrain: {num_steps: 6", "pretrain: {num_steps: 5")
    output = project.run("infoviews", "collect", str(elsewhere / "results"), check=False)
    assert "was made from a spec with digest" in output and "nothing was taken over" in output


def test_a_pack_of_other_code_is_refused_with_both_digests(project, elsewhere: Path) -> None:
    module = elsewhere / "src/infoviews/objectives/nwj.py"
    module.write_text(module.read_text() + "\nmore = 1\n")
    done = subprocess.run(
        [sys.executable, "-m", "infoviews", "unpack", "study.tar.xz"],
        cwd=elsewhere,
        env={**os.environ, "PYTHONPATH": str(elsewhere / "src")},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1 and "was packed with code" in done.stderr and "and the code here is" in done.stderr
