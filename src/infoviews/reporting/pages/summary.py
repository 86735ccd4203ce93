"""The study in plain words and flat numbers, and the index over studies."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pandas as pd

from infoviews.analysis.record import AVERAGE
from infoviews.files import read_json, write_json, write_text
from infoviews.names import label
from infoviews.reporting.figures.every import FIGURES
from infoviews.reporting.inputs import Inputs
from infoviews.reporting.wording import gate as gate_wording
from infoviews.reporting.wording import systems as systems_wording
from infoviews.tables import MISSING, Table, interval, number, records

LINKS = {
    "sweetspot.md": "transfer against information: is there a peak?",
    "questions.md": "every question of the study, each with a sentence and a table",
    "robustness.md": "what the answer rests on: other objectives, estimators, ranks, measurement error",
    "transfer.md": "transfer of every encoder, with controls",
    "systems.md": "the systems of the field, with controls, encoders trained elsewhere and published rows",
    "information.md": "information between the views, by every estimator",
    "views.md": "what the views look like, with pairs to read",
    "corpus.md": "the text that the encoders were trained on",
    "failures.md": "what did not finish, and why",
}


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
    curve = inputs.curve()
    gate = inputs.record.gate
    found |= {"void": gate.void, "gate_settings": gate.settings, "gate_above": gate.above, "gate_below": gate.below}
    found["gate_furthest"] = (gate.furthest or {}).get("difference")
    found |= {f"peak_{k}": v for k, v in (vars(curve.found) if curve.found else {}).items()}
    found |= {f"power_{k}": v for k, v in (curve.power or {}).items()}
    return {k: round(v, 4) if isinstance(v, float) else v for k, v in found.items() if not missing(v)}


def missing(value: Any) -> bool:
    """Whether a number is absent."""
    return value is None or (isinstance(value, float) and not math.isfinite(value))


def best_sentence(inputs: Inputs) -> str:
    """The highest setting, of how many, and how it compares with the best encoder without contrastive pretraining."""
    rows = inputs.own_settings[inputs.own_settings["task"] == AVERAGE].dropna(subset=["transfer"])
    if rows.empty:
        return "No encoder has a transfer score yet."
    best = rows.sort_values(["transfer", "setting"], ascending=[False, True]).iloc[0]
    name, score = f"{label(best['objective'])} on `{best['setting']}`", scored(best)
    text = f"The one combination of objective and views with a result, {name}, has an average transfer of {score}."
    if len(rows) > 1:
        text = (
            f"Of {len(rows)} combinations of objective and views {name} has the highest average transfer, {score}; "
            "the maximum of many is optimistic."
        )
    controls = inputs.results[(inputs.results["kind"] == "control") & (inputs.results["task"] == AVERAGE)]
    return f"{text} {against_controls(best, controls.dropna(subset=['transfer']))}".strip()


def against_controls(best: pd.Series, controls: pd.DataFrame) -> str:
    """How an average stands to the best control's, then the others from the best down; empty without any.

    The arms of the two intervals add in squares, as if the test sets were independent: on the safe side, for they are
    the same.
    """
    if controls.empty:
        return ""
    ordered = controls.sort_values(["transfer", "name"], ascending=[False, True])
    first, rest = ordered.iloc[0], ordered.iloc[1:]
    gap, half = best["transfer"] - first["transfer"], math.hypot(arm(best), arm(first))
    how = "It is above" if gap > half else "It is below" if gap < -half else "It cannot be told from"
    text = (
        f"{how} the best encoder without contrastive pretraining: {gap:+.1f} points [{gap - half:.1f}, "
        f"{gap + half:.1f}] against {label(first['name'])}, {scored(first)}"
    )
    others = [f"{label(r['name'])} {scored(r)}" for _, r in rest.iterrows()]
    return f"{text}; others: {', '.join(others)}." if others else f"{text}."


def scored(row: pd.Series) -> str:
    """``86.7 [85.2, 88.3] %``."""
    return f"{interval(row['transfer'], row['low'], row['high'])} %"


def arm(row: pd.Series) -> float:
    """The longer arm of the interval of a row's transfer, points; nothing where it has no interval."""
    arms = [row["high"] - row["transfer"], row["transfer"] - row["low"]]
    return max([float(length) for length in arms if math.isfinite(length)], default=0.0)


def answer_sentence(inputs: Inputs) -> str:
    """What the study says first: of its curve, or, where that has too few settings, of views that share excess."""
    reason = inputs.curve().reason
    excess = next((q for q in inputs.questions if q.name == "excess" and q.rows), None)
    if not reason or excess is None:
        return inputs.answer
    void = gate_wording.warning(inputs.record.gate)
    return f"{void} {excess.sentence} Whether there is a peak cannot be told: {reason}.".strip()


def write_summary(inputs: Inputs, out: Path, absent: int) -> None:
    """Write the study's ``README.md``, ``metrics.json`` and ``summary.json``."""
    numbers = metrics(inputs)
    write_json(out / "metrics.json", numbers)
    best = best_sentence(inputs)
    answer = answer_sentence(inputs)
    write_json(out / "summary.json", {"study": inputs.study, "answer": answer, "best": best})
    done = f"{numbers['cells_finished']} of {numbers['cells']} cells finished"
    done += f"; {absent} encoders did not (see [failures.md](failures.md))." if absent else "."
    links = [f"- [{name}]({name}): {what}" for name, what in LINKS.items() if (out / name).exists()]
    text = [
        f"# Study `{inputs.study}`",
        answer,
        best,
        *([] if inputs.record.gate.void else [gate_wording.sentence(inputs.record.gate)]),
        f"Transfer protocol: `{inputs.protocol}`. {done}",
    ]
    if inputs.record.systems:
        text.append(f"Systems of the field ([systems.md](systems.md)): {systems_wording.answer(inputs.record.systems)}")
    text += ["![Transfer against information](sweetspot.svg)", "\n".join(links), "## The study's questions"]
    text.append("\n".join(f"- *{q.question}* {q.sentence}" for q in inputs.questions))
    text.append("## Figures")
    text += [
        f"![{what}]({name}.svg)" for name, (_, what) in list(FIGURES.items())[1:] if (out / f"{name}.svg").exists()
    ]
    write_text(out / "README.md", "\n\n".join(text) + "\n")


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
