"""The README's recipes, run as they stand there, in a folder with a small encoder and small tasks in quick's places."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

import infoviews
from infoviews.encoders import checkpoint
from infoviews.language.tasks import write
from infoviews.plan.cells import cells
from infoviews.plan.params import study_of
from infoviews.transfer.fetch import describe, get_task

TOP = Path(infoviews.__file__).parents[2]


def recipes(kind: str) -> list[str]:
    """The code of the section, block by block."""
    section = re.search(r"^## Recipes\n(.*?)^## ", (TOP / "README.md").read_text("utf-8"), re.S | re.M)
    assert section is not None
    return re.findall(rf"```{kind}\n(.*?)```", section[1], re.S)


def test_the_table_of_studies_is_that_of_the_parameters() -> None:
    config = yaml.safe_load((TOP / "params.yaml").read_text("utf-8"))
    rows = re.findall(r"^\| `(\S+)`.* \| (\d+) \| .* \| .* \|$", (TOP / "README.md").read_text("utf-8"), re.M)
    studies = {name: study_of(config | {"study": name}) for name in config["studies"]}
    assert {name: int(found) for name, found in rows} == {name: len(cells(study)) for name, study in studies.items()}
    real = config["studies"]["real"]
    settings, systems = len(real["views"]["settings"]), len(real["systems"]["names"])
    assert f"{settings} view settings, and {systems} published systems" in (TOP / "README.md").read_text("utf-8")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, slow: Any, tokenizer: Any) -> Path:
    checkpoint.save(tmp_path / "data/quick/checkpoints/infonce__tasks__s0", slow.encoder(tokenizer).eval())
    folder = tmp_path / "data/quick/tasks"
    describe(folder, [get_task(name) for name in write(folder, {"examples": 100}, 0)])
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_recipes_are_short() -> None:
    blocks = [*recipes("python"), *recipes("sh")]
    assert len(blocks) == 5
    assert all(3 <= len([line for line in block.splitlines() if line]) <= 6 for block in blocks)


def test_the_readme_is_short() -> None:
    assert len((TOP / "README.md").read_text("utf-8").splitlines()) <= 150


@pytest.mark.filterwarnings("ignore")
def test_python_recipes_give_what_they_say(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import torch

    torch.manual_seed(0)
    names: dict[str, Any] = {}
    for block in recipes("python"):
        exec(compile(block, "README.md", "exec"), names)
    scored, *pairs, measured = capsys.readouterr().out.splitlines()
    test, low, high = map(float, scored.split())
    assert 0 <= low <= test <= high <= 100
    assert names["bound"].value.ndim == 0 and names["x"].shape == (2000, 4)
    assert len(pairs) == 3 and all(" | " in pair for pair in pairs)
    _, low, high, verdict = measured.split(maxsplit=3)
    assert float(low) <= 0.693 <= float(high) and verdict == "trusted"


@pytest.mark.workflow
def test_the_study_of_ones_own_text_is_planned(tmp_path: Path, ready: Path) -> None:
    (tmp_path / "params.yaml").write_text((TOP / "params.yaml").read_text())
    (tmp_path / "my-folder").mkdir()
    (tmp_path / "my-folder/text.txt").write_text("A text.")
    (block,) = recipes("sh")
    snakemake = f'snakemake() {{ command snakemake --snakefile {TOP}/Snakefile --directory . --dry-run "$@"; }}'
    path = f"{ready}{os.pathsep}{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    told = subprocess.run(
        ["bash", "-ec", f"{snakemake}\n{block}"],
        cwd=tmp_path,
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
    )
    assert told.returncode == 0, told.stderr
    spec = json.loads((tmp_path / "data/specs/real/corpus.json").read_text())
    assert spec["corpus"]["source"] == {"text": {"path": "my-folder"}}
    edited = yaml.safe_load((tmp_path / "params.yaml").read_text())["studies"]
    assert edited["real"]["gpu"] == 1 and edited["real-cpu"]["gpu"] == 0
    assert edited["real-cpu"]["corpus"] == edited["real"]["corpus"] != edited["paper"]["corpus"]
    assert "pretrain" in told.stdout + told.stderr
