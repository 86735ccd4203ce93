"""Small encoders, pairs and encoded views, under the name ``slow``."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def slow() -> ModuleType:
    """The helpers of ``tests/encoded_views.py``."""
    source = Path(__file__).parents[1] / "encoded_views.py"
    description = importlib.util.spec_from_file_location("encoded_views", source)
    assert description is not None and description.loader is not None
    module = importlib.util.module_from_spec(description)
    description.loader.exec_module(module)
    return module
