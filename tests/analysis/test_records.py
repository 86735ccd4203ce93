"""Numbers that no measurement gives are refused where they are read, with the file and the value."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from infoviews import seals
from infoviews.analysis.evidence.records import information_record, table, transfer_record
from infoviews.seals import DamagedResult, read_record, write_record


def scores(test: float, **more: Any) -> dict[str, Any]:
    entry = {"metric": "accuracy", "dev": 79.0, "test": test, "low": 78.0, "high": 82.0, "n": 100}
    return {"status": "finished", "tasks": {"cr": {**entry, **more}}, "averages": {"six": None}}


def measured(estimate: Any, **more: Any) -> dict[str, Any]:
    entry = {"estimator": "infonce", "features": "base", "estimate": estimate, "low": 1.0, "high": 2.0}
    return {"exact": None, "estimates": [{**entry, "n": 100, "k": 100, "ceiling": None, "failures": 0, **more}]}


@pytest.mark.parametrize(
    ("record", "told"),
    [
        (scores(151.25), "tasks.cr.test is 151.25; expected a number from 0 to 100 or nothing"),
        (scores(-0.5), "tasks.cr.test is -0.5"),
        (scores(80.0, f1="high"), "tasks.cr.f1 is 'high'"),
        (scores(80.0, n=99.5), "tasks.cr.n is 99.5; expected a whole number from 0"),
    ],
)
def test_scores_out_of_range_are_refused_where_they_are_read(tmp_path: Path, record: dict, told: str) -> None:
    write_record(tmp_path / "transfer/own.json", record)
    with pytest.raises(DamagedResult, match=f"own.json: {told}"):
        transfer_record(tmp_path, "own")


@pytest.mark.parametrize(
    ("record", "told"),
    [
        (measured("much"), "estimates.0.estimate is 'much'; expected a finite number or nothing"),
        (measured(1.5, n=-4), "estimates.0.n is -4; expected a whole number from 0"),
        (measured(1.5) | {"exact": {"information": -1.0}}, "exact.information is -1.0"),
    ],
)
def test_information_that_is_no_number_is_refused_where_it_is_read(tmp_path: Path, record: dict, told: str) -> None:
    write_record(tmp_path / "information/own.json", {"setting": "own", **record})
    with pytest.raises(DamagedResult, match=f"own.json: {told}"):
        information_record(tmp_path, "own")


def test_an_infinite_estimate_in_the_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "information/own.json"
    write_record(path, {"setting": "own", **measured(1.5)})
    text = path.read_text().replace("1.5", "Infinity")
    blank = text.replace(read_digest(text), seals.BLANK)
    path.write_text(blank.replace(seals.BLANK, seals._digest(blank.encode())))
    assert read_record(path)["estimates"][0]["estimate"] == float("inf")
    with pytest.raises(DamagedResult, match=r"estimates\.0\.estimate is inf; expected a finite number or nothing"):
        information_record(tmp_path, "own")


def read_digest(text: str) -> str:
    return text.rpartition('"sha256": "')[2][:64]


def test_absent_values_and_negative_correlations_are_in_range(tmp_path: Path) -> None:
    write_record(tmp_path / "transfer/own.json", scores(-3.0, metric="spearman", low=-9.0, dev=None))
    write_record(tmp_path / "information/own.json", {"setting": "own", **measured(None, low=None, high=None)})
    assert transfer_record(tmp_path, "own")["tasks"]["cr"]["test"] == -3.0
    assert information_record(tmp_path, "own")["estimates"][0]["estimate"] is None


def test_a_setting_may_be_called_nan_or_null(tmp_path: Path) -> None:
    (tmp_path / "settings.csv").write_text("setting,information\nnan,1.5\nnull,\n")
    read = table(tmp_path / "settings.csv")
    assert read["setting"].tolist() == ["nan", "null"]
    assert read["information"].isna().tolist() == [False, True]
