"""The one look of all figures: readable in print, in grey and in colour-blind sight; the same bytes every time."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image

from infoviews.files import replacing

matplotlib.use("Agg")

PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#7F7F7F")
"""Okabe & Ito's colours, the strong ones first; markers tell the series apart in grey as well."""
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<", ">", "p")
GREY = "#595959"
COLOURS = 128
"""In a PNG's palette: enough for a colour map and the edges of letters."""
WIDTH = 6.4
"""Inches: the text width of an A4 page with ordinary margins."""

RULES: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "axes.titlesize": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#E3E3E3",
    "grid.linewidth": 0.6,
    "axes.axisbelow": True,
    "legend.frameon": False,
    "legend.fontsize": 8,
    "lines.linewidth": 1.4,
    "lines.markersize": 5,
    "figure.constrained_layout.use": True,
    "savefig.dpi": 150,
    "svg.hashsalt": "infoviews",
    "svg.fonttype": "path",
}


@contextmanager
def canvas(
    stem: Path, rows: int = 1, columns: int = 1, height: float = 3.8, **options: bool
) -> Iterator[tuple[Figure, list[Axes]]]:
    """A figure with ``rows × columns`` axes, in reading order, saved as ``stem.svg`` and ``stem.png`` at the end."""
    with matplotlib.rc_context({**matplotlib.rcParamsDefault, **RULES, "backend": "agg"}):
        figure = Figure(figsize=(WIDTH, height))
        axes = figure.subplots(rows, columns, squeeze=False, **options)  # type: ignore[call-overload]
        yield figure, list(axes.flat)
        save(figure, stem)


def save(figure: Figure, stem: Path) -> None:
    """Write SVG and PNG without dates and versions; the PNG with a palette, a third of the size of full colour."""
    with replacing(stem.with_suffix(".svg")) as temporary:
        figure.savefig(temporary, format="svg", metadata={"Date": None, "Creator": None})
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", metadata={"Software": None})
    with replacing(stem.with_suffix(".png")) as temporary, Image.open(drawn) as picture:
        picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(temporary, format="PNG", optimize=True)


def look(names: list[str]) -> dict[str, tuple[str, str]]:
    """Colour and marker of each name; the same name set gives the same look."""
    return {name: (PALETTE[i % len(PALETTE)], MARKERS[i % len(MARKERS)]) for i, name in enumerate(names)}


def arms(centre: np.ndarray, low: pd.Series, high: pd.Series) -> np.ndarray:
    """Lengths below and above (2, n) for matplotlib; zero where there is no interval.

    Raises:
        ValueError: an interval does not hold its value.
    """
    lengths = np.nan_to_num(np.stack([centre - low.to_numpy(float), high.to_numpy(float) - centre]))
    if (outside := (lengths < 0).any(axis=0)).any():
        where = "; ".join(f"{v:g} [{a:g}, {b:g}]" for v, a, b in zip(centre, low, high, strict=True) if not a <= v <= b)
        raise ValueError(f"{outside.sum()} intervals do not hold their value: {where}")
    return lengths
