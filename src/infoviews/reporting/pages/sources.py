"""What the study was made from: corpus statistics, facts about the views, readable pairs, failed cells."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from infoviews.analysis.record import AVERAGE
from infoviews.files import write_text
from infoviews.pairs import SAMPLE, read_facts, read_sample
from infoviews.reporting.inputs import Inputs
from infoviews.seals import read_record
from infoviews.tables import Table, frame_table, number, records

SHOWN: tuple[str, ...] = (
    "setting",
    "family",
    "dial",
    "counts.train",
    "counts.critic",
    "counts.heldout",
    "lengths.1",
    "lengths.2",
)
SHOWN += ("overlap", "identical", "dropout", "pairs")
"""Columns of ``views.md``; ``views.csv`` has every fact."""

NOT_SHOWN = ("exact", "files", "elsewhere", "made_from", "setting")
"""Facts that have a page of their own, are of no use to a reader, or are a column already."""


def flat(value: Any, name: str = "") -> dict[str, Any]:
    """Leaves of nested dictionaries and lists, with their path as key."""
    if isinstance(value, dict):
        items = {f"{name}.{k}" if name else str(k): v for k, v in value.items()}
    elif isinstance(value, list):
        items = {f"{name}.{i + 1}": v for i, v in enumerate(value)}
    else:
        return {name: value}
    return {path: leaf for key, inner in items.items() for path, leaf in flat(inner, key).items()}


def write_corpus(inputs: Inputs, out: Path) -> None:
    """Write ``corpus.md`` and ``.csv`` if the corpus left its statistics."""
    path = inputs.data / "corpus" / "statistics.json"
    if not path.exists():
        return
    facts = flat({k: v for k, v in read_record(path).items() if k not in NOT_SHOWN})
    write_text(out / "corpus.csv", pd.DataFrame(facts.items(), columns=["fact", "value"]).to_csv(index=False))
    rows = [[k.replace(".", ": ").replace("_", " "), v if isinstance(v, str) else number(v)] for k, v in facts.items()]
    write_text(out / "corpus.md", f"# Corpus: {inputs.study}\n\n{Table(['fact', 'value'], rows).markdown()}")


def write_views(inputs: Inputs, out: Path) -> None:
    """Write ``views.md`` and ``.csv``, and ``views/<setting>.md`` with ten readable pairs each."""
    rows = []
    for setting in inputs.spec["settings"]:
        folder = inputs.data / "views" / setting["name"]
        if not (folder / "facts.json").exists():
            continue
        record = read_facts(folder)
        facts = flat({k: v for k, v in record.items() if k not in NOT_SHOWN})
        link = ""
        if SAMPLE in record["files"]:
            link = f"[pairs](views/{setting['name']}.md)"
            write_pairs(inputs, setting["name"], read_sample(folder), out)
        rows.append({"setting": setting["name"], "family": setting["family"], "dial": setting["dial"]} | facts)
        rows[-1]["pairs"] = link
    if not rows:
        return
    frame = pd.DataFrame(rows)
    frame = frame[[c for c in frame if c != "pairs"] + ["pairs"]]
    csv = frame.drop(columns="pairs").to_csv(index=False, float_format="%.5f", lineterminator="\n")
    write_text(out / "views.csv", csv)
    shown = frame[[c for c in SHOWN if c in frame]]
    write_text(out / "views.md", f"# Views: {inputs.study}\n\n{frame_table(shown, left=2).markdown()}")


def write_pairs(inputs: Inputs, setting: str, pairs: list[dict[str, str]], out: Path) -> None:
    """Ten pairs of one setting, to be read by a person."""
    rows = [[p.get("title") or "", p["first"], p["second"]] for p in pairs[:10]]
    table = Table(["document", "first view", "second view"], rows, left=3)
    write_text(out / "views" / f"{setting}.md", f"# Pairs of {setting} ({inputs.study})\n\n{table.markdown()}")


def write_failures(inputs: Inputs, out: Path) -> int:
    """Write ``failures.md`` if any cell or control failed or is missing; returns how many."""
    rows = inputs.results
    rows = rows[(rows["status"] != "finished") & (rows["task"] == AVERAGE)]
    path = out / "failures.md"
    if rows.empty:
        path.unlink(missing_ok=True)
        return 0
    table = Table(["encoder", "status", "reason"], [[r.name, r.status, r.reason] for r in records(rows[FIELDS])], 3)
    write_text(path, f"# Not finished: {inputs.study}\n\n{table.markdown()}")
    return len(rows)


FIELDS = ["name", "status", "reason"]
