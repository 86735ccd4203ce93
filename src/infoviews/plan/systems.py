"""The systems and references that a study names: what each adds to the study, and its row in the analysis."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from infoviews import registry
from infoviews.plan import digest

if TYPE_CHECKING:
    from infoviews.plan.cells import Cell

Study = dict[str, Any]


def with_systems(study: Study) -> Study:
    """A study whose ``systems`` have become view settings, objectives, bases and blocks of the grid, like any others.

    Systems with the same views share one setting, and those of one architecture one untrained base; the role
    ``system`` of a setting keeps it out of the curve. ``all`` in the grid means what the study itself names. A study
    without systems comes back as it is.
    """
    known = {"settings": list(study["views"]["settings"]), "objectives": list(study["objectives"])}
    grid = [block | {key: names for key, names in known.items() if block[key] == "all"} for block in study["grid"]]
    settings, objectives = dict(study["views"]["settings"]), dict(study["objectives"])
    for name, system in systems_of(study):
        if system.kind != "cells":
            continue
        views = {"family": system.views.family, "params": system.views.params, "dial": None, "role": "system"}
        settings[system.views.name] = views
        objectives[objective_of(name)] = system.objective | _start(study, system)
        block = {"settings": [system.views.name], "objectives": [objective_of(name)]}
        grid.append(block | {"seeds": study["systems"]["seeds"]})
    bases = study["bases"] | added_bases(study)
    found = {"views": study["views"] | {"settings": settings}, "objectives": objectives, "bases": bases, "grid": grid}
    return study | found if study.get("systems") else study


def systems_of(study: Study) -> Iterator[tuple[str, Any]]:
    """Name and ``System`` of each system that the study names."""
    for name in study.get("systems", {}).get("names", []):
        yield name, registry.get("systems", name).SYSTEM


def references_of(study: Study) -> dict[str, dict[str, Any]]:
    """Encoders trained elsewhere, name → where they lie."""
    return study.get("systems", {}).get("references", {})


def objective_of(system: str) -> str:
    """Name of the objective, and so of the cells, of a system: file names have no dashes, shown names do."""
    return system.replace("_", "-")


def added_bases(study: Study) -> dict[str, dict[str, Any]]:
    """Bases that only systems and references need, name → kind with its parameters."""
    found: dict[str, dict[str, Any]] = {}
    for name, system in systems_of(study):
        if system.encoder:
            initial = {"initial": system.start or study["start"]}
            found[untrained(study, system)] = {"architecture": initial | {"encoder": system.encoder}}
        found |= _static(study, name, system)
    return found | {name: {"elsewhere": given} for name, given in references_of(study).items()}


def untrained(study: Study, system: Any) -> str:
    """Name of the base that cells of another architecture start from: ``mlm-bilstm-max``."""
    ((architecture, given),) = system.encoder.items()
    return "-".join(map(str, [system.start or study["start"], architecture, *given.values()]))


def rows(study: Study, cells: list[Cell]) -> list[dict[str, Any]]:
    """What the analysis is told of each system and reference.

    Args:
        study: as written, its systems not yet laid out.
        cells: of the study with its systems.

    Returns:
        For each: ``name``, ``title``, ``citation``, ``kind`` (``cells``, ``static``, ``chosen`` or ``reference``),
        ``rows`` (names of its cells or bases), ``departures``, ``published`` (method and encoder, or ``None``) and
        ``parts``, a plain text. A chosen one has no rows but ``among``: setting → cells of the study's first
        objective, for the settings of the study's curve.
    """
    found = [_row(study, name, system, cells) for name, system in systems_of(study)]
    for name, given in references_of(study).items():
        where = ", ".join(f"{key} {value}" for key, value in given.items())
        row = {"name": name, "title": name, "citation": "trained elsewhere, only evaluated here", "kind": "reference"}
        found.append(row | {"rows": [name], "departures": [], "published": None, "parts": where})
    return found


def _row(study: Study, name: str, system: Any, cells: list[Cell]) -> dict[str, Any]:
    row: dict[str, Any] = {"name": objective_of(name), "title": system.title, "citation": system.citation}
    row |= {"kind": system.kind, "rows": [cell.name for cell in cells if cell.objective == objective_of(name)]}
    row |= {"departures": list(system.departures), "published": list(system.published) if system.published else None}
    row["parts"] = "; ".join(f"{part}: {made_of}" for part, made_of in system.parts.items())
    if system.kind == "static":
        row["rows"] = list(_static(study, name, system))
    if system.kind == "chosen":
        first = next(iter(study["objectives"]))
        own = [setting for setting, view in study["views"]["settings"].items() if view.get("role") is None]
        row["among"] = {
            setting: [cell.name for cell in cells if (cell.objective, cell.setting) == (first, setting)]
            for setting in own
        }
    return row


def _static(study: Study, name: str, system: Any) -> dict[str, dict[str, Any]]:
    """Bases of a static system, name → kind with its parameters: one a seed, or a single one where nothing is drawn."""
    found = {}
    for kind, given in system.static.items():
        if "seed" not in digest.fields(f"infoviews.bases.{kind}"):
            return {objective_of(name): {kind: given}}
        for seed in study["systems"]["seeds"]:
            found[f"{objective_of(name)}-s{seed}"] = {kind: given | {"seed": seed}}
    return found


def _start(study: Study, system: Any) -> dict[str, str]:
    """The base of its own architecture that the cells of a system start from, where it has one."""
    return {"start": untrained(study, system)} if system.encoder else {}
