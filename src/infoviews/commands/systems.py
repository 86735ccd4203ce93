"""List the published methods that a study can name: citation, parts, departures and published row."""

from __future__ import annotations

from typing import Any

import typer


def run() -> None:
    """Print every system; the first word of each block is its name in params.yaml."""
    from infoviews import registry
    from infoviews.transfer.published import rows

    published = {(row["method"], row["encoder"]): row for row in rows()}
    for name in registry.names("systems"):
        typer.echo("\n".join(_lines(name, registry.get("systems", name).SYSTEM, published)) + "\n")


def _lines(name: str, system: Any, published: dict[tuple[str, str], dict[str, str]]) -> list[str]:
    parts = {
        "views": _named({system.views.family: system.views.params}),
        "bound": _named({system.bound: system.params}),
        "critic": _named(system.critic),
        "contrast": _named(system.contrast),
        "additions": _named(system.additions) or "none",
        "start": system.start or "that of the study",
    }
    lines = [f"{name}: {system.title}", f"  {system.citation}"]
    lines += [f"  {part:<10} {made_of}" for part, made_of in parts.items()]
    lines += [f"  departs    {departure}" for departure in system.departures]
    if system.published is None:
        return [*lines, "  published  no row on the seven tasks"]
    row = published[system.published]
    found = f"{row['method']}, {row['encoder']}: mean {row['avg']} (checked: {row['verified']})"
    return [*lines, f"  published  {found}"]


def _named(modules: dict[str, dict[str, Any]]) -> str:
    """``cosine (temperature 0.05), dot``."""
    return ", ".join(name + (f" ({_values(given)})" if given else "") for name, given in modules.items())


def _values(given: dict[str, Any]) -> str:
    """``words 5, sizes 1 3 5``."""
    return ", ".join(
        f"{key} {' '.join(map(str, value)) if isinstance(value, list) else value}" for key, value in given.items()
    )
