"""What encoders make of sentences: a task in two dimensions, and how alike the encoders are."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from infoviews.names import label
from infoviews.reporting.figures.style import canvas, legend, look, told
from infoviews.reporting.inputs import Inputs

TITLE = 64
"""Letters of a title that fit the width of a figure."""

CELLS, LARGE = 11, 25
"""With so many rows the numbers of a heat map fit its cells; with more than so many it is a picture in the SVG."""


def embeddings(inputs: Inputs, stem: Path, narrow: bool = False) -> bool:
    """Examples of one task in the principal plane of each chosen encoder, coloured by class.

    Returns:
        Whether there was anything to draw.
    """
    table = inputs.maps
    if table.empty:
        return False
    shown = list(dict.fromkeys(table["encoder"]))
    columns = min(1 if narrow else 2, len(shown))
    rows = -(-len(shown) // columns)
    with canvas(stem, rows, columns, height=0.7 + 2.5 * rows, narrow=narrow) as (figure, panels):
        looks = look(sorted(table["label"].astype(str).unique()))
        for axes, name in zip(panels, shown, strict=False):
            mine = table[table["encoder"] == name]
            for group, (colour, marker) in looks.items():
                points = mine[mine["label"].astype(str) == group]
                options: dict[str, Any] = {"s": 9, "linewidths": 0, "alpha": 0.8, "rasterized": True}
                axes.scatter(points["x"], points["y"], color=colour, marker=marker, label=group, **options)
            first = mine.iloc[0]
            what = f"{label(str(first['setting']))}: {first['what']}"
            what = textwrap.fill(what, TITLE // (2 if narrow else columns))
            axes.set_title(f"{what}\n{100 * first['share']:.0f} % of variance", loc="left")
            axes.set_xticks([])
            axes.set_yticks([])
        for axes in panels[len(shown) :]:
            axes.set_visible(False)
        handles, labels = panels[0].get_legend_handles_labels()
        title = f"classes of {label(str(table['task'].iloc[0]))}"
        legend(figure, dict(zip(handles, labels, strict=True)), title=title)
    return True


def alignment(inputs: Inputs) -> pd.DataFrame:
    """Mean CKA of the encoders of every two settings or controls (square, null where not compared).

    The diagonal is two seeds of the same setting.
    """
    table = inputs.similarity
    if table.empty:
        return pd.DataFrame()
    turned = table.rename(columns={"first_setting": "second_setting", "second_setting": "first_setting"})
    both = pd.concat([table, turned])
    square = both.pivot_table(index="first_setting", columns="second_setting", values="cka", aggfunc="mean")
    names = sorted(square.index, key=lambda s: (inputs.order.get(str(s), len(inputs.order)), str(s)))
    return square.reindex(index=names, columns=names)


def similarity(inputs: Inputs, stem: Path, narrow: bool = False) -> bool:
    """Heat map of ``alignment`` with the numbers in it."""
    square = alignment(inputs)
    if len(square) < 2:
        return False
    with canvas(stem, height=2.2 + (0.12 if narrow else 0.27) * len(square), narrow=narrow) as (figure, (axes,)):
        values = np.ma.masked_invalid(square.to_numpy(float))
        image = axes.pcolormesh(values, cmap="cividis", vmin=0, vmax=1, rasterized=len(square) > LARGE)
        names = [label(str(name)) for name in square.index]
        places = np.arange(len(names)) + 0.5
        axes.set_xticks(places, names, rotation=90)
        axes.set_yticks(places, names)
        axes.invert_yaxis()
        axes.grid(False)
        texts = {}
        for (row, column), value in np.ndenumerate(square.to_numpy(float)):
            texts[row, column] = f"{names[row]}\n{names[column]}\n" + (f"CKA {value:.2f}" if value == value else "–")
            if np.isfinite(value) and len(square) <= CELLS and not narrow:
                ink = "#FDFDFD" if value < 0.5 else "#101010"
                text = f"{max(value, 0):.2f}".removeprefix("0") if value < 0.995 else "1.0"
                axes.text(column + 0.5, row + 0.5, text, ha="center", va="center", color=ink)
        if len(square) <= LARGE:
            told(image, texts.values())
        figure.colorbar(image, ax=axes, label="linear CKA (diagonal: two seeds)", location="top", aspect=40)
    return True
