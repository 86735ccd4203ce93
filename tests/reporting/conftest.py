"""A made-up study for every test of this folder, and one finished report that tests only read."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from infoviews.analysis.analyse import run as analyse
from infoviews.reporting.write import run as report


def empty(root: Path):
    """A made-up study without files."""
    source = Path(__file__).parents[1] / "synthetic_study.py"
    description = importlib.util.spec_from_file_location("synthetic_study", source)
    module = importlib.util.module_from_spec(description)
    description.loader.exec_module(module)
    return module.Study(root)


@pytest.fixture
def study(tmp_path):
    """An empty made-up study; ``study.fill()`` writes its files."""
    return empty(tmp_path)


@pytest.fixture(scope="session")
def finished(tmp_path_factory):
    """A study of seven settings with its report; not to be changed."""
    study = empty(tmp_path_factory.mktemp("finished")).fill(settings=7, seeds=2)
    analyse(study.spec, study.data, study.data / "sweetspot")
    report(study.spec, study.data, study.reports)
    return study


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """A study of seven settings with systems of every kind, and its report; not to be changed."""
    study = empty(tmp_path_factory.mktemp("systems")).fill(settings=7, seeds=2).field()
    study.write("corpus/statistics.json", {"splits": {"train": {"words": {"kept": 24_938_977}}}})
    analyse(study.spec, study.data, study.data / "sweetspot")
    report(study.spec, study.data, study.reports)
    return study
