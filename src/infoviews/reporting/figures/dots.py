"""Ranked dots with intervals: systems with ties shaded and controls as lines, and every objective by view setting."""

from __future__ import annotations

from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from infoviews.analysis.record import AVERAGE
from infoviews.names import label
from infoviews.reporting.figures.main import described, family_marks, points_first
from infoviews.reporting.figures.style import GREY, INK, LINE, PALETTE, PAPER, arms, canvas, legend, points, told
from infoviews.reporting.inputs import Inputs
from infoviews.tables import interval

LOOKS = {
    "cells": (PALETTE[0], "o", "trained here on views"),
    "own": (PALETTE[1], "*", "best of this study, by development scores"),
    "chosen": (PALETTE[2], "^", "views chosen by development scores"),
    "static": (PALETTE[4], "s", "static vectors, trained here"),
    "reference": (INK, "D", "trained elsewhere"),
}
"""Colour, marker and name of each kind of system; references are hollow."""

STYLES: tuple[Any, ...] = ("-", "--", ":", "-.", (0, (5, 1, 1, 1, 1, 1)), (0, (8, 3)))
"""Of the lines of the controls."""


def systems(inputs: Inputs, stem: Path, narrow: bool = False) -> bool:
    """Systems ranked by average transfer, with their 95 % intervals; false where none has a result.

    Neighbours on the same shade tie with the best among them.
    """
    rows = [row for row in inputs.record.systems.get("rows", []) if row["average"] is not None]
    controls = [row for row in rows if row["group"] == "control"]
    ranked = sorted((r for r in rows if r["group"] != "control"), key=lambda r: (r["average"], r["title"]))
    if not ranked:
        return False
    with canvas(stem, height=2.4 + 0.21 * len(ranked), narrow=narrow) as (figure, (axes,)):
        draw_controls(axes, controls)
        for at, tie in enumerate(ties(ranked)):
            axes.axhspan(tie[-1] - 0.5, tie[0] + 0.5, color=LINE, alpha=0.6 * (at % 2 == 0), linewidth=0, zorder=0)
        for kind, (colour, marker, name) in LOOKS.items():
            mine = [(at, row) for at, row in enumerate(ranked) if row["kind"] == kind]
            if not mine:
                continue
            x = np.array([row["average"] for _, row in mine])
            low, high = (pd.Series([row[f"average_{end}"] for _, row in mine]) for end in ("low", "high"))
            face = PAPER if kind == "reference" else colour
            look: dict[str, Any] = {"color": colour, "marker": marker, "markerfacecolor": face, "label": name}
            drawn = points(axes, x, np.array([at for at, _ in mine]), arms(x, low, high), zorder=3, **look)
            told(drawn, (system(row, len(ranked) - at) for at, row in mine))
        axes.set_yticks(range(len(ranked)), [row["title"] for row in ranked])
        axes.set_ylim(-0.6, len(ranked) - 0.4)
        axes.grid(False, axis="y")
        axes.set_xlabel("average transfer (%)")
        legend(figure, points_first(axes))
    return True


def ties(ranked: list[dict[str, Any]]) -> list[list[int]]:
    """Places of the rows in groups, the best group first: each ties with the best of its group, by the analysis.

    Args:
        ranked: rows by rising average, with the letters of ``ties``.
    """
    found: list[list[int]] = []
    for at in reversed(range(len(ranked))):
        if found and set(ranked[found[-1][0]].get("ties") or "") & set(ranked[at].get("ties") or ""):
            found[-1].append(at)
        else:
            found.append([at])
    return found


def system(row: dict[str, Any], rank: int) -> str:
    """What the page shows at a system's dot."""
    seeds = f", {int(row['seeds'])} seeds" if row["seeds"] and row["seeds"] > 1 else ""
    score = interval(row["average"], row["average_low"], row["average_high"])
    return f"{row['title']}\nrank {rank}{seeds}\naverage transfer {score} %"


def draw_controls(axes: Axes, controls: list[dict[str, Any]]) -> None:
    """A line for each control, with the interval of the random encoder as a band."""
    own = [row for row in controls if row["kind"] == "control"]
    for row, style in zip(own, cycle(STYLES)):
        axes.axvline(row["average"], color=INK, linewidth=0.9, linestyle=style, label=label(row["title"]), zorder=1)
        if row["side"] is None:
            axes.axvspan(row["average_low"], row["average_high"], color=GREY, alpha=0.15, linewidth=0, zorder=0.5)
    others = [row["average"] for row in controls if row["kind"] != "control"]
    for place, value in enumerate(others):
        name = "_" if place else "untrained encoders of other architectures"
        axes.axvline(value, color=PALETTE[3], linewidth=1.3, linestyle=(0, (1, 1)), label=name, zorder=1)


def objectives(inputs: Inputs, stem: Path, narrow: bool = False) -> bool:
    """Average transfer of every objective, a dot for each view setting; false with fewer than two objectives."""
    rows = inputs.own_settings[inputs.own_settings["task"] == AVERAGE].dropna(subset=["transfer"])
    names = rows.groupby("objective")["transfer"].max().sort_values(kind="stable").index.tolist()
    if len(names) < 2:
        return False
    with canvas(stem, height=1.6 + 0.26 * len(names), narrow=narrow) as (figure, (axes,)):
        for family, mine in rows.groupby("family", sort=False):
            colour, marker = inputs.looks[str(family)]
            x, places = mine["transfer"].to_numpy(float), np.array([names.index(name) for name in mine["objective"]])
            drawn = points(axes, x, places, arms(x, mine["low"], mine["high"]), color=colour, marker=marker)
            told(drawn, described(mine))
        axes.set_yticks(range(len(names)), [label(name) for name in names])
        axes.set_ylim(-0.6, len(names) - 0.4)
        axes.set_xlabel("average transfer (%)")
        legend(figure, family_marks(inputs, rows["family"]))
    return True
