"""The page of systems: a row for each whatever became of it, the same bytes twice, and nothing where there are none."""

from __future__ import annotations

import shutil

import pandas as pd
import pytest

from infoviews.analysis.analyse import run as analyse
from infoviews.files import read_json
from infoviews.reporting.inputs import Inputs
from infoviews.reporting.pages.provenance import training_seconds
from infoviews.reporting.pages.systems import FILES, comparability, gap
from infoviews.reporting.wording.systems import spanned
from infoviews.reporting.write import run as report
from infoviews.seals import read_record, write_record


def test_every_system_has_a_row_beside_its_published_one(made):
    frame = pd.read_csv(made.reports / "systems.csv").set_index("name")
    systems = {system["name"] for system in made.spec["systems"]}
    assert set(frame.index) == systems | {*made.spec["controls"], "mlm-bilstm-max", "own"}
    paper = (81.18 + 86.46 + 94.45 + 85.50 + 89.80 + 74.43) / 6
    assert frame.loc["simcse", "published"] == pytest.approx(paper, abs=1e-3)
    assert frame.loc["simcse", "verified"] == "checked" and pd.isna(frame.loc["cpc", "published"])
    text = (made.reports / "systems.md").read_text()
    assert r"failed: no Marian checkpoint \| at 'opus-mt'" in text and "0 of 3" in text and "trained elsewhere" in text
    assert "(best of 7 on development data)" in text and "- departs: it is smaller" in text
    assert "24.9 million words and train for 400 steps" in text and "(published, checked)" in text


def test_systems_are_kept_out_of_the_transfer_table_and_the_curve(made):
    frame = pd.read_csv(made.reports / "transfer.csv")
    assert set(frame["group"]) == {"baseline", "control", "cell"} and set(frame["name"].tail(14)) == {"infonce", "jsd"}
    assert "systems.md" in (made.reports / "transfer.md").read_text()
    page = (made.reports / "index.html").read_text()
    curve = page[: page.index("<nav")]
    assert "twice" not in curve and "simcse" not in curve
    assert "| twice |" not in (made.reports / "information.md").read_text()


def test_no_table_or_figure_holds_a_time_and_the_page_tells_it_in_its_provenance(made, study):
    assert training_seconds(Inputs(made.spec, made.data)).rows[0] == ["Simcse", "11", "10 to 12", "3"]
    page = (made.reports / "index.html").read_text()
    assert page.index('id="provenance"') < page.index("seconds (median)") < page.index("</section>\n</main>")
    shutil.copytree(made.data, study.data, dirs_exist_ok=True)
    for path in (study.data / "checkpoints").glob("simcse*/run.json"):
        write_record(path, read_record(path) | {"seconds": 99.0})
    analyse(made.spec, study.data, study.data / "sweetspot")
    report(made.spec, study.data, study.reports)
    for path in sorted(p for p in made.reports.rglob("*") if p.is_file() and p.name != "index.html"):
        assert (study.reports / path.relative_to(made.reports)).read_bytes() == path.read_bytes(), path


def test_stale_files_go_where_the_study_names_no_systems(study):
    study.fill(settings=2, seeds=1, objectives=("infonce",))
    study.reports.mkdir(parents=True)
    for name in FILES:
        (study.reports / name).write_text("old")
    analyse(study.spec, study.data, study.data / "sweetspot")
    report(study.spec, study.data, study.reports)
    assert not list(study.reports.glob("systems*"))
    assert "published" in (study.reports / "transfer.md").read_text()
    assert "systems.md" not in (study.reports / "README.md").read_text()


def test_without_results_the_page_of_systems_still_says_so(study):
    study.fill(settings=2, seeds=1, objectives=("infonce",)).field()
    shutil.rmtree(study.data / "transfer")
    analyse(study.spec, study.data, study.data / "sweetspot")
    report(study.spec, study.data, study.reports)
    assert "no system can be compared with it" in (study.reports / "systems.md").read_text()
    assert not (study.reports / "systems.svg").exists() and "They read the study's text" in comparability(
        Inputs(study.spec, study.data)
    )


def test_ranges_are_single_numbers_where_both_ends_agree():
    assert spanned([400, 400]) == "400" and spanned([0.4, 2.04], 1) == "0.4 to 2.0"


def test_a_difference_is_shown_with_the_side_that_the_correction_leaves_it():
    ends = {"a": (1.0, 0.2, 1.8, "above"), "b": (1.0, 0.2, 1.8, "tie"), "c": (None, None, None, None)}
    keys = ("start_difference", "start_difference_low", "start_difference_high", "start_side")
    told = {name: gap(dict(zip(keys, values, strict=True)), "start_") for name, values in ends.items()}
    assert told == {"a": "1.0 [0.2, 1.8] above", "b": "1.0 [0.2, 1.8] tie", "c": "–"}


def test_metrics_say_whether_the_own_best_won_and_whether_tasks_differ(made):
    found, won = read_json(made.reports / "metrics.json"), Inputs(made.spec, made.data).record.systems["won"]
    assert found["own_result"] == won["result"] in {"won", "tied", "beaten"}
    assert found["own_difference_low"] < found["own_difference"] < found["own_difference_high"]
    assert 0 < found["tasks_differ_p"] <= 1 and "void" not in found  # the study has no control setting
