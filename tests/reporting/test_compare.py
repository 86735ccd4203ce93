"""A reproduced study has the same verdict and every number within its interval, whatever the order of its rows."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import typer

from infoviews.commands.compare import run
from infoviews.files import write_json
from infoviews.reporting.compare import Difference, compare

ROWS = [
    {"objective": "infonce", "setting": "half", "task": "average", "transfer": 70.0, "low": 68.0, "high": 72.0},
    {"objective": "infonce", "setting": "all", "task": "average", "transfer": 66.0, "low": 65.0, "high": 67.0},
]


def report(folder: Path, verdict: str = "peak", rows: list | None = None, location: float = 2.5) -> Path:
    write_json(
        folder / "metrics.json",
        {"verdict": verdict, "peak_location": location, "peak_location_low": 2.0, "peak_location_high": 3.0},
    )
    pd.DataFrame(ROWS if rows is None else rows).to_csv(folder / "curve.csv", index=False)
    pd.DataFrame([{"first": "a", "tau": 0.5}]).to_csv(folder / "agreement.csv", index=False)
    (folder / "objectives.csv").write_text("\n")
    return folder


@pytest.fixture
def first(tmp_path: Path) -> Path:
    return report(tmp_path / "first")


def test_a_report_reproduces_itself_in_any_order_of_rows(first, tmp_path):
    found = compare(first, report(tmp_path / "second", rows=ROWS[::-1]))
    assert found.reproduced and len(found.numbers) == 3 and {n.share for n in found.numbers} == {0.0}
    assert found.lines()[0] == "reproduced: same verdict, 'peak'"


def test_numbers_within_their_intervals_are_reproduced_and_the_largest_difference_is_told(first, tmp_path):
    moved = [{**ROWS[0], "transfer": 71.0}, {**ROWS[1], "transfer": 66.25}]
    found = compare(first, report(tmp_path / "second", rows=moved, location=2.6))
    assert found.reproduced
    assert found.lines()[-1] == (
        "largest difference: curve.csv, infonce half average, transfer: 71, was 70 [68, 72], 50 % of half the interval"
    )


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"verdict": "no peak"}, "not reproduced: the verdict is 'no peak', it was 'peak'"),
        ({"location": 3.1}, "outside: metrics.json, peak_location: 3.1, was 2.5 [2, 3], 120 % of half the interval"),
        ({"rows": ROWS[:1]}, "curve.csv: only the first report has infonce all average"),
        ({"rows": [ROWS[0], {**ROWS[1], "transfer": None}]}, "curve.csv, infonce all average: transfer is nan, was 66"),
    ],
)
def test_what_is_not_reproduced_is_told_and_ends_with_status_1(first, tmp_path, capsys, changed, told):
    second = report(tmp_path / "second", **changed)
    assert told in compare(first, second).lines()
    with pytest.raises(typer.Exit) as ended:
        run(first, second)
    assert ended.value.exit_code == 1 and told in capsys.readouterr().out.splitlines()


def test_a_table_of_one_report_only_is_told(first, tmp_path):
    second = report(tmp_path / "second")
    (second / "agreement.csv").unlink()
    assert compare(first, second).unlike == ["agreement.csv is in one report only"]


def test_a_number_without_width_may_differ_in_rounding_alone():
    assert Difference("", 1.0, 1.00005, 1.0, 1.0).within and not Difference("", 1.0, 1.01, 1.0, 1.0).within


def test_a_folder_without_metrics_is_named(first, tmp_path):
    with pytest.raises(FileNotFoundError, match=r"nothing/metrics\.json: no such file; give two folders of reports"):
        compare(first, tmp_path / "nothing")
