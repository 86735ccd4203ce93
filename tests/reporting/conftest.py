"""A made-up study for every test of this folder, and one finished report that tests only read."""

from __future__ import annotations

import pytest

from infoviews.analysis.analyse import run as analyse
from infoviews.reporting.write import run as report
from synthetic_study import Study


@pytest.fixture(scope="session")
def finished(tmp_path_factory):
    """A study of seven settings with its report; not to be changed."""
    study = Study(tmp_path_factory.mktemp("finished")).fill(settings=7, seeds=2)
    analyse(study.spec, study.data, study.data / "sweetspot")
    report(study.spec, study.data, study.reports)
    return study


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """A study of seven settings with systems of every kind, and its report; not to be changed."""
    study = Study(tmp_path_factory.mktemp("systems")).fill(settings=7, seeds=2).field()
    study.write("corpus/statistics.json", {"splits": {"train": {"words": {"kept": 24_938_977}}}})
    analyse(study.spec, study.data, study.data / "sweetspot")
    report(study.spec, study.data, study.reports)
    return study
