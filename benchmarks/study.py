"""A whole study in one process: the commands of the workflow, called as its rules call them."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

from infoviews import registry
from infoviews.commands import base, corpus, information, pretrain, report, representation, sweetspot, tasks, transfer
from infoviews.commands import views as draw
from infoviews.files import read_json
from infoviews.plan.cells import cells
from infoviews.plan.params import study_of

STAGES = (
    "plan.values",
    "transfer.evaluate",
    "transfer.graded",
    "transfer.fetch",
    "corpus.build",
    "views.drawing.build",
    "bases._build",
    "pretrain.cell",
    "information.measure",
    "representation.measure",
    "analysis.analyse",
    "reporting.write",
)
"""What the commands import when they run."""


def make(config: dict[str, Any]) -> int:
    """Make every result of the chosen study in ``data/`` and its report in ``reports/`` of the working directory.

    Returns:
        Cells that ended in a loss that is not finite.
    """
    study, name = study_of(config), config["study"]
    data, specs = Path("data") / name, Path("data/specs") / name

    def of(phase: str, names: list[str]) -> list[Path]:
        return [specs / phase / f"{result}.json" for result in names]

    trained = [cell.name for cell in cells(study)]
    tasks.run(specs / "tasks.json", data / "tasks")
    overlap = data / "tasks" if study["tasks"]["source"] == "senteval" else None
    corpus.run(specs / "corpus.json", data / "corpus", overlap, processes=1)
    draw.run(of("views", list(study["views"]["settings"])), data)
    base.run(of("base", ordered(study["bases"])), data)
    pretrain.run(of("pretrain", trained), data)
    transfer.run([*of("base", list(study["bases"])), *of("pretrain", trained)], data)
    information.run(of("information", list(config["studies"][name]["views"]["settings"])), data)
    representation.run(specs / "representation.json", data, data / "representation")
    sweetspot.run(specs / "sweetspot.json", data, data / "sweetspot")
    report.run(specs / "report.json", data, Path("reports") / name)
    return sum(read_json(data / f"checkpoints/{cell}/run.json")["status"] == "failed" for cell in trained)


def ordered(bases: dict[str, Any]) -> list[str]:
    """Names of bases, each after the one that it starts from."""
    found: dict[str, None] = {}

    def add(base: str) -> None:
        for given in bases[base].values():
            if (given or {}).get("initial"):
                add(given["initial"])
        found.setdefault(base)

    for name in bases:
        add(name)
    return list(found)


def warm(concepts: list[str]) -> None:
    """Import all that a study may need, so that processes forked from this one need not; nothing is computed."""
    for module in STAGES:
        importlib.import_module(f"infoviews.{module}")
    for concept in concepts:
        for name in registry.names(concept):
            registry.get(concept, name)
