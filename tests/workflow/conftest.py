"""A copy of the repository with the tiny study, in a git repository of its own."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="module")
def project(ready: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    return importlib.import_module("working_copy").make(tmp_path_factory.mktemp("project"), ready)
