"""The sweet-spot stage: join, average, analyse, answer the study's questions, write."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pandas as pd

from infoviews.analysis.answers._answer import Evidence
from infoviews.analysis.answers.ask import ask
from infoviews.analysis.answers.curves import analyse
from infoviews.analysis.answers.gate import gate
from infoviews.analysis.answers.objectives import differences, tightness
from infoviews.analysis.answers.prediction import rivals
from infoviews.analysis.answers.robustness import agreement, measures, sensitivity
from infoviews.analysis.answers.systems import compare
from infoviews.analysis.evidence.designs import designs
from infoviews.analysis.evidence.dictionary import dictionary
from infoviews.analysis.evidence.encoders import cells_to_show, chosen_maps, measured
from infoviews.analysis.evidence.estimates import axis, estimates, name_of
from infoviews.analysis.evidence.join import collect, scored
from infoviews.analysis.evidence.scatter import levels, scatter, with_seeds
from infoviews.analysis.evidence.settings import settings
from infoviews.analysis.record import ALL, AVERAGE, FILE, Record, Role
from infoviews.analysis.statistics.simex import measurement_error
from infoviews.files import replacing, write_text
from infoviews.seals import seal, write_record

FILES = ("results.csv", "results.parquet", "dictionary.csv", "settings.csv", "estimates.csv", "maps.csv", FILE)

log = logging.getLogger(__name__)


def run(spec: dict[str, Any], data: Path, out: Path) -> None:
    """Write ``results.csv``, ``.parquet``, ``settings.csv``, ``estimates.csv``, ``dictionary.csv``, ``maps.csv`` and
    ``shape.json``.

    Raises:
        ValueError: the study has no cells.
    """
    if not spec.get("cells"):
        raise ValueError(f"study {spec.get('study')!r} names no cells; it needs a view setting and an objective")
    results = collect(spec, data)
    results = with_seeds(results.join(designs(results, data), on="name"))
    means = settings(results)
    absent = results[(results["status"] != "finished") & (results["task"] == AVERAGE)]
    for row in absent.itertuples():
        log.warning("%s is %s: %s", row.name, row.status, row.reason)
    curves = analyse(means, spec.get("sweetspot", {}), int(spec.get("seed", 0)))
    results = results.join(measured(data, "quality").set_index("name"), on="name")
    alike = measured(data, "similarity")
    known = scored(data, sorted(set(results["name"])))
    evidence = Evidence(results, means, curves, alike, spec["main"], data, levels(results), known, spec["settings"])
    write_table(out / "results.csv", results)
    with replacing(out / "results.parquet") as temporary:
        results.to_parquet(temporary, index=False)
    found = estimates(data, sorted({cell["setting"] for cell in spec["cells"]}))
    columns = [*results.columns, *means.columns, *found.columns]
    write_table(out / "dictionary.csv", dictionary(list(dict.fromkeys(columns))))
    write_table(out / "settings.csv", means)
    write_table(out / "estimates.csv", found)
    points = means[(means["objective"] == spec["main"]) & means["role"].isna() & (means["task"] == AVERAGE)]
    shown = cells_to_show(results, points, spec.get("start"))
    write_table(out / "maps.csv", chosen_maps(measured(data, "maps"), shown))
    record(spec, evidence, points, found).write(out / FILE)
    write_record(out / "manifest.json", {"files": seal(out, FILES)})


def record(spec: dict[str, Any], evidence: Evidence, points: pd.DataFrame, found: pd.DataFrame) -> Record:
    """The main answer, every curve and question, and what the answer rests on."""
    results, main, seed = evidence.results, evidence.main, int(spec.get("seed", 0))
    first = next(c for c in evidence.curves if (c.objective, c.family, c.task) == (main, ALL, AVERAGE))
    controls = [setting["name"] for setting in spec["settings"] if setting.get("role") == Role.CONTROL]
    table, (estimator, features) = measures(found[~found["setting"].isin(controls)]), axis(found, spec)
    absent = results[(results["status"] != "finished") & (results["task"] == AVERAGE)]
    others = rivals(results, points, seed)
    return Record(
        study=spec["study"],
        information={"estimator": estimator, "features": features},
        verdict=first.verdict,
        gate=gate(results, evidence.means, main, spec["tasks"], evidence.scored),
        main={"objective": main, "family": ALL, "task": AVERAGE},
        curves=evidence.curves,
        questions=ask(evidence, others, int(spec.get("sweetspot", {}).get("power", 200)), seed),
        objectives=differences(results, main, evidence.levels),
        scatter=scatter(results, evidence.levels),
        tightness=tightness(results, AVERAGE),
        agreement=agreement(table),
        sensitivity=sensitivity(points, table, name_of(estimator, features)),
        error=measurement_error(points, seed),
        rivals=others,
        systems=compare(spec, results, evidence.data, evidence.scored),
        absent=[{str(k): v for k, v in row.items()} for row in absent[["name", "status", "reason"]].to_dict("records")],
    )


def write_table(path: Path, table: pd.DataFrame) -> None:
    """CSV with six significant digits."""
    write_text(path, table.to_csv(index=False, float_format="%.6g", lineterminator="\n"))
