"""Analysis and report on spoilt studies: they use what is there, say what is missing, draw no line through nothing."""

from __future__ import annotations

import re

import pytest

from infoviews.analysis.analyse import run as analyse
from infoviews.reporting.inputs import Inputs
from infoviews.reporting.write import run as report
from infoviews.seals import read_record, write_record


@pytest.fixture(autouse=True)
def drawn_once(monkeypatch):
    """Figures are drawn into their files, by the functions that would draw them into the page as well."""
    monkeypatch.setattr("infoviews.reporting.pages.html.inlined", lambda *_: "")


def drop_cells(study):
    for name in ("infonce__spans-1__s0", "infonce__spans-8__s0"):
        (study.data / f"transfer/{name}.json").unlink()
    return "missing"


def fail_cells(study):
    study.write("transfer/infonce__spans-4__s0.json", {"status": "failed", "reason": "loss is not finite at step 3"})
    folder = study.data / "checkpoints/infonce__spans-2__s0"
    (folder / "history.csv").write_text("")
    study.write("checkpoints/infonce__spans-2__s0/run.json", {"status": "failed", "reason": "scores are not finite"})
    return "not finite"


def fail_all_cells(study):
    for cell in study.spec["cells"]:
        study.write(f"checkpoints/{cell['name']}/run.json", {"status": "failed", "reason": "killed"})
    return "killed"


def lose_a_task(study):
    path = study.data / "transfer/infonce__spans-2__s0.json"
    record = read_record(path)
    del record["tasks"]["trec"], record["averages"]
    write_record(path, record)
    return "not every task has a result"


def censor_all(study):
    for path in (study.data / "information").iterdir():
        record = read_record(path)
        for estimate in record["estimates"]:
            estimate["flag"] = "censored"
        write_record(path, record)
    return "are censored"


def tie_information(study):
    for path in (study.data / "information").iterdir():
        shared = {"features": "base", "low": 1.9, "high": 2.1, "n": 9, "k": 9, "ceiling": 9.0, "flag": ""}
        study.write(
            f"information/{path.name}",
            {"setting": path.stem, "exact": None, "estimates": [{"estimator": "infonce", "estimate": 2.0, **shared}]},
        )
    return "the test needs 5 different values of information"


def fail_an_estimator(study):
    path = study.data / "information/spans-4.json"
    record = read_record(path)
    record["estimates"][0] |= {"estimate": None, "low": None, "high": None, "flag": "failed", "failures": 1}
    write_record(path, record)
    return "on 8 view settings"


def lose_controls(study):
    study.spec["controls"] = []
    return "9 of 9 cells finished"


SPOILT = [
    drop_cells,
    fail_cells,
    fail_all_cells,
    lose_a_task,
    censor_all,
    tie_information,
    fail_an_estimator,
    lose_controls,
]


@pytest.mark.parametrize("spoil", SPOILT, ids=lambda f: f.__name__)
def test_a_spoilt_study_is_reported_for_what_it_is(study, spoil):
    study.fill(settings=9, seeds=1, objectives=("infonce",))
    study.spec["sweetspot"] |= {"bootstrap": 50, "power": 5}
    words = spoil(study)
    analyse(study.spec, study.data, study.data / "sweetspot")
    report(study.spec, study.data, study.reports)
    shown = "".join(path.read_text() for path in study.reports.rglob("*.md"))
    assert words in shown
    assert not re.search(r"\bnan\b|\bNone\b|\binf\b", shown)
    curve = Inputs(study.spec, study.data).record.curve()
    # A line is drawn only through a curve that was analysed.
    assert (curve.smooth is not None) == (curve.p is not None) == (curve.n >= 6 and curve.reason == "")


def test_one_seed_says_that_the_intervals_are_those_of_the_test_set(study):
    study.fill(settings=7, seeds=1, objectives=("infonce",), noise=0.0)
    analyse(study.spec, study.data, study.data / "sweetspot")
    rows = Inputs(study.spec, study.data).points()
    assert rows["seed_sd"].isna().all() and (rows["high"] - rows["low"]).tolist() == pytest.approx([1.0] * 7)
    report(study.spec, study.data, study.reports)
    text = (study.reports / "transfer.md").read_text()
    assert "over test examples only (one [seed](README.md#terms) each)." in text and "seeds and test" not in text
