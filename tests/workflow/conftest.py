"""A copy of the repository with the tiny study, in a git repository of its own."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="session")
def ready() -> Iterator[Path]:
    """Commands that start at once: see ``tests/ready_server.py``."""
    with importlib.import_module("ready_server").serving() as tools:
        yield tools


@pytest.fixture(scope="module")
def project(ready: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    return importlib.import_module("working_copy").make(tmp_path_factory.mktemp("project"), ready)
