"""Published rows are whole, flagged, and their averages are what they say."""

from __future__ import annotations

import numpy as np
import pytest

from infoviews.transfer import published
from infoviews.transfer.score import SEVEN


def test_rows_are_complete_and_flagged() -> None:
    found = published.rows()
    assert len(found) > 30
    for row in found:
        assert row["verified"] in ("yes", "partly", "no") and row["source"]
        values = [float(row[published.COLUMNS[task]]) for task in SEVEN]
        assert all(40 < value < 100 for value in values)
        if row["verified"] == "yes":
            assert np.mean(values) == pytest.approx(float(row["avg"]), abs=0.02)


def test_own_row_stands_first() -> None:
    result = {"protocol": "converged", "tasks": {"mr": {"test": 80.0}}, "averages": {"seven": None}}
    table = published.comparison(result, "mine").splitlines()
    assert table[2].startswith("| **mine** | protocol `converged` | 80.00 |  |")
    assert len(table) == 3 + len(published.rows())
