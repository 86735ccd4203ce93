"""The vocabulary and content of ``shape.json``, the record that the analysis writes and a report reads."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from infoviews.files import read_json, write_json

FILE = "shape.json"

AVERAGE = "average"
"""Task name of the mean over tasks."""

ALL = "all"
"""Name of the curve over every view family, with an effect of each family taken out."""

Z95 = 1.959964
"""Normal quantile of a 95 % interval."""

ALPHA = 0.05
"""Significance level of the two-lines test."""

ENOUGH = 0.8
"""Power above which a test that finds nothing counts as evidence of no peak."""


class Role(StrEnum):
    """Why a view setting is no point of the curve; points of the curve have no role.

    Controls share nothing by design. Iso-information settings share as much information as a setting of the curve, but
    nothing that a task asks for. Settings of systems differ from each other in all parts at once.
    """

    CONTROL = "control"
    ISO = "iso"
    SYSTEM = "system"


class Verdict(StrEnum):
    """What the two-lines test says of a curve."""

    PEAK = "peak"
    NONE = "no peak"
    OPEN = "cannot tell at this power"


@dataclass(frozen=True)
class Record:
    """What the analysis found, as numbers and names.

    Attributes:
        study: name of the study.
        information: ``estimator`` and ``features`` of the information that the curve is drawn against.
        verdict: of the main curve.
        main: ``objective``, ``family`` and ``task`` of the main curve.
        curves: every analysed curve.
        questions: every answer, as the fields of ``Answer``.
        objectives, tightness, agreement, sensitivity, error: rows of the robustness tables.
        rivals: how well other quantities predict transfer.
        systems: ``rows`` and ``steps``; empty where the study names no systems.
        absent: ``name``, ``status`` and ``reason`` of encoders without a result.
    """

    study: str
    information: dict[str, str]
    verdict: Verdict
    main: dict[str, str]
    curves: list[dict[str, Any]]
    questions: list[dict[str, Any]]
    objectives: list[dict[str, Any]]
    tightness: list[dict[str, Any]]
    agreement: list[dict[str, Any]]
    sensitivity: list[dict[str, Any]]
    error: list[dict[str, Any]]
    rivals: list[dict[str, Any]]
    systems: dict[str, Any]
    absent: list[dict[str, Any]]

    def curve(self, objective: str | None = None, family: str = ALL, task: str = AVERAGE) -> dict[str, Any]:
        """One analysed curve; that of the main objective over all families and tasks unless told otherwise.

        Raises:
            StopIteration: no such curve.
        """
        wanted = (objective or self.main["objective"], family, task)
        return next(c for c in self.curves if (c["objective"], c["family"], c["task"]) == wanted)

    def write(self, path: Path) -> None:
        """Write JSON with six significant digits."""
        write_json(path, rounded({field.name: getattr(self, field.name) for field in dataclasses.fields(self)}))

    @classmethod
    def read(cls, path: Path) -> Record:
        """Read what ``write`` wrote.

        Raises:
            ValueError: the file has other fields, as one of another version has.
        """
        content = read_json(path)
        names = {field.name for field in dataclasses.fields(cls)}
        if set(content) != names:
            odd = ", ".join(sorted(set(content) ^ names))
            raise ValueError(f"{path} is of another version (fields that differ: {odd}); run `infoviews sweetspot`")
        return cls(**content | {"verdict": Verdict(content["verdict"])})


def rounded(value: Any) -> Any:
    """Six significant digits, so that the last bits of a linear-algebra library do not reach the files."""
    if isinstance(value, float):
        return None if value != value else float(f"{value:.6g}")
    if isinstance(value, dict):
        return {k: rounded(v) for k, v in value.items()}
    return [rounded(v) for v in value] if isinstance(value, list) else value
