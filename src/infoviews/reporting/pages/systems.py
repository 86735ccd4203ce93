"""The systems of the field: one row each, controls first, encoders trained elsewhere last."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from infoviews.files import write_text
from infoviews.names import label
from infoviews.reporting.inputs import Inputs
from infoviews.reporting.pages.transfer import published
from infoviews.reporting.wording import systems as systems_wording
from infoviews.reporting.wording.systems import OTHERS, READING, SECONDS
from infoviews.seals import read_record
from infoviews.tables import MISSING, Table, interval, number
from infoviews.transfer.published import COLUMNS
from infoviews.transfer.published import rows as published_rows

CHECKED = {"yes": "checked", "partly": "partly checked", "no": "unchecked"}
ELSEWHERE = "trained elsewhere"
FILES = ("systems.md", "systems.csv", "systems.tex")


def systems_frame(inputs: Inputs) -> pd.DataFrame:
    """One row per control, system and reference, with the published average where the paper has one."""
    found = []
    for row in inputs.record.systems["rows"]:
        flat = {key: value for key, value in row.items() if key not in ("rows", "departures", "published")}
        found.append(flat | as_published(inputs, row["published"]))
    return pd.DataFrame(found)


def as_published(inputs: Inputs, row: list[str] | None) -> dict[str, Any]:
    """Average over the study's tasks of a published row, its encoder, and how well it was checked."""
    comparable = inputs.spec["tasks_source"] == "senteval" and set(inputs.spec["tasks"]) <= set(COLUMNS)
    if row is None or not comparable:
        return {"published": None, "published_encoder": None, "verified": None}
    paper = next(r for r in published_rows() if [r["method"], r["encoder"]] == list(row))
    values = [float(paper[COLUMNS[task]]) for task in inputs.spec["tasks"]]
    shared = {"published_encoder": paper["encoder"], "verified": CHECKED[paper["verified"]]}
    return {"published": sum(values) / len(values), **shared}


def systems_table(inputs: Inputs, frame: pd.DataFrame) -> Table:
    """The frame as shown."""
    columns = ["system", "views", "seeds", *map(label, inputs.tasks)]
    columns += ["ties", "minus random", "minus own start", "minus skip-gram", "parameters (M)", "published"]
    rows = []
    for values in frame.astype(object).where(frame.notna(), None).to_dict("records"):
        row = {str(key): value for key, value in values.items()}
        cells = [interval(row[t], row[f"{t}_low"], row[f"{t}_high"]) for t in inputs.tasks]
        gaps = [row.get("ties") or "", *(gap(row, prefix) for prefix in ("", "start_", "skipgram_"))]
        size = number(None if row["parameters"] is None else row["parameters"] / 1e6)
        paper = MISSING
        if row["published"] is not None:
            paper = f"{row['published']:.1f} ({row['published_encoder']}, {row['verified']})"
        rows.append([label(row["title"]), views(row), seeds(row), *cells, *gaps, size, paper])
    return Table(columns, rows, left=2)


def gap(row: dict[str, Any], prefix: str) -> str:
    """A difference with its interval, and on which side of zero it clearly lies.

    Args:
        prefix: how the names of its columns begin: with nothing for the random encoder, ``start_`` for the own start,
            ``skipgram_`` for averaged skip-gram vectors.
    """
    value, low, high = (row[f"{prefix}difference{end}"] for end in ("", "_low", "_high"))
    side = row[f"{prefix}side"]
    return MISSING if value is None else f"{interval(value, low, high)} {side or ''}".strip()


def views(row: dict[str, Any]) -> str:
    """View setting, or why there is no score, or that nothing was trained here."""
    if row["average"] is None:
        return f"{row['status']}: {row['reason']}"
    if row["of"]:
        return f"{row['setting']} (best of {int(row['of'])} on development data)"
    if row["group"] == "reference":
        return ELSEWHERE
    return row["setting"] or ("static vectors" if row["kind"] == "static" else "")


def seeds(row: dict[str, Any]) -> str:
    """Seeds with a result, and of how many where some have none."""
    done, every = int(row["seeds"]), int(row["seeds"] + row["absent"])
    return number(done) if done == every else f"{done} of {every}"


def comparability(inputs: Inputs) -> str:
    """What may be compared with what, from the corpus, the cells' records and the encoders' sizes."""
    systems = inputs.record.systems
    trained = [row["parameters"] / 1e6 for row in systems["rows"] if row["group"] == "system" and row["parameters"]]
    path = inputs.data / "corpus" / "statistics.json"
    split = (read_record(path).get("splits") or {}).get("train", {}) if path.exists() else {}
    return systems_wording.comparability(trained, (split.get("words") or {}).get("kept"), systems["steps"])


def made_of(inputs: Inputs) -> str:
    """A list of the systems: citation, parts, and where they depart from the paper."""
    lines = []
    for row in inputs.record.systems["rows"]:
        if row["group"] not in ("control", "own"):
            departures = "".join(f"\n  - departs: {text}" for text in row["departures"] or [])
            lines.append(f"- **{row['title']}** ({row['citation']}). {row['parts']}.{departures}")
    return "\n".join(lines)


def published_table(inputs: Inputs) -> Table | None:
    """Checked published rows of unsupervised encoders; nothing where they have other tasks."""
    rows = published(inputs.spec["tasks"]) if inputs.spec["tasks_source"] == "senteval" else []
    cells = [[row["name"], *(number(row[task], 1) for task in inputs.tasks)] for row in rows]
    return Table(["encoder", *map(label, inputs.tasks)], cells) if rows else None


def write_systems(inputs: Inputs, out: Path) -> None:
    """Write ``FILES``; where the study names no systems nothing is written, and what an earlier study left goes."""
    if not inputs.record.systems:
        for name in FILES:
            (out / name).unlink(missing_ok=True)
        return
    frame = systems_frame(inputs)
    table, papers = systems_table(inputs, frame), published_table(inputs)
    parts = [f"# Systems of the field: {inputs.study}", f"**{systems_wording.answer(inputs.record.systems)}**"]
    parts += [f"Protocol: `{inputs.protocol}`. {READING} {SECONDS}", comparability(inputs)]
    if (out / "systems.svg").exists():
        parts.append("![Systems by average transfer](systems.svg)")
    parts += [table.markdown().rstrip(), "## What each is", made_of(inputs)]
    if papers is not None:
        parts += ["## Published rows", OTHERS, papers.markdown().rstrip()]
    write_text(out / "systems.md", "\n\n".join(parts) + "\n")
    write_text(out / "systems.csv", frame.to_csv(index=False, float_format="%.4f", lineterminator="\n"))
    caption = f"Systems of the field, study {inputs.study}, protocol {inputs.protocol}. {READING}"
    write_text(out / "systems.tex", table.latex(caption, f"tab:systems-{inputs.study}"))
