"""What made the results: versions, commit, machines, seeds, time and energy, gathered from the cells' run records."""

from __future__ import annotations

from typing import Any

from infoviews.files import read_json
from infoviews.reporting.inputs import Inputs


def provenance(inputs: Inputs) -> list[tuple[str, str]]:
    """Name and value of each fact; several values where the cells differ."""
    records = []
    for cell in inputs.spec["cells"]:
        path = inputs.data / "checkpoints" / cell["name"] / "run.json"
        if path.exists():
            records.append(read_json(path))
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
    return [(name, text) for name, text in facts if text]


def values(found: Any) -> str:
    """The distinct known values, sorted."""
    return ", ".join(sorted({str(v) for v in found if v not in (None, "")}))
