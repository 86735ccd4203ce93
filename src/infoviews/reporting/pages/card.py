"""The model card of a checkpoint, in the form of the Hugging Face hub: what it is, data, training, numbers, licence."""

from __future__ import annotations

from typing import Any

import pandas as pd
import yaml

from infoviews import registry
from infoviews.analysis.evidence.join import run_of
from infoviews.analysis.record import AVERAGE
from infoviews.names import label
from infoviews.pairs import read_facts
from infoviews.reporting.inputs import Inputs
from infoviews.seals import read_record
from infoviews.tables import Table, interval, number, records

SYSTEMS = ("simcse", "declutr")
"""Systems of which a checkpoint is worth having; of several seeds the one with the best development score."""

GENERATED = "language"
"""The corpus source whose texts belong to nobody."""

CODE = "The program that made the weights is under the Apache License 2.0."


def worth_having(inputs: Inputs) -> list[str]:
    """The cell and a cell of each of ``SYSTEMS`` with the best development scores, and the base that cells start from.

    Test scores play no part in the choice.
    """
    done = inputs.results[(inputs.results["task"] == AVERAGE) & (inputs.results["status"] == "finished")]
    cells = done[done["kind"] == "cell"].sort_values(["dev", "name"], ascending=[False, True])
    of_systems = cells["objective"].isin([system["name"] for system in inputs.spec.get("systems") or []])
    best = [cells[~of_systems], *(cells[cells["objective"] == name] for name in SYSTEMS)]
    return [*(str(rows["name"].iloc[0]) for rows in best if len(rows)), str(inputs.spec["start"])]


def card(inputs: Inputs, name: str, sources: list[str]) -> str:
    """Text of ``README.md``.

    Args:
        inputs: of the study that trained the checkpoint.
        name: of a cell or base.
        sources: of the study's corpus, modules of ``corpus.sources``.

    Raises:
        KeyError: the study has no finished encoder of that name; the message names those that it has.
    """
    done = inputs.results[inputs.results["status"] == "finished"]
    rows = done[done["name"] == name]
    if rows.empty:
        known = sorted(done["name"].unique())
        raise KeyError(f"no finished encoder named {name!r}{registry.nearest(name, known)}; known: {', '.join(known)}")
    run = run_of(inputs.data, name)
    free = sources == [GENERATED]
    head = {
        "language": "en",
        "library_name": "sentence-transformers",
        "license": "apache-2.0" if free else "other",
        "pipeline_tag": "sentence-similarity",
        "tags": ["sentence-transformers", "feature-extraction", "sentence-similarity", "infoviews"],
    }
    parts = [
        f"# {inputs.study}: {name}",
        what(inputs, rows.iloc[0], run),
        "## Use",
        USE.format(dimension=int(rows["dimension"].max())),
        "## Data",
        data(inputs, rows.iloc[0], sources),
        "## Training",
        f"```yaml\n{yaml.safe_dump(trained(run), sort_keys=True)}```",
        "## Numbers",
        f"Frozen sentence vectors under protocol `{inputs.protocol}`, test scores in percent with 95 % intervals over "
        "test examples. Other seeds score differently: the study's report has their intervals.",
        scores(inputs, rows).markdown().rstrip(),
        "## Licence",
        licence(sources, free),
    ]
    return f"---\n{yaml.safe_dump(head)}---\n\n" + "\n\n".join(parts) + "\n"


USE = """```python
from sentence_transformers import SentenceTransformer

encoder = SentenceTransformer("path/to/this/folder")
vectors = encoder.encode(["A sentence.", "Another one."])  # (2, {dimension})
```"""


def what(inputs: Inputs, row: pd.Series, run: dict[str, Any]) -> str:
    """What kind of encoder it is, and what it was trained for."""
    title = f"study `{inputs.study}` of infoviews ({inputs.spec.get('title') or inputs.study})"
    size = f"It has {number(run['parameters'])} parameters." if "parameters" in run else ""
    if row["kind"] != "cell":
        return f"A sentence encoder of {title}: {label(row['name'])}, without contrastive pretraining. {size}".strip()
    system = next((s for s in inputs.spec.get("systems") or [] if s["name"] == row["objective"]), None)
    kind = f"{system['title']} ({system['citation']})" if system else label(row["objective"])
    text = f"A sentence encoder of {title}: {kind} on view setting `{row['setting']}`, seed {int(row['seed'])}. {size}"
    changed = "".join(f"\n- {departure}" for departure in system["departures"]) if system else ""
    return f"{text.strip()}\n\nIt departs from the paper:\n{changed}" if changed else text.strip()


def data(inputs: Inputs, row: pd.Series, sources: list[str]) -> str:
    """The corpus and, of a cell, its pairs."""
    statistics = read_record(inputs.data / "corpus" / "statistics.json")
    kept = {unit: counts["kept"] for unit, counts in statistics["splits"]["train"].items() if "kept" in counts}
    size = ", ".join(f"{kept[unit]:,} {unit}" for unit in ("documents", "sentences", "words") if unit in kept)
    text = f"Text in English, {size}: {'; '.join(registry.get('corpus.sources', name).CITATION for name in sources)}."
    if row["kind"] != "cell":
        return text
    pairs = read_facts(inputs.data / "views" / row["setting"])["counts"]["train"]
    return f"{text} Trained on {pairs:,} pairs of view family `{row['family']}`."


def trained(run: dict[str, Any]) -> dict[str, Any]:
    """The spec, and what it was trained with."""
    told = {key: run[key] for key in ("commit", "seconds") if run.get(key) is not None}
    versions = {name: run["versions"][name] for name in ("torch", "transformers") if name in run.get("versions", {})}
    return {**run["spec"], **told, "device": run.get("machine", {}).get("device"), "versions": versions}


def scores(inputs: Inputs, rows: pd.DataFrame) -> Table:
    """Each task with metric, test score and development score, the average last."""
    lines = []
    for row in records(rows.set_index("task", drop=False).reindex(inputs.tasks).dropna(subset=["transfer"])):
        test = interval(row.transfer, row.low, row.high)
        lines.append([label(row.task), row.metric, test, number(row.dev, 1), number(row.majority, 1)])
    return Table(["task", "metric", "test", "development", "majority class"], lines, left=2)


def licence(sources: list[str], free: bool) -> str:
    """What may be done with the weights, as far as the texts' licences say."""
    told = "; ".join(registry.get("corpus.sources", name).LICENCE for name in sources)
    if free:
        return f"{CODE} So are the weights. Their text is {told}."
    return f"{CODE} The texts keep their own licences, which decide what the weights may be used for: {told}."
