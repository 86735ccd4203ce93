"""A job's digest covers the code that the job can reach, and no phase depends on code that it cannot."""

from __future__ import annotations

import ast
import copy
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from infoviews.plan import digest, specs
from infoviews.plan.params import named_modules, study_of
from infoviews.plan.phases import PHASES

ROOT = Path(__file__).parents[2]
CONFIG = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
MODULES = sorted(
    ".".join(("infoviews", *path.relative_to(digest.ROOT).with_suffix("").parts))
    for path in digest.ROOT.rglob("*.py")
    if path.name not in ("__init__.py", "__main__.py")
)
LOADED = re.compile(r"""registry\.get\(\s*"([a-z.]+)"|import_module\(f"infoviews\.([a-z.]+)\.\{""")
"""A module loaded by name: the concept is written out, the name comes from the study."""


def chosen(study: str) -> dict[str, Any]:
    return {**copy.deepcopy(CONFIG), "study": study}


@cache
def concepts(module: str) -> set[str]:
    text = digest.path_of(module).read_text(encoding="utf-8")
    return {first or second for first, second in LOADED.findall(text)}


def skipped(phase: str) -> set[str]:
    """Information loads the encoders that it takes features from, whose architectures are mostly the study's own."""
    return {"encoders.architectures"} if phase == "information" else set()


def phase_of(spec: str) -> str:
    return spec.split("/")[0]


@pytest.mark.parametrize("study", ["quick", "real"])
def test_every_concept_that_a_phase_loads_by_name_is_in_its_digest(study: str) -> None:
    """Found in the source, not in the plan's own table: whoever calls ``registry.get`` needs what the study names."""
    config = chosen(study)
    laid_out = study_of(config)
    named = {(concept, name) for _, concept, name, _ in named_modules(laid_out)}
    named -= {("encoders.architectures", "bert")}  # transformers' own: no module of ours is loaded with its weights
    named |= {("transfer.tasks", name) for name in laid_out["tasks"]["names"]}
    for phase in PHASES:
        known = set(specs.modules(config, phase))
        for concept in {concept for module in known for concept in concepts(module)} - skipped(phase):
            ours = {f"infoviews.{concept}.{name}" for of, name in named if of == concept}
            whole = concept in ("transfer.tasks", "transfer.protocols", "corpus.sources", "encoders.architectures")
            assert ours <= known if whole else ours & known or not ours, f"{phase} loads {concept} by name"


@pytest.mark.parametrize("study", ["quick", "real"])
def test_a_change_of_a_module_changes_the_specs_of_just_the_phases_that_reach_it(
    study: str, altered: Callable[[Callable[[str], bool]], None]
) -> None:
    config = chosen(study)
    before = dict(specs.resolve(config))
    reach = {phase: set(specs.modules(config, phase)) for phase in PHASES}
    for module in MODULES:
        altered(module.__eq__)
        changed = {phase_of(name) for name, spec in specs.resolve(config) if spec != before[name]}
        assert changed == {phase for phase in PHASES if module in reach[phase]}, module


@pytest.mark.parametrize(
    ("module", "phases"),
    [
        ("transfer.protocols.converged", {"transfer"}),
        ("transfer.solvers.logistic", {"transfer"}),
        ("transfer.solvers.preconditioner", {"transfer"}),
        ("transfer.tasks.trec", {"tasks", "transfer", "representation", "sweetspot", "report"}),
        ("objectives.mine", {"pretrain", "representation", "sweetspot"}),
        ("transfer.protocols.senteval", set()),
        ("transfer.tasks.mpqa", set()),
    ],
)
def test_solvers_protocols_and_task_readers_belong_to_transfer(module: str, phases: set[str]) -> None:
    config = chosen("quick")
    assert {p for p in PHASES if f"infoviews.{module}" in specs.modules(config, p)} == phases


def test_an_architecture_is_in_the_digest_of_what_starts_from_it(
    altered: Callable[[Callable[[str], bool]], None],
) -> None:
    """``averaged`` is made from ``other``, whose architecture is not the study's."""
    config = chosen("quick")
    config["studies"]["quick"]["bases"] |= {
        "other": {"architecture": {"initial": "skipgram", "encoder": {"gpt": {}}}},
        "averaged": {"average": {"initial": "other"}},
    }
    before = dict(specs.resolve(config))
    altered("infoviews.encoders.architectures.gpt".__eq__)
    changed = {name for name, spec in specs.resolve(config) if spec != before[name]}
    assert changed == {"base/other", "base/averaged", "transfer", "representation"}


@pytest.mark.parametrize("module", MODULES)
def test_comments_and_strings_that_document_change_nothing(module: str) -> None:
    """A comment below every statement of the module, and a string below every assignment at its top."""
    source = digest.path_of(module).read_text(encoding="utf-8")
    ends = {node.end_lineno: isinstance(node, ast.Assign | ast.AnnAssign) for node in ast.parse(source).body}
    lines = []
    for number, line in enumerate(source.splitlines(), start=1):
        lines.append(line)
        if number in ends:
            lines += ["# why"] + ['"""What it is."""'] * ends[number]
    assert digest.bare("\n".join(lines)) == digest.bare(source)
    assert digest.bare(source + "\nmore = 1\n") != digest.bare(source)


def test_a_job_loads_no_module_that_its_digest_does_not_know(tmp_path: Path) -> None:
    """Seen in a real process: two tasks of the language, scored on random vectors."""
    spec = {"tasks": {"source": "language", "names": ["cr", "mrpc"], "params": {"examples": 400}}, "seed": 1}
    (tmp_path / "tasks.json").write_text(json.dumps(spec))
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-m", "infoviews", "tasks", "--spec", "tasks.json", "--out", "tasks"]
    subprocess.run(command, check=True, cwd=tmp_path, env=env)
    found = subprocess.run(
        [sys.executable, "-c", SCORE], capture_output=True, text=True, cwd=tmp_path, env=env, check=True
    )
    loaded = {name for name in found.stdout.split() if digest.path_of(name).name != "__init__.py"}
    assert "infoviews.transfer.solvers.logistic" in loaded
    assert loaded - set(specs.modules(chosen("quick"), "transfer")) == set()


SCORE = """
import pathlib, sys
import numpy as np
import infoviews
always = set(sys.modules)  # the package's own way in, which loads what it is asked for later
import infoviews.commands.transfer
from infoviews.transfer.evaluate import evaluate
rng = np.random.default_rng(0)
encode = lambda texts: rng.normal(size=(len(texts), 8)).astype(np.float32)
evaluate(encode, pathlib.Path("tasks"), ["cr", "mrpc"], "converged", {}, 1)
print(*(name for name in sys.modules if name.startswith("infoviews.") and name not in always))
"""
