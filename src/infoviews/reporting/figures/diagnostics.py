"""Further figures: estimators, dials, objectives and training, each one function of inputs and stem."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from infoviews.analysis.evidence.records import history
from infoviews.analysis.record import AVERAGE
from infoviews.names import label
from infoviews.reporting.figures.style import GREY, PALETTE, arms, canvas, look
from infoviews.reporting.inputs import Inputs

BEYOND = 1.5
"""Times the largest reference value at which the axis of estimates ends: one wild estimator must not hide the rest."""

MARGIN = 0.05
"""Share of the axis of estimates left free above and below them."""

DASHES = ("-", "--", ":", "-.")
"""Lines of the kinds of features that estimators look at."""

ALONE = "off the curve, or censored"
"""Name of settings without a line: control and iso views, and those whose reference is censored."""


def estimators(inputs: Inputs, frame: pd.DataFrame, stem: Path) -> bool:
    """Every estimator against the truth where it is known, else against the study's own estimator.

    Lines join the settings of the curve whose reference is no mere lower limit; others are markers alone.

    Args:
        frame: the information table's frame.

    Returns:
        Whether there was anything to draw.
    """
    known = frame.dropna(subset=["estimate"])
    exact = bool(known["exact"].notna().any())
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
    with canvas(stem, height=4.6) as (figure, (axes,)):
        handles = draw_estimates(axes, known, top)
        low, high = min(known["y"].min(), 0.0), min(known["y"].max(), top)
        room = MARGIN * ((high - low) or 1.0)
        axes.set_ylim(low - room, high + (room if high < top else 0.0))
        axes.set_xlabel("exact information (nats)" if exact else "information by the study's estimator (nats)")
        axes.set_ylabel("estimate (nats)")
        figure.legend(handles=handles, loc="outside lower center", ncols=4)
    return True


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


def dials(inputs: Inputs, stem: Path) -> bool:
    """Information against the dial, one panel per view family with at least two numeric dial values."""
    rows = inputs.settings.dropna(subset=["information", "dial"]).drop_duplicates("setting")
    rows = rows[rows["role"].isna()]  # other roles share their family's dial without being steps of it
    families = [family for family, mine in rows.groupby("family") if mine["dial"].nunique() > 1]
    if not families:
        return False
    columns = min(3, len(families))
    height = 0.7 + 2.3 * -(-len(families) // columns)
    with canvas(stem, -(-len(families) // columns), columns, height=height) as (figure, panels):
        for axes, family in zip(panels, families, strict=False):
            mine = rows[rows["family"] == family].sort_values("dial")
            value = mine["information"].to_numpy(float)
            bars = arms(value, mine["information_low"], mine["information_high"])
            axes.errorbar(mine["dial"].to_numpy(float), value, yerr=bars, marker="o", color=PALETTE[0])
            axes.set_title(str(family), loc="left")
            axes.set_xlabel("dial")
            axes.set_ylabel("information (nats)")
        for axes in panels[len(families) :]:
            axes.set_visible(False)
    return True


def objectives(inputs: Inputs, stem: Path) -> bool:
    """Average transfer of each objective on each view setting, as a heat map with the numbers in it."""
    rows = inputs.own_settings[inputs.own_settings["task"] == AVERAGE].dropna(subset=["transfer"])
    table = rows.pivot(index="setting", columns="objective", values="transfer")
    if table.shape[1] < 2:
        return False
    table = table.loc[sorted(table.index, key=lambda s: inputs.order.get(str(s), 0))]
    with canvas(stem, height=1.2 + 0.28 * len(table)) as (figure, (axes,)):
        values = np.ma.masked_invalid(table.to_numpy(float))
        image = axes.imshow(values, cmap="cividis", aspect="auto")
        names = [label(str(name)) for name in table.columns]
        axes.set_xticks(range(len(names)), names, rotation=45, ha="right", rotation_mode="anchor")
        axes.set_yticks(range(len(table)), list(table.index))
        axes.grid(False)
        middle = (values.min() + values.max()) / 2
        for (row, column), value in np.ndenumerate(table.to_numpy(float)):
            if np.isfinite(value):
                ink = "white" if value < middle else "black"
                axes.text(column, row, f"{value:.1f}", ha="center", va="center", color=ink, fontsize=7)
        figure.colorbar(image, ax=axes, label="transfer, average over tasks (%)")
    return True


def learning(inputs: Inputs, stem: Path) -> bool:
    """Training bound of the main objective by step, one line per view setting, mean over seeds."""
    main = inputs.record.main["objective"]
    cells = [cell for cell in inputs.spec["cells"] if cell["objective"] == main]
    tables = [history(inputs.data, cell["name"]).assign(setting=cell["setting"]) for cell in cells]
    histories = [table for table in tables if not table.empty]
    table = pd.concat(histories) if histories else pd.DataFrame()
    column = next((c for c in ("bound", "value", "loss") if c in table), None)
    if column is None or table.empty:
        return False
    lines = table.groupby(["setting", "step"])[column].mean().unstack(0)
    lines = lines[sorted(lines.columns, key=lambda s: inputs.order.get(str(s), 0))]
    with canvas(stem, height=4.2) as (figure, (axes,)):
        shades = np.linspace(0, 0.9, lines.shape[1])
        for (setting, line), shade in zip(lines.items(), shades, strict=True):
            axes.plot(
                line.index.to_numpy(), line.to_numpy(float), color=colormaps["viridis"](shade), label=str(setting)
            )
        axes.set_xlabel("step")
        axes.set_ylabel(f"training {'loss' if column == 'loss' else 'bound'} (nats)")
        axes.set_title(label(main), loc="left")
        figure.legend(loc="outside lower center", ncols=4)
    return True


def plane(inputs: Inputs, stem: Path) -> bool:
    """Alignment and uniformity of every cell at the end of training, coloured by transfer (Wang & Isola 2020)."""
    rows = inputs.results
    if not {"alignment", "uniformity"} <= set(rows.columns):
        return False
    rows = rows[(rows["kind"] == "cell") & (rows["task"] == AVERAGE) & (rows["role"] != "system")]
    rows = rows.dropna(subset=["alignment", "uniformity", "transfer"])
    if len(rows) < 3:
        return False
    with canvas(stem, height=4.2) as (figure, (axes,)):
        looks = look(sorted(rows["objective"].unique()))
        low, high = rows["transfer"].min(), rows["transfer"].max()
        for objective, mine in rows.groupby("objective"):
            shades = mine["transfer"].to_numpy(float)
            marker, name = looks[str(objective)][1], label(str(objective))
            points = axes.scatter(
                mine["uniformity"], mine["alignment"], c=shades, vmin=low, vmax=high, cmap="cividis", marker=marker
            )
            axes.plot([], [], linestyle="none", marker=marker, color=GREY, label=name)
        axes.set_xlabel("uniformity (lower is more uniform)")
        axes.set_ylabel("alignment (lower is closer)")
        figure.colorbar(points, ax=axes, label="transfer, average over tasks (%)")
        figure.legend(loc="outside lower center", ncols=5)
    return True
