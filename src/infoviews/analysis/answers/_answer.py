"""What an answer is made from."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from infoviews.analysis.evidence.join import own_cells
from infoviews.analysis.evidence.scatter import Levels
from infoviews.analysis.record import Curve


@dataclass(frozen=True)
class Evidence:
    """All that the questions are answered from.

    Attributes:
        results: the tidy table, one row per encoder × task, with the parts of each cell's objective.
        means: rows of ``settings``, one per objective × setting × task.
        curves: the analysed curves.
        similarity: linear CKA of every two encoders of the main objective.
        main: the objective of the main curve.
        data: folder of the study.
        levels: how objectives vary between settings and families, per task.
    """

    results: pd.DataFrame
    means: pd.DataFrame
    curves: list[Curve]
    similarity: pd.DataFrame
    main: str
    data: Path
    levels: Levels = field(default_factory=dict)

    @property
    def cells(self) -> pd.DataFrame:
        """Finished cells × tasks; control settings and systems left out."""
        cells = own_cells(self.results)
        return cells[cells["transfer"].notna()]


def points(row: dict[str, Any], value: str = "difference") -> str:
    """``+1.2 points [0.3, 2.1]``."""
    text = f"{row[value]:+.1f} points"
    return text if row["low"] is None else f"{text} [{row['low']:.1f}, {row['high']:.1f}]"


def listed(names: list[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
