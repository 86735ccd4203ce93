"""Every figure of a report with its caption: drawn into the folder, and put into the page."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from pathlib import Path

from infoviews.reporting.figures import diagnostics, dots, main, maps
from infoviews.reporting.figures.style import BAND, GREY, INK, LINE, PALETTE, PAPER
from infoviews.reporting.inputs import Inputs

Draw = Callable[[Inputs, Path, bool], bool]
FIGURES: dict[str, tuple[Draw, str]] = {
    "sweetspot": (
        main.sweetspot,
        "Each marker is one way to make two views. Further right they share more, higher up scores are better. "
        "Point at a marker for its numbers.",
    ),
    "tasks": (
        main.tasks,
        "Each task alone, all on one scale: points above the encoder that training starts from.",
    ),
    "systems": (
        dots.systems,
        "Published methods, trained on the same text and ranked. Those on one shade tie with the best of them.",
    ),
    "objectives": (dots.objectives, "Average transfer of each objective, a marker for each view setting."),
    "estimators": (diagnostics.estimators, "What each estimator finds, against the truth or the study's own estimate."),
    "dials": (diagnostics.dials, "Information against the dial of each view family."),
    "learning": (
        diagnostics.learning,
        "The bound that is maximised, by training step; stronger lines have larger dials.",
    ),
    "plane": (diagnostics.plane, "How close the views of a text lie, and how evenly all texts spread, after training."),
    "embeddings": (maps.embeddings, "Examples of one task in the principal plane of a few encoders."),
    "similarity": (maps.similarity, "How alike the encoders are: linear CKA on sentences of the tasks."),
}
"""What draws a figure (inputs, path without its ending, whether for a phone), and what the figure shows."""

ONE_SIZE = ("embeddings", "similarity")
"""Figures that a phone shows as they are, to be moved from side to side."""

THEMED = {colour.lower(): f"var(--c{i})" for i, colour in enumerate(PALETTE)}
THEMED |= {INK.lower(): "var(--ink)", GREY.lower(): "var(--soft)", LINE.lower(): "var(--line)"}
THEMED |= {PAPER.lower(): "var(--paper)", BAND.lower(): "var(--band)"}
"""Colours of figures by their names in the page's style, which has others for dark screens."""


def draw(inputs: Inputs, out: Path) -> None:
    """Write the figures; what cannot be drawn from this study's data leaves no file behind."""
    for name, (drawing, _) in FIGURES.items():
        if not drawing(inputs, out / name, False):
            for suffix in (".svg", ".png"):
                (out / name).with_suffix(suffix).unlink(missing_ok=True)


def inlined(inputs: Inputs, out: Path, name: str) -> str:
    """A drawn figure as HTML, once for wide screens and once for phones; empty where there is none."""
    if not (out / name).with_suffix(".svg").exists():
        return ""
    drawing, caption = FIGURES[name]
    wide = themed((out / name).with_suffix(".svg").read_text(encoding="utf-8"), name, caption)
    if name in ONE_SIZE:
        return f'<div class="scroll">{wide}</div>'
    with tempfile.TemporaryDirectory() as folder:
        stem = Path(folder) / name
        drawing(inputs, stem, True)
        narrow = themed(stem.with_suffix(".svg").read_text(encoding="utf-8"), f"{name}-narrow", caption)
    return f'<div class="wide">{wide}</div><div class="narrow">{narrow}</div>'


def themed(svg: str, name: str, caption: str) -> str:
    """An SVG as part of a page: ids of its own, as wide as there is room, colours and letters those of the page."""
    svg = re.sub(r'( id="|"#|url\(#)', rf"\g<1>{name}-", svg)
    svg = re.sub(r'( class="|\n\.)(s\d+)(?=["{])', rf"\g<1>{name}-\2", svg)
    svg = re.sub(r"#[0-9a-f]{6}\b", lambda found: THEMED.get(found[0], found[0]), svg)
    svg = re.sub(r"font-family: [^;\"}]*;? ?", "", svg)
    return re.sub(r'(<svg [^>]*?) width="\S+" height="\S+"', rf'\1 role="img" aria-label="{caption}"', svg, count=1)
