"""The figures of a study, each one function of the inputs and a path stem."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from infoviews.analysis.record import ALL, AVERAGE, Curve
from infoviews.names import label
from infoviews.reporting.figures.style import GREY, arms, canvas, look
from infoviews.reporting.inputs import Inputs

MARKED = ("random", "mlm", "hub", "skipgram-average")
"""Controls drawn as lines across the curve's plot."""

OFF_CURVE = {
    "control": (GREY, "x", "control views"),
    "tuned": (GREY, "P", "views that rate and steps were tuned on"),
    "iso": ("#000000", "*", "iso views: same nats, no task"),
}
"""Colour, marker and name of settings that are no points of the curve."""


def sweetspot(inputs: Inputs, stem: Path) -> None:
    """Transfer against information for the main objective, with controls and the peak where there is one."""
    with canvas(stem, height=4.2) as (figure, (axes,)):
        curve = inputs.curve()
        draw_curve(axes, inputs, curve)
        draw_controls(axes, inputs, AVERAGE)
        axes.set_xlabel(information_label(inputs))
        axes.set_ylabel("transfer, average over tasks (%)")
        axes.set_title(f"{label(curve.objective)}: {curve.verdict}", loc="left")
        if axes.get_legend_handles_labels()[0]:
            figure.legend(loc="outside lower center", ncols=3)


def tasks(inputs: Inputs, stem: Path) -> bool:
    """One small panel per task for the main objective; false where nothing was measured."""
    main = inputs.record.main["objective"]
    curves = {c.task: c for c in inputs.record.curves if c.objective == main and c.family == ALL}
    names = [task for task in inputs.spec["tasks"] if task in curves and not inputs.points(main, task).empty]
    if len(names) < 2:
        return False
    columns = 3 if len(names) > 4 else 2
    rows = -(-len(names) // columns)
    with canvas(stem, rows, columns, height=0.8 + 2.0 * rows) as (figure, panels):
        for axes, task in zip(panels, names, strict=False):
            draw_curve(axes, inputs, curves[task])
            draw_controls(axes, inputs, task)
            axes.set_title(f"{label(task)}: {curves[task].verdict.partition(' at ')[0]}", loc="left", fontsize=8)
        for axes in panels[len(names) :]:
            axes.set_visible(False)
        figure.supylabel("transfer (%)", fontsize=9)
        handles, labels = panels[0].get_legend_handles_labels()
        across = f"across: {information_label(inputs)}"
        figure.legend(handles, labels, loc="outside lower center", ncols=3, title=across, title_fontsize=9)
    return True


def draw_curve(axes: Axes, inputs: Inputs, curve: Curve) -> None:
    """Points with intervals in both directions; the smoothed line and peak only where the curve was analysed."""
    points = inputs.points(curve.objective, curve.task)
    if points.empty:
        axes.text(0.5, 0.5, "nothing was measured", ha="center", transform=axes.transAxes, color=GREY)
        return
    looks = look(sorted(points["family"].unique()))
    for role, (colour, marker, name) in OFF_CURVE.items():
        draw_points(axes, inputs.points(curve.objective, curve.task, role), colour, marker, name)
    for family, mine in points.groupby("family"):
        colour, marker = looks[str(family)]
        draw_points(axes, mine[~mine["censored"]], colour, marker, str(family))
        draw_points(axes, mine[mine["censored"]], colour, marker, f"{family}, censored", hollow=True)
    if curve.smooth:
        line = curve.smooth
        # A spline knows nothing of percent; what lies beyond is no transfer score.
        middle, low, high = (np.clip(line[key], 0, 100) for key in ("transfer", "low", "high"))
        axes.plot(line["information"], middle, color=GREY, zorder=1.5, label="smooth curve with 95 % band")
        axes.fill_between(line["information"], low, high, color=GREY, alpha=0.15, linewidth=0, zorder=1)
    if curve.found:
        peak = curve.found
        axes.axvspan(peak.location_low, peak.location_high, color="#F0E442", alpha=0.35, linewidth=0, zorder=0)
        axes.axvline(peak.location, color=GREY, linestyle="--", linewidth=1, label="peak with 95 % interval")


def draw_points(axes: Axes, rows: pd.DataFrame, colour: str, marker: str, name: str, hollow: bool = False) -> None:
    """Settings of one family; censored ones are hollow and point to the right."""
    if rows.empty:
        return
    x, y = rows["information"].to_numpy(float), rows["transfer"].to_numpy(float)
    options: dict[str, Any] = {"color": colour, "marker": marker, "linestyle": "none", "elinewidth": 0.8, "label": name}
    if hollow:
        options |= {"markerfacecolor": "white", "xlolims": True, "xerr": np.full(len(x), 0.15)}
    else:
        options["xerr"] = arms(x, rows["information_low"], rows["information_high"])
    axes.errorbar(x, y, yerr=arms(y, rows["low"], rows["high"]), **options)


def draw_controls(axes: Axes, inputs: Inputs, task: str) -> None:
    """Horizontal lines of the controls."""
    rows = inputs.results
    rows = rows[(rows["kind"] == "control") & (rows["task"] == task) & rows["transfer"].notna()]
    for style, name in zip((":", "-.", "-.", (0, (5, 2))), MARKED, strict=True):
        for value in rows.loc[rows["name"] == name, "transfer"]:
            axes.axhline(value, color="black", linewidth=0.9, linestyle=style, label=label(name), zorder=1)


def information_label(inputs: Inputs) -> str:
    """Axis label that says how the information was measured."""
    estimator, features = inputs.record.information["estimator"], inputs.record.information["features"]
    how = f"{label(estimator)} on {features} features" if features else estimator
    return f"information between the views, {how} (nats)"
