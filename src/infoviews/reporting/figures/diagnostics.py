"""Further figures: estimators, dials and training, each one function of inputs and stem."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from infoviews.analysis.evidence.records import history
from infoviews.analysis.record import AVERAGE
from infoviews.names import label
from infoviews.reporting.figures.main import NAMED, family_marks
from infoviews.reporting.figures.style import GREY, arms, canvas, legend, look, points, told
from infoviews.reporting.inputs import Inputs
from infoviews.tables import interval, records

BEYOND = 1.5
"""Times the largest reference value at which the axis of estimates ends: one wild estimator must not hide the rest."""

MARGIN = 0.05
"""Share of the axis of estimates left free above and below them."""

DASHES = ("-", "--", ":", "-.")
"""Lines of the kinds of features that estimators look at."""

ALONE = "off the curve, or censored"
"""Name of settings without a line: control and iso views, and those whose reference is censored."""


def estimators(inputs: Inputs, stem: Path, narrow: bool = False) -> bool:
    """Every estimator against the truth where all settings have one, else against the study's own estimator.

    Lines join the settings of the curve whose reference is no mere lower limit; others are markers alone.

    Returns:
        Whether there was anything to draw.
    """
    known = as_on_axis(inputs).dropna(subset=["estimate"])
    exact = bool(known["exact"].notna().all())
    rows = inputs.settings.drop_duplicates("setting").set_index("setting")
    reference = known.drop_duplicates("setting").set_index("setting")["exact"] if exact else rows["information"]
    known = known.assign(x=known["setting"].map(reference.dropna()).astype(float), y=known["estimate"].astype(float))
    known = known.dropna(subset=["x"]).sort_values("k")
    known = known.drop_duplicates(["setting", "estimator", "features"], keep="last").sort_values(["x", "setting"])
    if known.empty:
        return False
    sure = rows.index[rows["role"].isna() & (exact | ~rows["censored"].astype(bool))]
    known["joined"] = known["setting"].isin(sure)
    top = BEYOND * max(float(known["x"].max()), 1.0)
    with canvas(stem, height=6.4 if narrow else 5, narrow=narrow) as (figure, (axes,)):
        handles = draw_estimates(axes, known, top)
        low, high = min(known["y"].min(), 0.0), min(known["y"].max(), top)
        room = MARGIN * ((high - low) or 1.0)
        axes.set_ylim(low - room, high + (room if high < top else 0.0))
        axes.set_xlabel("exact information (nats)" if exact else "the study's own estimate (nats)")
        axes.set_ylabel("estimate (nats)")
        legend(figure, {handle: str(handle.get_label()) for handle in handles})
    return True


def as_on_axis(inputs: Inputs) -> pd.DataFrame:
    """Estimates by the features that place settings on the curve; estimators that never read these keep their own."""
    frame = inputs.estimates
    read = frame["features"].eq(inputs.record.information["features"])
    return frame[read | ~frame["estimator"].isin(frame.loc[read, "estimator"])]


def draw_estimates(axes: Axes, known: pd.DataFrame, top: float) -> list[Line2D]:
    """Draw estimates ``y`` over references ``x``: colour and marker tell the estimator, line and filling the features.

    Args:
        known: one row per setting, estimator and features, by rising ``x``; ``joined`` rows are joined by lines.
        top: nats at which the axis ends; an estimator that goes beyond has its largest value in its name.

    Returns:
        What the legend shows: every estimator, every kind of features, and what lines and markers alone are.
    """
    axes.axline((0, 0), slope=1, color=GREY, linewidth=0.6, zorder=1)
    looks = look(sorted(known["estimator"].astype(str).unique()))
    kinds = sorted(known["features"].astype(str).unique())
    lines = dict(zip(kinds, DASHES * len(kinds), strict=False))
    for (estimator, features), mine in known.groupby(["estimator", "features"]):
        colour, marker = looks[str(estimator)]
        filled: dict[str, Any] = {
            "color": colour,
            "marker": marker,
            "markerfacecolor": colour if features == kinds[0] else "white",
        }
        joined, alone = mine[mine["joined"]], mine[~mine["joined"]]
        axes.plot(joined["x"], joined["y"], **filled, linestyle=lines[str(features)])
        axes.plot(alone["x"], alone["y"], **filled, linestyle="none", markersize=4, alpha=0.7)
    handles = []
    for estimator, (colour, marker) in looks.items():
        most = known.loc[known["estimator"] == estimator, "y"].max()
        name = label(estimator) + (f" (to {most:.0f})" if most > top else "")
        handles.append(Line2D([], [], color=colour, marker=marker, label=name))
    for kind, line in lines.items():
        face = GREY if kind == kinds[0] else "white"
        handles.append(Line2D([], [], color=GREY, marker="o", markerfacecolor=face, linestyle=line, label=kind))
    if not known["joined"].all():
        handles.append(Line2D([], [], color=GREY, marker="o", linestyle="none", markersize=4, label=ALONE))
    return [*handles, Line2D([], [], color=GREY, linewidth=0.6, label="equality")]


def dials(inputs: Inputs, stem: Path, narrow: bool = False) -> bool:
    """Information against the dial, one panel per view family with at least two numeric dial values."""
    rows = inputs.settings.dropna(subset=["information", "dial"]).drop_duplicates("setting")
    rows = rows[rows["role"].isna()]  # other roles share their family's dial without being steps of it
    families = [family for family, mine in rows.groupby("family") if mine["dial"].nunique() > 1]
    if not families:
        return False
    columns = min(1 if narrow else 3, len(families))
    height = 0.7 + 2.3 * -(-len(families) // columns)
    with canvas(stem, -(-len(families) // columns), columns, height=height, narrow=narrow, sharey=True) as (_, panels):
        for axes, family in zip(panels, families, strict=False):
            mine = rows[rows["family"] == family].sort_values("dial")
            value = mine["information"].to_numpy(float)
            bars = arms(value, mine["information_low"], mine["information_high"])
            colour, marker = inputs.looks[str(family)]
            shape: dict[str, Any] = {"color": colour, "marker": marker, "linestyle": "-"}
            told(points(axes, mine["dial"].to_numpy(float), value, yerr=bars, **shape), map(measured, records(mine)))
            axes.set_title(str(family), loc="left")
            axes.set_xlabel("dial")
        for axes in panels[::columns]:
            axes.set_ylabel("information (nats)")
        for axes in panels[len(families) :]:
            axes.set_visible(False)
    return True


def measured(p: Any) -> str:
    """A setting with its dial and information."""
    nats = interval(p.information, p.information_low, p.information_high, 2)
    return f"{p.setting}\n{p.family}, dial {p.dial:g}\ninformation {nats} nats"


def learning(inputs: Inputs, stem: Path, narrow: bool = False) -> bool:
    """Training bound of the main objective by step, one line per view setting, mean over seeds."""
    cells = [cell for cell in inputs.spec["cells"] if cell["objective"] == inputs.main]
    tables = [history(inputs.data, cell["name"]).assign(setting=cell["setting"]) for cell in cells]
    histories = [table for table in tables if not table.empty]
    table = pd.concat(histories) if histories else pd.DataFrame()
    column = next((c for c in ("bound", "value", "loss") if c in table), None)
    if column is None or table.empty:
        return False
    lines = table.groupby(["setting", "step"])[column].mean().unstack(0)
    lines = lines[sorted(lines.columns, key=lambda s: inputs.order.get(str(s), 0))]
    families = {setting["name"]: setting["family"] for setting in inputs.spec["settings"]}
    drawn = {families[str(setting)] for setting in lines}
    with canvas(stem, height=4.2, narrow=narrow) as (figure, (axes,)):
        for family, (colour, _) in inputs.looks.items():
            mine = [setting for setting in lines if families[str(setting)] == family]
            for setting, strength in zip(mine, np.linspace(0.3, 1, max(len(mine), 2)), strict=False):
                line = lines[setting]
                axes.plot(line.index.to_numpy(), line.to_numpy(float), color=colour, alpha=strength, label=str(setting))
        axes.set_xlabel("step")
        axes.set_ylabel(f"training {'loss' if column == 'loss' else 'bound'} (nats)")
        axes.set_title(label(inputs.main), loc="left")
        if len(lines.columns) <= NAMED:
            name_ends(axes, lines)
        legend(figure, {Line2D([], [], color=inputs.looks[f][0]): f for f in inputs.looks if f in drawn})
    return True


def name_ends(axes: Axes, lines: pd.DataFrame) -> None:
    """Names beside the last points of lines, none on another."""
    low, high = axes.get_ylim()
    least, at = 0.05 * (high - low), -np.inf
    for setting, value in lines.iloc[-1].sort_values(kind="stable").items():
        at = max(float(value), at + least)
        axes.annotate(
            str(setting), (lines.index[-1], at), (5, 0), textcoords="offset points", va="center", clip_on=False
        )


def plane(inputs: Inputs, stem: Path, narrow: bool = False) -> bool:
    """Alignment and uniformity of the main objective's cells at the end of training, the better the larger.

    Wang and Isola (2020) colour such points by accuracy; here colour tells the view family, as everywhere.
    """
    rows = inputs.results
    if not {"alignment", "uniformity"} <= set(rows.columns):
        return False
    rows = rows[(rows["objective"] == inputs.main) & (rows["task"] == AVERAGE) & (rows["role"] != "system")]
    rows = rows.dropna(subset=["alignment", "uniformity", "transfer"])
    if len(rows) < 3:
        return False
    low, high = rows["transfer"].min(), rows["transfer"].max()
    with canvas(stem, height=4.4, narrow=narrow) as (figure, (axes,)):
        for family, mine in rows.groupby("family", sort=False):
            colour, marker = inputs.looks[str(family)]
            sizes = 12 + 110 * (mine["transfer"] - low) / ((high - low) or 1.0)
            options: dict[str, Any] = {"color": colour, "marker": marker, "alpha": 0.7, "label": str(family)}
            drawn = axes.scatter(mine["uniformity"], mine["alignment"], s=sizes, **options)
            told(drawn, (f"{p.name}\naverage transfer {p.transfer:.1f} %" for p in records(mine)))
        axes.set_xlabel("uniformity (lower is more uniform)")
        axes.set_ylabel("alignment (lower is closer)")
        axes.set_title(f"size: average transfer, {low:.1f} to {high:.1f} %", loc="left")
        legend(figure, family_marks(inputs, rows["family"]))
    return True
