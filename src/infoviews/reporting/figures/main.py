"""Transfer against information: the main curve, and one small panel per task."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.markers import TICKRIGHT
from matplotlib.patches import Patch

from infoviews.analysis.record import ALL, AVERAGE, Curve, Verdict
from infoviews.names import label
from infoviews.reporting.figures.style import BAND, FONT, GREY, INK, PAPER, arms, canvas, legend, points, told
from infoviews.reporting.inputs import Inputs
from infoviews.reporting.wording.say import counted
from infoviews.tables import interval, records

DOTS = (0, (3, 1, 1, 1, 1, 1))
MARKED: dict[str, Any] = {"random": ":", "mlm": "-.", "hub": "-.", "skipgram-average": "--", "bag-of-words": DOTS}
"""Controls drawn as lines across the curve's plot, and their style."""

OFF_CURVE = {
    "control": (GREY, "x", "views that share nothing"),
    "tuned": (GREY, "P", "views that rate and steps were tuned on"),
    "iso": (INK, "*", "share as much, but nothing that a task uses"),
    "variant": (GREY, "d", "the same pairs under another dropout"),
}
"""Colour, marker and name of settings that are no points of the curve."""

SIGNS = {Verdict.PEAK: "peak", Verdict.NONE: "no peak", Verdict.OPEN: "cannot tell"}

NAMED = 12
"""With so many points each has its name beside it."""


def sweetspot(inputs: Inputs, stem: Path, narrow: bool = False) -> bool:
    """Transfer against information for the main objective, with controls and the peak where there is one."""
    curve = inputs.record.curve()
    entries = 8 + inputs.points()["family"].nunique()
    with canvas(stem, height=(2.9 if narrow else 0.8) + 0.21 * max(entries, 8 if narrow else 15), narrow=narrow) as (
        figure,
        (axes,),
    ):
        draw_curve(axes, inputs, curve)
        draw_controls(axes, inputs)
        if not narrow:
            name_points(axes, inputs.points())
        axes.set_xlabel(textwrap.fill(information_label(inputs), 32 if narrow else 45))
        axes.set_ylabel("average transfer (%)")
        legend(figure, curve_marks(inputs, axes, [curve]), "beside")
    return True


def tasks(inputs: Inputs, stem: Path, narrow: bool = False) -> bool:
    """One small panel per task, all on one scale: points above the encoder that training started from.

    Returns:
        Whether two tasks or more were measured.
    """
    curves = {c.task: c for c in inputs.record.curves if (c.objective, c.family) == (inputs.main, ALL)}
    names = [task for task in inputs.spec["tasks"] if task in curves and not inputs.points(task=task).empty]
    if len(names) < 2:
        return False
    columns = 2 if narrow or len(names) < 5 else 3
    rows = -(-len(names) // columns)
    options: dict[str, Any] = {"narrow": narrow, "sharex": True, "sharey": True}
    with canvas(stem, rows, columns, height=1.9 + 1.7 * rows, **options) as (figure, panels):
        for axes, task in zip(panels, names, strict=False):
            base = inputs.base_score(task)
            draw_curve(axes, inputs, curves[task], base)
            if base:
                axes.axhline(0, color=INK, linewidth=0.9, zorder=1)
            axes.set_title(f"{label(task)}: {SIGNS[curves[task].verdict]}", loc="left")
        for axes in panels[len(names) :]:
            axes.set_visible(False)
        figure.supylabel(f"points above the {label(inputs.base)}" if inputs.base else "transfer (%)", fontsize=FONT)
        figure.supxlabel(textwrap.fill(information_label(inputs), 32 if narrow else 70), fontsize=FONT)
        legend(figure, curve_marks(inputs, panels[0], [curves[task] for task in names]), "upper")
    return True


def points_first(axes: Axes) -> dict[Any, str]:
    """What a legend shows of axes, points before lines."""
    handles, names = axes.get_legend_handles_labels()
    known: list[tuple[Any, str]] = list(zip(handles, names, strict=True))
    return dict(sorted(known, key=lambda one: one[0].get_marker() == "None"))


def family_marks(inputs: Inputs, families: Iterable[str]) -> dict[Any, str]:
    """What a legend shows of view families, in the study's order."""
    looks = {name: look for name, look in inputs.looks.items() if name in set(families)}
    if len(inputs.looks) == 1:
        looks = dict(zip(["a way to make two views"], looks.values(), strict=False))
    return {Line2D([], [], color=c, marker=m, linestyle="none"): name for name, (c, m) in looks.items()}


def curve_marks(inputs: Inputs, axes: Axes, curves: Iterable[Curve]) -> dict[Any, str]:
    """What a legend shows of curves: families, what hollow points are, settings off the curve, bands and lines."""
    rows = inputs.points()
    found = family_marks(inputs, rows["family"])
    if rows["censored"].any():
        hollow = Line2D([], [], color=GREY, marker="o", markerfacecolor=PAPER, linestyle="none")
        found[hollow] = "hollow: this much or more"
    others = {handle: name for handle, name in points_first(axes).items() if name not in inputs.looks}
    found |= {handle: name for handle, name in others.items() if handle.get_marker() != "None"}
    if any(curve.smooth for curve in curves):
        found[Patch(color=GREY, alpha=0.13, linewidth=0), Line2D([], [], color=GREY)] = "smooth curve, 95 % band"
    if any(curve.found for curve in curves):
        place = Line2D([], [], color=GREY, marker="|", markersize=9, linestyle="none")
        found[Patch(color=BAND, alpha=0.35, linewidth=0), place] = "peak, 95 % interval"
    return found | others


def draw_curve(axes: Axes, inputs: Inputs, curve: Curve, base: float = 0.0) -> None:
    """Points with intervals in both directions; the smoothed line and peak only where the curve was analysed.

    Args:
        base: percent that is subtracted from every score.
    """
    rows = inputs.points(curve.objective, curve.task)
    if rows.empty:
        axes.text(0.5, 0.5, "nothing was measured", ha="center", transform=axes.transAxes, color=GREY)
        return
    for family, mine in rows.groupby("family", sort=False):
        colour, marker = inputs.looks[str(family)]
        draw_points(axes, mine[~mine["censored"]], base, colour, marker, str(family))
        draw_points(axes, mine[mine["censored"]], base, colour, marker, str(family), hollow=True)
    for role, (colour, marker, name) in OFF_CURVE.items():
        draw_points(axes, inputs.points(curve.objective, curve.task, role), base, colour, marker, name)
    if curve.smooth:
        line = curve.smooth
        # A spline knows nothing of percent; what lies beyond is no transfer score.
        middle, low, high = (np.clip(line[key], 0, 100) - base for key in ("transfer", "low", "high"))
        axes.plot(line["information"], middle, color=GREY, zorder=1.5)
        axes.fill_between(line["information"], low, high, color=GREY, alpha=0.13, linewidth=0, zorder=1)
    if curve.found:
        peak = curve.found
        axes.axvspan(peak.location_low, peak.location_high, color=BAND, alpha=0.35, linewidth=0, zorder=0)
        axes.axvline(peak.location, color=GREY, linewidth=1)


def draw_points(
    axes: Axes, rows: pd.DataFrame, base: float, colour: str, marker: str, name: str, hollow: bool = False
) -> None:
    """Settings of one family; censored ones are hollow, with a line to the right."""
    if rows.empty:
        return
    x, y = rows["information"].to_numpy(float), rows["transfer"].to_numpy(float)
    look: dict[str, Any] = {"color": colour, "marker": marker, "label": name}
    across = None if hollow else arms(x, rows["information_low"], rows["information_high"])
    if hollow:
        look["markerfacecolor"] = PAPER
        axes.plot(x, y - base, color=colour, marker=TICKRIGHT, markersize=9, linestyle="none", zorder=1.9)
    told(points(axes, x, y - base, across, arms(y, rows["low"], rows["high"]), **look), described(rows))


def described(rows: pd.DataFrame) -> list[str]:
    """What each setting is and has: name, family and dial, information and transfer with their intervals.

    The panel of one task says its transfer alone: there are many, and the rest is said of the average.
    """
    found = []
    for p in records(rows):
        transfer = f"{label(p.task)} transfer {interval(p.transfer, p.low, p.high)} %"
        if p.task != AVERAGE:
            found.append(f"{p.setting}\n{transfer}")
            continue
        dial = "" if pd.isna(p.dial) else f", dial {p.dial:g}"
        nats = interval(p.information, p.information_low, p.information_high, 2)
        more = " or more" if p.censored else ""
        found.append(
            f"{p.setting}\n{p.family}{dial}\n{label(p.objective)}, {counted(p.seeds, 'seed')}\n"
            f"information {nats} nats{more}\n{transfer}"
        )
    return found


def name_points(axes: Axes, rows: pd.DataFrame) -> None:
    """Names beside the points, where these are few."""
    few = rows if len(rows) <= NAMED else rows[:0]
    top = few.loc[few["transfer"] == few["transfer"].max(), "information"].max()
    for p in records(few):
        offset = (6, -11 if p.information < top else 5)
        axes.annotate(p.setting, (p.information, p.transfer), offset, textcoords="offset points", color=GREY)


def draw_controls(axes: Axes, inputs: Inputs) -> None:
    """Horizontal lines of the controls."""
    rows = inputs.controls()
    for name, style in MARKED.items():
        for value in rows.loc[rows["name"] == name, "transfer"]:
            text = f"{label(name)}, {value:.1f}\u00a0%"
            axes.axhline(value, color=INK, linewidth=0.9, linestyle=style, label=text, zorder=1)


def information_label(inputs: Inputs) -> str:
    """Axis label that says how the information was measured."""
    estimator, features = inputs.record.information["estimator"], inputs.record.information["features"]
    if not features:
        return f"{estimator} information that the two views share (nats)"
    return f"information that the two views share, {label(estimator)} on {features} features (nats)"
