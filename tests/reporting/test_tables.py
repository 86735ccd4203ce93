"""Tables as text."""

from __future__ import annotations

from infoviews.reporting.inputs import averages
from infoviews.tables import Table


def test_of_several_tasks_the_average_is_shown_and_the_others_are_folded():
    rows = [{"task": task, "gap": 1.0} for task in ("mr", "average", "cr")]
    assert averages(rows) == [rows[1]] and averages(rows[:1]) == rows[:1] and averages([{"gap": 1}]) == [{"gap": 1}]
    text = Table(["task"], [["mr"], ["cr"]]).folded("The single tasks")
    assert text.startswith("<details><summary>The single tasks</summary>\n\n| task |") and text.endswith("</details>\n")
    assert Table(["task"], []).folded("The single tasks") == ""
