"""The Slurm profile parses as Snakemake reads it, names rules that exist, and keeps what the default profile sets."""

from __future__ import annotations

import re
from pathlib import Path

import yaml
from snakemake.profiles import ProfileConfigFileParser

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "workflow/profiles"


def parsed(name: str) -> dict:
    with (FOLDER / name / "config.yaml").open() as stream:
        return dict(ProfileConfigFileParser().parse(stream))


def test_profile_becomes_the_command_line_it_means() -> None:
    found = parsed("slurm")
    assert found["executor"] == "slurm" and found["resources"] == ["gpu=64"]
    assert "tasks_per_gpu=0" in found["default-resources"]
    assert "slurm_extra='--signal=TERM@120'" in found["default-resources"]
    assert "pretrain:runtime=1440" in found["set-resources"]


def test_what_decides_on_reruns_is_as_in_the_default_profile() -> None:
    slurm, default = parsed("slurm"), parsed("default")
    assert {key: slurm[key] for key in default if key != "resources"} == {
        key: value for key, value in default.items() if key != "resources"
    }


def test_resources_are_set_for_rules_that_exist() -> None:
    text = "\n".join(path.read_text() for path in (ROOT / "workflow/rules").glob("*.smk"))
    rules = set(re.findall(r"^(?:use rule \w+ as|rule) (\w+)", text, flags=re.MULTILINE))
    profile = yaml.safe_load((FOLDER / "slurm/config.yaml").read_text())
    assert set(profile["set-resources"]) <= rules
    assert re.search(r"rule pretrain:.*?resources:\s+gpu=GPU", text, flags=re.DOTALL)
