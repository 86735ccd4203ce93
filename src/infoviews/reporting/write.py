"""The report stage: write every table and figure of one study, then the index over all studies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from infoviews.analysis.record import FILE
from infoviews.files import write_text
from infoviews.reporting.figures.every import draw
from infoviews.reporting.inputs import Inputs
from infoviews.reporting.pages.curve import write_curve
from infoviews.reporting.pages.html import write_page
from infoviews.reporting.pages.information import write_information
from infoviews.reporting.pages.questions import write_questions
from infoviews.reporting.pages.robustness import write_robustness
from infoviews.reporting.pages.sources import write_corpus, write_failures, write_views
from infoviews.reporting.pages.summary import write_index, write_summary
from infoviews.reporting.pages.systems import write_systems
from infoviews.reporting.pages.transfer import write_transfer
from infoviews.reporting.wording import glossary
from infoviews.seals import read_whole


def run(spec: dict[str, Any], data: Path, out: Path) -> None:
    """Write ``reports/<study>/`` and the index of all reports.

    Raises:
        ValueError: the sweet-spot stage has not run.
    """
    if not (data / "sweetspot" / FILE).exists():
        raise ValueError(f"{data / 'sweetspot' / FILE}: missing; run `infoviews sweetspot` first")
    read_whole(data / "sweetspot" / "manifest.json")
    inputs = Inputs(spec, data)
    transfer = write_transfer(inputs, out)
    write_information(inputs, out)
    draw(inputs, out)
    write_curve(inputs, out)
    write_questions(inputs, out)
    write_robustness(inputs, out)
    write_corpus(inputs, out)
    write_views(inputs, out)
    write_systems(inputs, out)
    write_summary(inputs, out, write_failures(inputs, out))
    link_terms(out)
    write_page(inputs, transfer, out)
    write_index(out.parent)


def link_terms(out: Path) -> None:
    """Link the terms on every page of a report to where its ``README.md`` explains them."""
    for page in sorted(out.glob("*.md")):
        address = "#terms" if page.name == "README.md" else "README.md#terms"
        write_text(page, glossary.linked(page.read_text(encoding="utf-8"), address))
