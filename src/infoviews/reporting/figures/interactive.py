"""The curve that answers to the mouse: Bokeh's plot as JSON, with ids that do not depend on what ran before."""

from __future__ import annotations

import json
import re
from typing import Any

import pandas as pd

from infoviews.analysis.record import AVERAGE
from infoviews.names import label
from infoviews.reporting.figures.style import GREY, look
from infoviews.reporting.inputs import Inputs

TARGET = "curve"
MARKS = (
    "circle",
    "square",
    "triangle",
    "diamond",
    "inverted_triangle",
    "plus",
    "cross",
    "hex",
    "circle_dot",
    "square_x",
)
PLOT, ENTRY = 380, 24
"""Pixels of the plot with its axes, and of each line of the legend below it."""

TOOLTIPS = [
    ("views", "@setting"),
    ("objective", "@objective"),
    ("information", "@information{0.00} nats [@information_low{0.00}, @information_high{0.00}]"),
    ("transfer", "@transfer{0.0} % [@low{0.0}, @high{0.0}]"),
    ("seeds", "@seeds"),
    ("flag", "@flag"),
]


def curve_json(inputs: Inputs) -> str:
    """The plot of every objective and setting that was measured, for ``Bokeh.embed.embed_item``."""
    from bokeh.embed import json_item

    item = json.dumps(json_item(plot(inputs), TARGET))  # type: ignore[arg-type]
    ids = {found: f"p{1000 + i}" for i, found in enumerate(dict.fromkeys(re.findall(r'"(p\d+)"', item)))}
    item = re.sub(r'"(p\d+)"', lambda m: f'"{ids[m[1]]}"', item)
    return item.replace("</", "<\\/")


def plot(inputs: Inputs) -> Any:
    """Points with intervals, one legend entry per objective, family and role that hides it when clicked."""
    from bokeh.models import HoverTool
    from bokeh.plotting import figure

    drawn = figure(
        height=PLOT,
        sizing_mode="stretch_width",
        x_axis_label="information between the views (nats)",
        y_axis_label="transfer, average over tasks (%)",
        tools="pan,wheel_zoom,box_zoom,reset",
        toolbar_location="above",
        output_backend="canvas",
    )
    drawn.toolbar.logo = None
    rows = inputs.own_settings[inputs.own_settings["task"] == AVERAGE].dropna(subset=["transfer", "information"])
    rows = rows.assign(role=rows["role"].astype("object").fillna(""))
    keys = sorted({(str(r.objective), str(r.family), str(r.role)) for r in rows.itertuples()})
    looks = look([" ".join(key) for key in keys])
    points, names = [], [""]
    for index, (objective, family, role) in enumerate(keys):
        mine = rows[(rows["objective"] == objective) & (rows["family"] == family) & (rows["role"] == role)]
        name = f"{label(objective)}, {family}" + (f", {role}" if role else "")
        names.append(name)
        marker = MARKS[index % len(MARKS)] if not role else {"iso": "star", "control": "x"}.get(role, "asterisk")
        points.append(add_points(drawn, source(mine), looks[" ".join((objective, family, role))][0], marker, name))
    add_line(drawn, inputs)
    drawn.add_tools(HoverTool(renderers=points, tooltips=TOOLTIPS))
    if drawn.legend:
        drawn.legend.click_policy = "hide"
        drawn.legend.location = "bottom_right"
        drawn.add_layout(drawn.legend[0], "below")
        columns = 1 if max(map(len, names)) > 18 else 2  # two long columns do not fit a phone
        drawn.legend[0].ncols = columns
        drawn.height = PLOT + ENTRY * -(-len(names) // columns)  # else a long legend leaves the plot no room
    return drawn


def source(rows: pd.DataFrame) -> Any:
    """Columns of one series, plain lists so that the JSON stays readable and small."""
    from bokeh.models import ColumnDataSource

    flags = rows["information_flag"].astype("string").fillna("")
    flags = flags.where(~rows["censored"], "censored: at least this much")
    columns = ["setting", "objective", "information", "information_low", "information_high", "transfer", "low", "high"]
    table = rows[[*columns, "seeds"]].assign(flag=flags)
    data: dict[str, Any] = {}
    for name, values in table.items():
        plain = values.round(4) if pd.api.types.is_numeric_dtype(values) else values
        data[str(name)] = [None if pd.isna(v) else v for v in plain.tolist()]
    return ColumnDataSource(data)


def add_points(drawn: Any, data: Any, colour: str, marker: str, name: str) -> Any:
    """One series with its intervals; returns the points."""
    shared = {"source": data, "line_color": colour, "line_alpha": 0.5, "legend_label": name}
    drawn.segment("information", "low", "information", "high", **shared)
    drawn.segment("information_low", "transfer", "information_high", "transfer", **shared)
    return drawn.scatter("information", "transfer", source=data, marker=marker, size=9, color=colour, legend_label=name)


def add_line(drawn: Any, inputs: Inputs) -> None:
    """The smooth curve of the main objective, and its peak where there is one."""
    from bokeh.models.annotations import BoxAnnotation

    curve = inputs.curve()
    line = curve.smooth
    if line:
        name = f"{label(curve.objective)}, smooth curve"
        drawn.line(line["information"], line["transfer"], color=GREY, legend_label=name)
        drawn.varea(line["information"], line["low"], line["high"], color=GREY, alpha=0.12, legend_label=name)
    if curve.found:
        low, high = curve.found.location_low, curve.found.location_high
        drawn.add_layout(BoxAnnotation(left=low, right=high, fill_color="#F0E442", fill_alpha=0.3))
