"""The study in plain words and flat numbers, and the index over studies."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from infoviews.analysis.record import AVERAGE
from infoviews.files import read_json, write_json, write_text
from infoviews.reporting.figures.every import FIGURES
from infoviews.reporting.inputs import Inputs
from infoviews.reporting.pages.questions import not_asked
from infoviews.reporting.wording import gate as gates
from infoviews.reporting.wording import glossary
from infoviews.reporting.wording import summary as wording
from infoviews.reporting.wording import systems as systems_wording
from infoviews.reporting.wording.tables import LINKS
from infoviews.tables import MISSING, Table, number, records


def metrics(inputs: Inputs) -> dict[str, Any]:
    """Flat numbers for ``dvc metrics show``."""
    results = inputs.results
    averages = results[results["task"] == AVERAGE]
    cells = averages[averages["kind"] == "cell"]
    found: dict[str, Any] = {
        "verdict": inputs.record.verdict,
        "cells": len(cells),
        "cells_finished": int((cells["status"] == "finished").sum()),
    }
    for row in records(averages[averages["kind"] == "control"]):
        found[f"transfer_{row.name}"] = row.transfer
    for objective, rows in inputs.own_settings[inputs.own_settings["task"] == AVERAGE].groupby("objective"):
        found[f"transfer_{objective}_best"] = rows["transfer"].max()
        found[f"transfer_{objective}_mean"] = rows["transfer"].mean()
    curve = inputs.record.curve()
    gate = inputs.record.gate
    found |= {"void": gate.void, "gate_settings": gate.settings, "gate_above": gate.above, "gate_below": gate.below}
    found["gate_furthest"] = (gate.furthest or {}).get("difference")
    won = inputs.record.systems.get("won") or {}
    found |= {"own_result": won.get("result"), "own_difference": won.get("difference")}
    found |= {"own_difference_low": won.get("low"), "own_difference_high": won.get("high")}
    found["tasks_differ_p"] = next((a.facts.get("p") for a in inputs.record.questions if a.name == "amounts"), None)
    found |= {f"peak_{k}": v for k, v in (vars(curve.found) if curve.found else {}).items()}
    found |= {f"power_{k}": v for k, v in (curve.power or {}).items()}
    return {k: round(v, 4) if isinstance(v, float) else v for k, v in found.items() if not missing(v)}


def missing(value: Any) -> bool:
    """Whether a number is absent."""
    return value is None or (isinstance(value, float) and not math.isfinite(value))


def first_words(inputs: Inputs) -> dict[str, Any]:
    """What a reader is told first: ``answer``, ``best``, ``findings`` (a list), ``sure`` and ``changes``."""
    rows = inputs.own_settings[inputs.own_settings["task"] == AVERAGE].dropna(subset=["transfer"])
    controls = inputs.results[(inputs.results["kind"] == "control") & (inputs.results["task"] == AVERAGE)]
    controls = controls.dropna(subset=["transfer"])
    excess = next((q.sentence for q in inputs.questions if q.found.name == "excess"), "")
    curve, gate = inputs.record.curve(), inputs.record.gate
    return {
        "answer": wording.answer(curve, excess, gate),
        "best": wording.best(rows, controls),
        "findings": wording.findings(curve, excess, rows, controls, gate, inputs.artificial),
        "sure": wording.sure(curve),
        "changes": wording.changes(inputs.record.sensitivity),
    }


def write_summary(inputs: Inputs, out: Path, absent: int) -> None:
    """Write the study's ``README.md``, ``metrics.json`` and ``summary.json``."""
    numbers = metrics(inputs)
    write_json(out / "metrics.json", numbers)
    words, gate = first_words(inputs), inputs.record.gate
    told = {"study": inputs.study, "title": inputs.title, "about": inputs.about}
    write_json(out / "summary.json", told | words)
    done = f"{numbers['cells_finished']} of {numbers['cells']} cells finished"
    done += f"; {absent} encoders did not (see [failures.md](failures.md))." if absent else "."
    links = [f"- [{name}]({name}): {what}" for name, what in LINKS.items() if (out / name).exists()]
    text = [
        f"# Study `{inputs.study}`",
        words["answer"],
        words["best"],
        f"How sure: {words['sure']}",
        words["changes"],
        "" if gate.void else gates.sentence(gate),
        f"Transfer is scored by the {inputs.protocol} protocol. {done}",
    ]
    if inputs.record.systems:
        text.append(f"Systems of the field ([systems.md](systems.md)): {systems_wording.answer(inputs.record.systems)}")
    text += ["![Transfer against information](sweetspot.svg)", "\n".join(links), "## The study's questions"]
    text.append("\n".join(f"- *{q.question}* {q.sentence}" for q in inputs.questions))
    text += [not_asked(inputs.unasked), "## Figures"]
    text += [
        f"![{what}]({name}.svg)" for name, (_, what) in list(FIGURES.items())[1:] if (out / f"{name}.svg").exists()
    ]
    text.append(glossary.folded())
    write_text(out / "README.md", "\n\n".join(part for part in text if part) + "\n")


def write_index(reports: Path) -> None:
    """Write ``reports/README.md`` over the studies in ``reports/*/``; git does not keep the report of ``demo``."""
    rows = []
    for path in sorted(path for path in reports.glob("*/summary.json") if path.parent.name != "demo"):
        found, numbers = read_json(path), read_json(path.with_name("metrics.json"))
        best = max((v for k, v in numbers.items() if k.endswith("_best")), default=None)
        done = f"{numbers['cells_finished']}/{numbers['cells']}"
        link = f"[{found['study']}]({path.parent.name}/README.md)"
        rows.append(
            [
                link,
                "void" if numbers.get("void") else numbers["verdict"],
                number(best, 1),
                done,
                found.get("answer", MISSING),
            ]
        )
    table = Table(["study", "sweet spot", "best average (%)", "cells", "answer"], rows, left=5)
    text = "# Reports\n\nEvery study that has been run, regenerated by `python -m infoviews report`.\n\n"
    pages = [f"- [{heading(page)}]({page.relative_to(reports).as_posix()})" for page in other_pages(reports)]
    others = "\nPages of no one study, each written by the command that it names:\n\n" if pages else ""
    write_text(reports / "README.md", text + table.markdown() + others + "".join(f"{page}\n" for page in pages))


def other_pages(reports: Path) -> list[Path]:
    """The page, or where there is no ``README.md`` every page, of each folder that is no study's."""
    folders = sorted(path for path in reports.iterdir() if path.is_dir() and not (path / "summary.json").exists())
    return [page for folder in folders for page in ([*folder.glob("README.md")] or sorted(folder.glob("*.md")))]


def heading(page: Path) -> str:
    """The first line of a page, without its mark."""
    return page.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")
