"""Cells of systems are rows of the results and of the transfer table, and no points of the study's curve."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from infoviews.analysis.analyse import run as analyse
from infoviews.reporting.write import run as report

SYSTEM = "simcse__sentence-twice__s0"


def test_a_system_changes_no_curve(study) -> None:
    study.fill(settings=7, seeds=1, objectives=("infonce",))
    analyse(study.spec, study.data, study.data / "before")
    setting = {"name": "sentence-twice", "family": "dropout", "dial": None}
    study.spec["settings"].append({**setting, "role": "system"})
    study.measure("sentence-twice", information=9.0)
    study.views("sentence-twice", overlap=1.0)
    cell = {"name": SYSTEM, "objective": "simcse", "setting": "sentence-twice", "family": "dropout"}
    study.spec["cells"].append({**cell, "dial": None, "seed": 0})
    study.write(f"transfer/{SYSTEM}.json", study.scores(75.0, np.random.default_rng(0)))
    study.write(f"checkpoints/{SYSTEM}/run.json", {"spec": cell, "status": "finished"})
    study.history(SYSTEM, 9.0)
    analyse(study.spec, study.data, study.data / "sweetspot")
    before, after = (json.loads((study.data / run / "shape.json").read_text()) for run in ("before", "sweetspot"))
    assert before["curves"] == after["curves"] and before["verdict"] == after["verdict"]
    results = pd.read_csv(study.data / "sweetspot/results.csv")
    mine = results[(results["name"] == SYSTEM) & (results["task"] == "average")]
    assert mine["role"].tolist() == ["system"] and mine["transfer"].tolist() == pytest.approx([75.0])
    report(study.spec, study.data, study.reports)
    assert any("simcse" in path.read_text() for path in study.reports.glob("transfer*.csv"))
