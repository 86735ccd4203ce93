"""The grid of a study: every cell that is pretrained, each once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Cell:
    """One unit of pretraining: view setting × objective × seed."""

    objective: str
    setting: str
    seed: int

    @property
    def name(self) -> str:
        """Name of the cell's folder and spec."""
        return f"{self.objective}__{self.setting}__s{self.seed}"


def cells(study: dict[str, Any]) -> list[Cell]:
    """Every cell of the study's grid, each once, in the order of the grid's blocks."""
    found: dict[Cell, None] = {}
    for block in study["grid"]:
        settings = list(study["views"]["settings"]) if block["settings"] == "all" else block["settings"]
        objectives = list(study["objectives"]) if block["objectives"] == "all" else block["objectives"]
        found |= {Cell(o, v, s): None for o in objectives for v in settings for s in block["seeds"]}
    return list(found)


def main_objective(study: dict[str, Any]) -> str:
    """The objective of the main curve: InfoNCE if the study has cells of it, else that of its first cell."""
    objectives = [cell.objective for cell in cells(study)]
    return "infonce" if "infonce" in objectives else objectives[0]
