"""Everything that a report is made from, read once from a study's folder."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from infoviews.analysis.evidence.encoders import measured
from infoviews.analysis.evidence.records import information_record, table
from infoviews.analysis.record import AVERAGE, FILE, Record, Role
from infoviews.reporting.figures.style import look
from infoviews.reporting.wording import gate, peaks
from infoviews.reporting.wording.questions import Worded, worded
from infoviews.reporting.wording.say import said
from infoviews.seals import read_record

ESTIMATE = ["estimator", "features", "estimate", "low", "high", "n", "k", "ceiling", "flag", "failures"]
"""Fields of an estimate that ``Inputs.estimates`` has as they are."""


@dataclass(frozen=True)
class Inputs:
    """A study's specification, its data folder and what the analysis wrote there."""

    spec: dict[str, Any]
    data: Path

    @property
    def study(self) -> str:
        return self.spec["study"]

    @property
    def title(self) -> str:
        return self.spec.get("title") or self.study

    @property
    def about(self) -> str:
        """What the views are, and what a reader must know of the design, in the study's own words."""
        return self.spec.get("about", "")

    @property
    def artificial(self) -> bool:
        """Whether the study's language wrote texts and tasks, so that what views share is known exactly."""
        return bool(self.spec["tasks_source"] == "language")

    @property
    def tasks(self) -> list[str]:
        """Tasks in the order of the study, the average last."""
        return [*self.spec["tasks"], AVERAGE]

    @cached_property
    def results(self) -> pd.DataFrame:
        return pd.read_parquet(self.data / "sweetspot" / "results.parquet")

    @cached_property
    def settings(self) -> pd.DataFrame:
        return table(self.data / "sweetspot" / "settings.csv")

    @property
    def own_settings(self) -> pd.DataFrame:
        """``settings`` without the cells of systems, where these have a table of their own."""
        rows = self.settings
        return rows[rows["role"] != Role.SYSTEM] if self.record.systems else rows

    @cached_property
    def record(self) -> Record:
        """What the analysis found."""
        return Record.read(self.data / "sweetspot" / FILE)

    @property
    def answer(self) -> str:
        """What the study says of its main curve; first of all, if it is so, that it is void."""
        return said(gate.warning(self.record.gate), peaks.answer(self.record.curve()))

    @property
    def questions(self) -> list[Worded]:
        """The questions that the study asks, in the order of the report, in words."""
        return [question for question in self._worded if question.sentence]

    @property
    def unasked(self) -> list[Worded]:
        """The questions that the study has no cells for."""
        return [question for question in self._worded if not question.sentence]

    @cached_property
    def _worded(self) -> list[Worded]:
        return [worded(found) for found in self.record.questions]

    @cached_property
    def order(self) -> dict[str, int]:
        """Rank of each setting: by family, then dial, as the study lists them."""
        return {setting["name"]: rank for rank, setting in enumerate(self.spec["settings"])}

    @cached_property
    def looks(self) -> dict[str, tuple[str, str]]:
        """Colour and marker of each view family, the same in every figure."""
        return look(dict.fromkeys(setting["family"] for setting in self.spec["settings"]))

    @property
    def main(self) -> str:
        """The main curve's objective."""
        return self.record.main["objective"]

    def controls(self, task: str = AVERAGE) -> pd.DataFrame:
        """Results of the controls that have a score on a task."""
        rows = self.results
        return rows[(rows["kind"] == "control") & (rows["task"] == task) & rows["transfer"].notna()]

    @property
    def base(self) -> str:
        """The control that training starts from; empty where it has no score."""
        start = self.spec.get("start", "random")
        return start if (self.controls()["name"] == start).any() else ""

    def base_score(self, task: str) -> float:
        """Transfer of ``base`` in percent; zero without one."""
        rows = self.controls(task)
        return float(rows.loc[rows["name"] == self.base, "transfer"].sum())

    @property
    def protocol(self) -> str:
        """Name of the transfer protocol, from the first finished result."""
        for path in sorted((self.data / "transfer").glob("*.json")):
            record = read_record(path)
            if "protocol" in record:
                return str(record["protocol"])
        return "unknown"

    def points(self, objective: str | None = None, task: str = AVERAGE, role: str | None = None) -> pd.DataFrame:
        """Settings of one objective and task that have both transfer and information, by rising information.

        Args:
            role: ``None`` for the points of the curve; ``control``, ``iso`` or ``tuned`` for settings that are none.
        """
        rows = self.settings[self.settings["role"].isna() if role is None else self.settings["role"] == role]
        objective = objective or self.main
        rows = rows[(rows["objective"] == objective) & (rows["task"] == task)]
        return rows.dropna(subset=["transfer", "information"]).sort_values(["information", "setting"])

    @cached_property
    def similarity(self) -> pd.DataFrame:
        """Linear CKA of encoders; empty where none were compared."""
        return measured(self.data, "similarity")

    @cached_property
    def maps(self) -> pd.DataFrame:
        """A task's examples in the principal planes of a few encoders; empty where there are none."""
        return table(self.data / "sweetspot" / "maps.csv")

    def information(self, setting: str) -> dict[str, Any]:
        """The measured information of a setting; empty where it was not measured."""
        if not (self.data / "information" / f"{setting}.json").exists():
            return {"exact": None, "estimates": []}
        return information_record(self.data, setting)

    @cached_property
    def estimates(self) -> pd.DataFrame:
        """One row per setting × estimate of its information; ``error`` is the estimate less the exact value."""
        rows: list[dict[str, Any]] = []
        for setting in self.spec["settings"]:
            record = self.information(setting["name"])
            if setting.get("role") == Role.SYSTEM and not record["estimates"]:
                continue  # views of systems are no points of a curve and need no information
            exact = (record.get("exact") or {}).get("information")
            shared = {"setting": setting["name"], "family": setting["family"], "dial": setting["dial"], "exact": exact}
            for estimate in record.get("estimates", []) or [{}]:
                value = estimate.get("estimate")
                error = None if exact is None or value is None else value - exact
                said = {k: estimate.get("notes", {}).get(k) for k in ("verdict", "because")} | record.get("texts", {})
                rows.append(shared | {k: estimate.get(k) for k in ESTIMATE} | {"error": error} | said)
        columns = ["setting", "family", "dial", *ESTIMATE, "exact", "error", "verdict", "because", "equal", "repeated"]
        return pd.DataFrame(rows, columns=columns)


def averages(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of rows about several tasks those of the average over them, or all where there are none of it."""
    return [row for row in rows if row.get("task") == AVERAGE] or rows
