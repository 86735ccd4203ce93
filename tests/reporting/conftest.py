"""A made-up study for every test of this folder, and finished reports that tests only read."""

from __future__ import annotations

import os
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from filelock import FileLock

from infoviews.analysis.analyse import run as analyse
from infoviews.files import read_json, write_json
from infoviews.reporting.write import run as report
from synthetic_study import Study


def reported(factory: pytest.TempPathFactory, name: str, fill: Callable[[Study], None]) -> SimpleNamespace:
    """A study and its report, made by the first worker that asks for them; not to be changed."""
    base = factory.getbasetemp()
    root = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    made = SimpleNamespace(data=root / "data/made", reports=root / "reports/made")
    with FileLock(f"{root}.lock"):
        if not (root / "spec.json").is_file():
            study = Study(root)
            fill(study)
            analyse(study.spec, made.data, made.data / "sweetspot")
            report(study.spec, made.data, made.reports)
            write_json(root / "spec.json", study.spec)
    made.spec = read_json(root / "spec.json")
    return made


@pytest.fixture(scope="session")
def finished(tmp_path_factory):
    """A study of seven settings with its report."""
    return reported(tmp_path_factory, "finished", lambda study: study.fill(settings=7, seeds=2))


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """A study of seven settings with systems of every kind, and its report."""

    def fill(study: Study) -> None:
        study.fill(settings=7, seeds=2).field()
        study.write("corpus/statistics.json", {"splits": {"train": {"words": {"kept": 24_938_977}}}})

    return reported(tmp_path_factory, "systems", fill)
