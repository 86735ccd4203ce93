"""The sweet-spot stage: join, average, analyse, write."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pandas as pd

from infoviews.files import replacing, write_json, write_text
from infoviews.sweetspot.collect import AVERAGE, collect
from infoviews.sweetspot.curves import ALL, OFF_CURVE, analyse
from infoviews.sweetspot.dictionary import dictionary
from infoviews.sweetspot.objectives import differences, tightness
from infoviews.sweetspot.robustness import agreement, measures, rivals, sensitivity
from infoviews.sweetspot.settings import information_column, settings

log = logging.getLogger(__name__)


def run(spec: dict[str, Any], data: Path, out: Path) -> None:
    """Write ``results.csv``, ``results.parquet``, ``dictionary.csv``, ``settings.csv`` and ``shape.json``.

    Raises:
        ValueError: the study has no cells.
    """
    if not spec.get("cells"):
        raise ValueError(f"study {spec.get('study')!r} names no cells; it needs a view setting and an objective")
    results = collect(spec, data)
    column = information_column(results, spec)
    means = settings(results, column)
    absent = results[(results["status"] != "finished") & (results["task"] == AVERAGE)]
    for row in absent.itertuples():
        log.warning("%s is %s: %s", row.name, row.status, row.reason)
    curves = analyse(means, spec.get("sweetspot", {}), int(spec.get("seed", 0)))
    write_table(out / "results.csv", results)
    with replacing(out / "results.parquet") as temporary:
        results.to_parquet(temporary, index=False)
    write_table(out / "dictionary.csv", dictionary(list(dict.fromkeys([*results.columns, *means.columns]))))
    write_table(out / "settings.csv", means)
    write_json(out / "shape.json", shape(spec, column, curves, results, means))


def shape(
    spec: dict[str, Any], column: str, curves: list[dict[str, Any]], results: pd.DataFrame, means: pd.DataFrame
) -> dict[str, Any]:
    """Content of ``shape.json``: the main answer, every curve, and what the answer rests on."""
    main = main_objective(spec)
    first = next(c for c in curves if (c["objective"], c["family"], c["task"]) == (main, ALL, AVERAGE))
    points = means[(means["objective"] == main) & (means["task"] == AVERAGE) & ~means["role"].isin(OFF_CURVE)]
    table = measures(results)
    absent = results[(results["status"] != "finished") & (results["task"] == AVERAGE)]
    return rounded(
        {
            "study": spec["study"],
            "information": column,
            "verdict": first["verdict"],
            "sentence": first["sentence"],
            "main": {"objective": main, "family": ALL, "task": AVERAGE},
            "curves": curves,
            "objectives": differences(results, main),
            "tightness": tightness(results, column, AVERAGE),
            "agreement": agreement(table),
            "sensitivity": sensitivity(points, table, column.removeprefix("information_")),
            "rivals": rivals(results, points),
            "absent": absent[["name", "status", "reason"]].to_dict("records"),
        }
    )


def main_objective(spec: dict[str, Any]) -> str:
    """InfoNCE if the study has it, else its first objective."""
    objectives = [str(cell["objective"]) for cell in spec["cells"]]
    return "infonce" if "infonce" in objectives else objectives[0]


def rounded(value: Any) -> Any:
    """Six significant digits, so that the last bits of a linear-algebra library do not reach the files."""
    if isinstance(value, float):
        return None if value != value else float(f"{value:.6g}")
    if isinstance(value, dict):
        return {k: rounded(v) for k, v in value.items()}
    return [rounded(v) for v in value] if isinstance(value, list) else value


def write_table(path: Path, table: pd.DataFrame) -> None:
    """CSV with six significant digits."""
    write_text(path, table.to_csv(index=False, float_format="%.6g", lineterminator="\n"))
