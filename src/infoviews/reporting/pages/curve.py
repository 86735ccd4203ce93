"""The sweet-spot page: the main curve as table and figure, the verdict on every curve."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from infoviews.analysis.record import AVERAGE, Curve
from infoviews.files import write_text
from infoviews.names import label
from infoviews.reporting.inputs import Inputs
from infoviews.reporting.wording import peaks
from infoviews.reporting.wording.say import plain, said, some
from infoviews.tables import MISSING, Table, interval, number, p_value, records

CURVE_COLUMNS = ["objective", "setting", "family", "dial", "seeds", "information", "information_low"]
CURVE_COLUMNS += ["information_high", "information_flag", "censored", "transfer", "low", "high"]

NESTED = {"two_lines", "shapes", "peak", "power", "smooth", "iso"}
"""Fields of a curve that are no single values."""

ROLES = {"control": "control", "iso": "matched control", "tuned": "chosen to tune training", "variant": "other dropout"}


def points_table(inputs: Inputs) -> Table:
    """The main objective's settings, by rising information; settings that are no points of its curve at the end."""
    every = pd.concat([inputs.points(role=role) for role in (None, "iso", "tuned", "variant", "control")])
    rows = [
        [p.setting, interval(p.information, p.information_low, p.information_high, 2)]
        + [interval(p.transfer, p.low, p.high), number(int(p.seeds)), flag(p)]
        for p in records(every)
    ]
    return Table(["views", "information (nats)", "transfer (%)", "seeds", "flag"], rows)


def flag(point: Any) -> str:
    """Why a point is to be distrusted, or is none of the curve."""
    text = point.information_flag if isinstance(point.information_flag, str) else ""
    return ROLES.get(point.role, "") or text or ("censored" if point.censored else "")


def verdict_table(inputs: Inputs) -> Table:
    """One row per curve that was tested, and per task of the main objective over all families."""
    columns = ["objective", "views", "task", "settings", "slope before", "slope after", "p", "peak (nats)"]
    rows = []
    for c in (c for c in inputs.record.curves if needs_row(inputs, c)):
        lines, power, peak = c.two_lines or {}, c.power or {}, c.found
        cells = [label(c.objective), c.family, label(c.task), number(c.n), number(lines.get("slope_low"))]
        cells += [number(lines.get("slope_high")), p_value(c.p_holm)]
        cells.append(interval(peak.location, peak.location_low, peak.location_high, 2) if peak else MISSING)
        cells += [number(power.get("at_one_point")), number(power.get("detectable"), 1), c.verdict]
        rows.append(cells)
    return Table([*columns, "power at 1 point", "points for 80 %", "verdict"], rows, left=3)


def needs_row(inputs: Inputs, curve: Curve) -> bool:
    """Whether a curve was tested, or is one that a reader looks for though it was not."""
    return curve.p is not None or (curve.objective, curve.family) == (inputs.record.main["objective"], "all")


def method(inputs: Inputs) -> str:
    """How curves are judged, and which could not be tested, with the number of settings that they have."""
    few: dict[str, int] = {}
    for c in (c for c in inputs.record.curves if not needs_row(inputs, c)):
        name = label(c.objective) + ("" if c.family == "all" else f" on {c.family}")
        few[name] = max(c.n, few.get(name, 0))
    told = f"Not tested, for want of fully measured settings: {some(list(few))}." if few else ""
    return said(peaks.METHOD, told)


def shape_frame(curves: list[Curve]) -> pd.DataFrame:
    """The curves with all numbers flat, one row each."""
    rows = []
    for curve in curves:
        row = {k: v for k, v in vars(curve).items() if k not in NESTED}
        for part in ("two_lines", "peak", "power"):
            values = getattr(curve, part) or {}
            row |= {f"{part}_{k}": v for k, v in (values if isinstance(values, dict) else vars(values)).items()}
        for name, values in (curve.shapes or {}).items():
            row |= {f"{name}_{k}": v for k, v in values.items()}
        rows.append(row | {"sentence": peaks.answer(curve)})
    return pd.DataFrame(rows)


def write_curve(inputs: Inputs, out: Path) -> None:
    """Write ``sweetspot.md``, ``.csv``, ``.tex``, ``shapes.csv``, ``.tex`` and ``curve.csv``."""
    text = (
        f"# Sweet spot: {inputs.study}\n\n{inputs.answer}\n\n![Transfer against information](sweetspot.svg)"
        f"\n\n{points_table(inputs).markdown()}\n## Every curve\n\n{method(inputs)}\n\n"
        f"{verdict_table(inputs).markdown()}"
    )
    write_text(out / "sweetspot.md", text)
    write_text(out / "sweetspot.tex", points_table(inputs).latex(plain(inputs.answer), f"tab:{inputs.study}"))
    caption = f"Every curve of study {inputs.study}. {method(inputs)}"
    write_text(out / "shapes.tex", verdict_table(inputs).latex(caption, f"tab:shapes-{inputs.study}"))
    rows = inputs.settings
    write_text(out / "sweetspot.csv", rows.to_csv(index=False, float_format="%.5f", lineterminator="\n"))
    frame = shape_frame(inputs.record.curves)
    write_text(out / "shapes.csv", frame.to_csv(index=False, float_format="%.5f", lineterminator="\n"))
    known = rows[rows["task"] == AVERAGE].dropna(subset=["transfer", "information"])
    known = known.sort_values(["objective", "information", "setting"])[CURVE_COLUMNS]
    write_text(out / "curve.csv", known.to_csv(index=False, float_format="%.5f", lineterminator="\n"))
