"""The dot plot of systems: averages with intervals, best on top, controls as lines through all of them."""

from __future__ import annotations

from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from infoviews.names import label
from infoviews.reporting.figures.style import GREY, PALETTE, arms, canvas
from infoviews.reporting.inputs import Inputs

LOOKS = {
    "own": (PALETTE[3], "*", "best of this study, chosen on development data"),
    "cells": (PALETTE[0], "o", "trained here on views"),
    "chosen": (PALETTE[2], "^", "view setting chosen on development data"),
    "static": (PALETTE[1], "s", "static vectors, trained here"),
    "reference": (PALETTE[6], "D", "trained elsewhere"),
}
"""Colour, marker and name of each kind of system; references are hollow."""

STYLES: tuple[Any, ...] = ("-", "--", ":", "-.", (0, (5, 1, 1, 1, 1, 1)), (0, (8, 3)))
"""Of the lines of the controls."""


def systems(inputs: Inputs, stem: Path) -> bool:
    """Systems sorted by average transfer, with their 95 % intervals; false where none has a result."""
    rows = [row for row in inputs.record.systems["rows"] if row["average"] is not None]
    controls = [row for row in rows if row["group"] == "control"]
    shown = sorted((r for r in rows if r["group"] != "control"), key=lambda r: (r["average"], r["title"]))
    if not shown:
        return False
    with canvas(stem, height=1.9 + 0.2 * len(shown)) as (figure, (axes,)):
        draw_controls(axes, controls)
        for kind, (colour, marker, name) in LOOKS.items():
            mine = [(at, row) for at, row in enumerate(shown) if row["kind"] == kind]
            if not mine:
                continue
            x = [row["average"] for _, row in mine]
            low, high = ([row[f"average_{end}"] for _, row in mine] for end in ("low", "high"))
            bars = arms(np.array(x), pd.Series(low), pd.Series(high))
            options: dict[str, Any] = {"color": colour, "marker": marker, "linestyle": "none", "elinewidth": 0.9}
            options |= {"markerfacecolor": "white"} if kind == "reference" else {}
            axes.errorbar(x, [at for at, _ in mine], xerr=bars, label=name, zorder=3, **options)
        axes.set_yticks(range(len(shown)), [row["title"] for row in shown], fontsize=8)
        axes.set_ylim(-0.7, len(shown) - 0.3)
        axes.grid(True, axis="y")
        axes.set_xlabel("transfer, average over tasks (%)")
        figure.legend(loc="outside lower center", ncols=2, fontsize=7.5)
    return True


def draw_controls(axes: Axes, controls: list[dict[str, Any]]) -> None:
    """A line for each control, with the interval of the random encoder as a band."""
    own = [row for row in controls if row["kind"] == "control"]
    for row, style in zip(own, cycle(STYLES)):
        axes.axvline(row["average"], color="black", linewidth=0.9, linestyle=style, label=label(row["title"]), zorder=1)
        if row["side"] is None:
            axes.axvspan(row["average_low"], row["average_high"], color=GREY, alpha=0.15, linewidth=0, zorder=0)
    others = [row["average"] for row in controls if row["kind"] != "control"]
    for place, value in enumerate(others):
        name = "_" if place else "untrained encoders of other architectures"
        axes.axvline(value, color=PALETTE[3], linewidth=1.3, linestyle=(0, (1, 1)), label=name, zorder=1)
