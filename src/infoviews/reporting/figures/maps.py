"""What encoders make of sentences: a task in two dimensions, and how alike the encoders are."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from infoviews.names import label
from infoviews.reporting.figures.style import canvas, look
from infoviews.reporting.inputs import Inputs

TITLE = 88
"""Letters of a title that fit the width of the page."""


def embeddings(inputs: Inputs, stem: Path) -> bool:
    """Examples of one task in the principal plane of each chosen encoder, coloured by class.

    Returns:
        Whether there was anything to draw.
    """
    table = inputs.maps
    if table.empty:
        return False
    shown = list(dict.fromkeys(table["encoder"]))
    columns = min(2, len(shown))
    rows = -(-len(shown) // columns)
    with canvas(stem, rows, columns, height=0.7 + 2.5 * rows) as (figure, panels):
        looks = look(sorted(table["label"].astype(str).unique()))
        for axes, name in zip(panels, shown, strict=False):
            mine = table[table["encoder"] == name]
            for group, (colour, marker) in looks.items():
                points = mine[mine["label"].astype(str) == group]
                options: dict[str, Any] = {"s": 9, "linewidths": 0, "alpha": 0.8}
                axes.scatter(points["x"], points["y"], color=colour, marker=marker, label=group, **options)
            first = mine.iloc[0]
            what = f"{label(str(first['setting']))}: {first['what']}"
            what = textwrap.fill(what, TITLE // columns)
            axes.set_title(f"{what}\n{100 * first['share']:.0f} % of variance", loc="left", fontsize=8)
            axes.set_xticks([])
            axes.set_yticks([])
        for axes in panels[len(shown) :]:
            axes.set_visible(False)
        handles, labels = panels[0].get_legend_handles_labels()
        title = f"classes of {label(str(table['task'].iloc[0]))}"
        figure.legend(handles, labels, loc="outside lower center", ncols=6, title=title, title_fontsize=9)
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


def similarity(inputs: Inputs, stem: Path) -> bool:
    """Heat map of ``alignment`` with the numbers in it."""
    square = alignment(inputs)
    if len(square) < 2:
        return False
    with canvas(stem, height=1.6 + 0.32 * len(square)) as (figure, (axes,)):
        values = square.to_numpy(float)
        image = axes.imshow(np.ma.masked_invalid(values), cmap="cividis", vmin=0, vmax=1, aspect="auto")
        names = [label(str(name)) for name in square.index]
        axes.set_xticks(range(len(names)), names, rotation=45, ha="right", fontsize=7)
        axes.set_yticks(range(len(names)), names, fontsize=7)
        axes.grid(False)
        for (row, column), value in np.ndenumerate(values):
            if np.isfinite(value):
                ink = "white" if value < 0.5 else "black"
                shown = f"{max(value, 0):.2f}".removeprefix("0") if value < 0.995 else "1.0"
                axes.text(column, row, shown, ha="center", va="center", color=ink, fontsize=6)
        figure.colorbar(image, ax=axes, label="linear CKA (diagonal: two seeds)")
    return True
