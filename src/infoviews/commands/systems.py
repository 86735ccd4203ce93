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
    lines = [f"{name}: {system.title}", f"  {system.citation}"]
    lines += [f"  {part:<10} {made_of}" for part, made_of in system.parts.items()]
    lines += [f"  departs    {departure}" for departure in system.departures]
    if system.published is None:
        return [*lines, "  published  no row on the seven tasks"]
    row = published[system.published]
    found = f"{row['method']}, {row['encoder']}: mean {row['avg']} (checked: {row['verified']})"
    return [*lines, f"  published  {found}"]
