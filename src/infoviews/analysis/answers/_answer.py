"""What an answer is made from."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from infoviews.analysis.evidence.join import Scored, own_cells
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
        scored: the results of every encoder by task, with the test examples that it has right.
        settings: view settings of the study as its specification has them.
    """

    results: pd.DataFrame
    means: pd.DataFrame
    curves: list[Curve]
    similarity: pd.DataFrame
    main: str
    data: Path
    levels: Levels = field(default_factory=dict)
    scored: Scored = field(default_factory=dict)
    settings: list[dict[str, Any]] = field(default_factory=list)

    @property
    def cells(self) -> pd.DataFrame:
        """Finished cells × tasks; control settings and systems left out."""
        cells = own_cells(self.results)
        return cells[cells["transfer"].notna()]
