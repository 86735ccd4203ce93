"""The vocabulary and content of ``shape.json``, the record that the analysis writes and a report reads."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
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
    nothing that a task asks for. Of the tuned setting the development scores chose the rate and the steps of all, which
    may suit it best. Settings of systems differ from each other in all parts at once. Variants have the pairs of a
    setting of the curve and another dropout.
    """

    CONTROL = "control"
    ISO = "iso"
    TUNED = "tuned"
    SYSTEM = "system"
    VARIANT = "variant"


class Verdict(StrEnum):
    """What the two-lines test says of a curve."""

    PEAK = "peak"
    NONE = "no peak"
    OPEN = "cannot tell at this power"


@dataclass(frozen=True)
class Peak:
    """Location (nats) and height (percent) with 95 % intervals; chance that the highest point is inside the range."""

    location: float
    location_low: float
    location_high: float
    height: float
    height_low: float
    height_high: float
    inside: float


@dataclass(frozen=True)
class Curve:
    """One curve of transfer against information.

    Attributes:
        objective, family, task: what it is of; ``ALL`` families, and ``AVERAGE`` for the mean over tasks.
        n, limits: settings tested, and how many of them are known only to share at least so much.
        censored, unmeasured, absent: settings that are no points, by reason.
        seeds, fewest: the most and the fewest seeds that a setting has.
        best: highest mean transfer of a setting, percent.
        reason: why it could not be tested; empty if it was.
        p, p_holm: of the two-lines test, alone and corrected for all curves of the objective but the planned one.
        two_lines, shapes, power, smooth: numbers of the test, of polynomials, of its power, and of the smooth curve.
        peak: the highest point, by two arms, whether or not the test finds a peak.
        iso: ``twins`` of the planned curve.
    """

    objective: str
    family: str
    task: str
    n: int
    limits: int
    censored: int
    unmeasured: int
    absent: int
    seeds: int
    reason: str
    p: float | None
    p_holm: float | None
    verdict: Verdict
    fewest: int = 0
    best: float | None = None
    two_lines: dict[str, float] | None = None
    shapes: dict[str, dict[str, Any]] | None = None
    peak: Peak | None = None
    power: dict[str, Any] | None = None
    smooth: dict[str, list[float]] | None = None
    iso: list[dict[str, Any]] | None = None

    @property
    def found(self) -> Peak | None:
        """The peak, if the test finds one."""
        return self.peak if self.verdict == Verdict.PEAK else None

    @classmethod
    def of(cls, given: dict[str, Any]) -> Curve:
        """A curve from its fields as JSON has them."""
        peak = Peak(**given["peak"]) if given["peak"] else None
        return cls(**given | {"peak": peak, "verdict": Verdict(given["verdict"])})


@dataclass(frozen=True)
class Gate:
    """Whether trained cells separate from those whose views share nothing; a study where none does is void.

    Attributes:
        objective: the main one, whose cells are compared.
        controls: names of the control settings.
        settings: how many settings of the curve were held against them.
        above, below: how many of these separate from every control, by side.
        void: whether none does; null where that cannot be tested.
        furthest: the setting of least p: ``setting``, the nearest ``control``, ``difference`` (points), its interval
            ``low`` and ``high`` corrected for the number of settings, and ``p`` before correction.
        lacks: what the test is in want of: ``control``, ``settings`` or ``seeds``; else empty.
    """

    objective: str
    controls: list[str]
    settings: int
    above: int = 0
    below: int = 0
    void: bool | None = None
    furthest: dict[str, Any] | None = None
    lacks: str = ""


@dataclass(frozen=True)
class Answer:
    """What was found for one question, in numbers; ``reporting.wording.questions`` has the words for it.

    Attributes:
        name: of the question; ``QUESTIONS`` there has an entry of this name.
        columns: of the table that is shown.
        rows: of the table; empty where the study has no cells for the question.
        facts: what the sentence needs and no row has.
    """

    name: str
    columns: list[str] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Record:
    """What the analysis found, as numbers and names.

    Attributes:
        study: name of the study.
        information: ``estimator`` and ``features`` of the information that the curve is drawn against.
        verdict: of the main curve.
        gate: whether the study can say anything.
        main: ``objective``, ``family`` and ``task`` of the main curve.
        curves: every analysed curve.
        questions: every answer, in the order of the report.
        objectives, tightness, agreement, sensitivity, error: rows of the robustness tables.
        scatter: how much results vary between seeds, settings and families, as every interval has it.
        rivals: how well other quantities predict transfer.
        systems: ``rows`` and ``steps``; empty where the study names no systems.
        absent: ``name``, ``status`` and ``reason`` of encoders without a result.
    """

    study: str
    information: dict[str, str]
    verdict: Verdict
    gate: Gate
    main: dict[str, str]
    curves: list[Curve]
    questions: list[Answer]
    objectives: list[dict[str, Any]]
    scatter: list[dict[str, Any]]
    tightness: list[dict[str, Any]]
    agreement: list[dict[str, Any]]
    sensitivity: list[dict[str, Any]]
    error: list[dict[str, Any]]
    rivals: list[dict[str, Any]]
    systems: dict[str, Any]
    absent: list[dict[str, Any]]

    def curve(self, objective: str | None = None, family: str = ALL, task: str = AVERAGE) -> Curve:
        """One analysed curve; that of the main objective over all families and tasks unless told otherwise.

        Raises:
            StopIteration: no such curve.
        """
        wanted = (objective or self.main["objective"], family, task)
        return next(c for c in self.curves if (c.objective, c.family, c.task) == wanted)

    def write(self, path: Path) -> None:
        """Write JSON with six significant digits."""
        write_json(path, rounded(dataclasses.asdict(self)))

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
        curves = [Curve.of(curve) for curve in content["curves"]]
        typed = {
            "gate": Gate(**content["gate"]),
            "curves": curves,
            "questions": [Answer(**question) for question in content["questions"]],
        }
        return cls(**content | typed | {"verdict": Verdict(content["verdict"])})


def rounded(value: Any) -> Any:
    """Six significant digits, so that the last bits of a linear-algebra library do not reach the files."""
    if isinstance(value, float):
        return None if value != value else float(f"{value:.6g}")
    if isinstance(value, dict):
        return {k: rounded(v) for k, v in value.items()}
    return [rounded(v) for v in value] if isinstance(value, list) else value
