"""What made the results: versions, commit, machines, seeds, time and energy, gathered from the cells' run records."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median
from typing import Any

from infoviews.names import label
from infoviews.provenance import read_run
from infoviews.reporting.inputs import Inputs
from infoviews.tables import Table


def provenance(inputs: Inputs) -> list[tuple[str, str]]:
    """Name and value of each fact; several values where the cells differ."""
    records = []
    for cell in inputs.spec["cells"]:
        path = inputs.data / "checkpoints" / cell["name"] / "run.json"
        if path.exists():
            records.append(read_run(path.parent))
    facts: list[tuple[str, str]] = [
        ("cells", str(len(inputs.spec["cells"]))),
        ("seeds", values(str(cell["seed"]) for cell in inputs.spec["cells"])),
        ("commit", values(r.get("commit") for r in records)),
    ]
    for key in ("system", "processor", "device"):
        facts.append((key, values((r.get("machine") or {}).get(key) for r in records)))
    names = sorted({name for r in records for name in r.get("versions") or {}})
    facts.append(
        ("versions", ", ".join(f"{n} {values((r.get('versions') or {}).get(n) for r in records)}" for n in names))
    )
    for key, unit in (("seconds", "s of pretraining in all"), ("energy_kwh", "kWh")):
        known = [float(r[key]) for r in records if isinstance(r.get(key), int | float)]
        if known:
            facts.append(("time" if key == "seconds" else "energy", f"{sum(known):,.0f} {unit}"))
    facts += speeds(records)
    return [(name, text) for name, text in facts if text]


def training_seconds(inputs: Inputs) -> Table | None:
    """Median and range over seeds of the wall time that each system and control took; nothing where none is known."""
    rows = []
    for row in inputs.record.systems.get("rows", []):
        places = [inputs.data / part / name / "run.json" for name in row["rows"] for part in ("checkpoints", "base")]
        told = [read_run(place.parent).get("seconds") for place in places if place.exists()]
        known = sorted(float(s) for s in told if s is not None)
        if known:
            spent = f"{known[0]:,.0f} to {known[-1]:,.0f}" if len(known) > 1 else ""
            rows.append([label(row["title"]), f"{median(known):,.0f}", spent, str(len(known))])
    return Table(["system", "seconds (median)", "range", "seeds"], rows) if rows else None


def speeds(records: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Median and range over cells of every number that they tell about their throughput."""
    told = [dict(leaves(record.get("throughput") or {})) for record in records]
    facts = []
    for name in sorted({key for one in told for key in one}):
        known = sorted(one[name] for one in told if name in one)
        text = f"{compact(median(known))} ({compact(known[0])} to {compact(known[-1])})"
        facts.append((name.replace("_", " "), text if known[0] < known[-1] else compact(known[0])))
    return facts


def leaves(value: dict[str, Any], path: str = "") -> Iterator[tuple[str, float]]:
    """Numbers of nested mappings with their path as name."""
    for key, inner in value.items():
        if isinstance(inner, dict):
            yield from leaves(inner, f"{path}{key}: ")
        elif isinstance(inner, int | float) and not isinstance(inner, bool):
            yield f"{path}{key}", float(inner)


def compact(value: float) -> str:
    """Three significant digits, thousands in groups."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def values(found: Any) -> str:
    """The distinct known values, sorted."""
    return ", ".join(sorted({str(v) for v in found if v not in (None, "")}))
