"""A made-up study for every test of this folder."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest


@pytest.fixture
def study(tmp_path):
    """An empty made-up study; ``study.fill()`` writes its files."""
    source = Path(__file__).parents[1] / "synthetic_study.py"
    description = importlib.util.spec_from_file_location("synthetic_study", source)
    module = importlib.util.module_from_spec(description)
    description.loader.exec_module(module)
    return module.Study(tmp_path)
