"""The transfer table: majority class, controls, then every objective and view setting."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from infoviews.analysis.record import AVERAGE
from infoviews.files import write_text
from infoviews.names import label
from infoviews.reporting.inputs import Inputs
from infoviews.reporting.wording import tables as wording
from infoviews.tables import Table, clearly_best, interval, number, records
from infoviews.transfer.published import COLUMNS
from infoviews.transfer.published import rows as checked


def transfer_frame(inputs: Inputs) -> pd.DataFrame:
    """One row per encoder: ``group``, ``objective`` or control name, ``setting``, ``seeds``, then task columns."""
    rows: list[dict[str, Any]] = [{"group": "baseline", "name": "majority"} | majority(inputs)]
    results = inputs.results
    for name in inputs.spec.get("controls", []):
        mine = results[(results["kind"] == "control") & (results["name"] == name)]
        rows.append({"group": "control", "name": name} | scores(mine))
    means = inputs.own_settings
    cells = means.drop_duplicates(["objective", "setting"])
    cells = cells.sort_values("setting", key=lambda s: s.map(inputs.order)).sort_values("objective", kind="stable")
    cells = cells.sort_values("role", key=lambda s: s != "control", kind="stable")
    for cell in records(cells):
        mine = means[(means["objective"] == cell.objective) & (means["setting"] == cell.setting)]
        group = "control" if cell.role == "control" else "cell"
        shared = {"group": group, "name": cell.objective, "setting": cell.setting, "seeds": cell.seeds}
        rows.append(shared | scores(mine))
    # Tasks of the language only borrow SentEval's names; systems have a page of their own with the published rows.
    if inputs.spec["tasks_source"] == "senteval" and not inputs.record.systems:
        rows += published(inputs.spec["tasks"])
    columns = ["group", "name", "setting", "seeds"]
    columns += [f"{task}{end}" for task in inputs.tasks for end in ("", "_low", "_high")]
    return pd.DataFrame(rows).reindex(columns=columns)


def caption(inputs: Inputs, frame: pd.DataFrame) -> str:
    """How the table is to be read, and what its intervals are of."""
    one_seed = bool(inputs.own_settings["seed_sd"].isna().all())
    return wording.transfer(one_seed, bool((frame["group"] == "published").any()), bool(inputs.record.systems))


def scores(rows: pd.DataFrame) -> dict[str, float]:
    """Columns ``task``, ``task_low`` and ``task_high`` from rows with one task each."""
    found: dict[str, float] = {}
    for row in records(rows):
        found |= {row.task: row.transfer, f"{row.task}_low": row.low, f"{row.task}_high": row.high}
    return found


def published(tasks: list[str]) -> list[dict[str, Any]]:
    """Checked test rows of unsupervised and untrained encoders, if they know every task; averages over these tasks."""
    if not set(tasks) <= set(COLUMNS):
        return []
    rows = []
    for row in checked():
        if row["verified"] == "no" or "DEV" in row["method"] or row["family"].startswith(("sup", "LLM")):
            continue
        values = {task: float(row[COLUMNS[task]]) for task in tasks}
        mark = {"yes": "checked", "partly": "partly checked"}[row["verified"]]
        name = f"{row['method']}, {row['encoder']} (published, {mark})"
        rows.append({"group": "published", "name": name, **values, AVERAGE: sum(values.values()) / len(values)})
    return rows


def majority(inputs: Inputs) -> dict[str, float]:
    """Score of the most frequent class per task, and the mean of these."""
    known = inputs.results.dropna(subset=["majority"]).drop_duplicates("task").set_index("task")["majority"]
    return {task: float(known[task]) for task in inputs.tasks if task in known}


def transfer_table(inputs: Inputs, frame: pd.DataFrame) -> Table:
    """The frame as shown."""
    rows = []
    for row in frame.to_dict("records"):
        setting = row["setting"] if isinstance(row["setting"], str) else ""
        seeds = "" if pd.isna(row["seeds"]) else number(int(row["seeds"]))
        cells = [interval(row[t], row[f"{t}_low"], row[f"{t}_high"]) for t in inputs.tasks]
        rows.append([label(str(row["name"])), setting, seeds, *cells])
    for column, task in enumerate(inputs.tasks, start=3):
        values = [frame[f"{task}{end}"].astype(float).tolist() for end in ("", "_low", "_high")]
        best = clearly_best(*values)
        if best is not None:
            rows[best][column] = f"**{rows[best][column]}**"
    return Table(["encoder", "views", "seeds", *map(label, inputs.tasks)], rows, left=2)


def write_transfer(inputs: Inputs, out: Path) -> pd.DataFrame:
    """Write ``transfer.md``, ``.csv`` and ``.tex``; returns the frame."""
    frame = transfer_frame(inputs)
    table = transfer_table(inputs, frame)
    reading = caption(inputs, frame)
    text = f"# Transfer: {inputs.study}\n\nProtocol: `{inputs.protocol}`. {reading}\n\n{table.markdown()}"
    write_text(out / "transfer.md", text)
    write_text(out / "transfer.csv", frame.to_csv(index=False, float_format="%.4f", lineterminator="\n"))
    heading = f"Transfer, study {inputs.study}, protocol {inputs.protocol}. {reading}"
    write_text(out / "transfer.tex", table.latex(heading, f"tab:transfer-{inputs.study}"))
    return frame
