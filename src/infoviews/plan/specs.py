"""From params.yaml to one spec a job: a job's inputs by content, so that re-runs depend on content alone.

Every rule takes its spec as an input. Each spec carries a digest of just the code that its job uses.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from infoviews.files import sha256
from infoviews.plan import digest, phases, systems
from infoviews.plan.cells import cells, main_objective
from infoviews.plan.params import study_of
from infoviews.plan.phases import PHASES, bound_of, contrasts_of
from infoviews.plan.variants import with_variants


def resolve(config: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every spec of the chosen study as (path below the study's spec folder without suffix, content)."""
    study, own = study_of(config), with_variants(config["studies"][config["study"]])
    seed = study["seed"]
    yield "tasks", _spec("tasks", {"tasks": study["tasks"], "seed": seed}, PHASES["tasks"].named(study))
    yield "corpus", _spec("corpus", {"corpus": study["corpus"], "seed": seed}, phases.sources(study))
    yield from _views(study, seed)
    yield from _bases(study, list(own["bases"]), seed)
    yield from _cells(study, seed)
    transfer = {**study["transfer"], "names": study["tasks"]["names"], "seed": seed}
    yield "transfer", _spec("transfer", {"transfer": transfer}, phases.transfer(study))
    estimators = study["information"]
    for setting in own["views"]["settings"]:
        content = {"setting": setting, "information": estimators, "seed": seed}
        yield f"information/{setting}", _spec("information", content, phases.information(study))
    index = _index(config["study"], own, study)
    compared = {**_compared(index), "seed": seed}
    yield "representation", _spec("representation", compared, phases.representation(study))
    analysis = {**index, "sweetspot": study["sweetspot"], "seed": seed}
    yield "sweetspot", _spec("sweetspot", analysis, phases.analysis(study))
    report = {**index, "title": study["title"], "about": study["about"], "seed": seed}
    yield "report", _spec("report", report, phases.readers(study))


def modules(config: dict[str, Any], phase: str) -> list[str]:
    """Every module whose code any spec of a phase depends on."""
    return digest.closure([PHASES[phase].entry, *PHASES[phase].named(study_of(config))])


def _spec(phase: str, content: dict[str, Any], named: list[str]) -> dict[str, Any]:
    return {**content, "code": digest.digest([PHASES[phase].entry, *named])}


def _views(study: dict[str, Any], seed: int) -> Iterator[tuple[str, dict[str, Any]]]:
    shared = {key: value for key, value in study["views"].items() if key != "settings"}
    for setting, view in study["views"]["settings"].items():
        content = {"setting": setting, "view": _pinned(view), "views": shared, "seed": seed}
        yield f"views/{setting}", _spec("views", content, phases.family(view))


def _pinned(view: dict[str, Any]) -> dict[str, Any]:
    """A view setting with the sha256 of the file that it reads, if it reads one of the study's own: other contents are
    other views. A file that is not there is found by ``values``."""
    given = view.get("params") or {}
    if not given.get("file") or "sha256" in given or not Path(given["file"]).is_file():
        return view
    return view | {"params": given | {"sha256": sha256(given["file"])}}


def _bases(study: dict[str, Any], own: list[str], seed: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Bases that systems and references bring have the role ``system``: one whose resource is missing fails alone."""
    for base, kinds in study["bases"].items():
        content = {"base": kinds, "encoder": study["encoder"], "seed": seed, "threads": base_threads(study, base)}
        content |= {} if base in own else {"role": "system"}
        yield f"base/{base}", _spec("base", content, phases.base(study, base))


def base_threads(study: dict[str, Any], base: str) -> int:
    """Only a masked language model is trained by torch; skip-gram has one worker, the rest is next to nothing."""
    return study["threads"]["base"] if "mlm" in study["bases"][base] else 1


def start_of(study: dict[str, Any], objective: str) -> str:
    """The base that cells of an objective start from: the study's, unless the objective names its own."""
    return study["objectives"][objective].get("start", study["start"])


def _cells(study: dict[str, Any], seed: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Cells with the same seed number share initial weights of critic, order of batches and dropout: paired runs."""
    for cell in cells(study):
        objective = study["objectives"][cell.objective]
        content = {
            "setting": cell.setting,
            "start": start_of(study, cell.objective),
            "objective": written_out(cell.objective, objective),
            "pretrain": study["pretrain"],
            "threads": study["threads"]["pretrain"],
            "seed": 1000 * seed + cell.seed,
        }
        named = [*phases.objective(cell.objective, objective), *phases.architecture(study, content["start"])]
        yield f"pretrain/{cell.name}", _spec("pretrain", content, named)


def written_out(name: str, objective: dict[str, Any]) -> dict[str, Any]:
    """An objective with what it leaves unsaid in params.yaml."""
    defaults = {"bound": bound_of(name, objective), "contrast": contrasts_of(objective), "additions": {}}
    return defaults | {key: value for key, value in objective.items() if key != "start"}


def _index(name: str, own: dict[str, Any], study: dict[str, Any]) -> dict[str, Any]:
    """What the analysis joins: the study's settings with their dials, its cells, its controls and its systems.

    Args:
        own: the study as it is without what systems bring; ``study`` is the whole.
    """
    settings = []
    for setting, view in study["views"]["settings"].items():
        first = next(iter((view.get("params") or {}).values()), None)
        dial = view.get("dial", None if isinstance(first, str) and view["family"] == "pairs" else first)
        rate = {"dropout": view["dropout"]} if "dropout" in view else {}
        settings.append({"name": setting, "family": view["family"], "dial": dial, "role": view.get("role")} | rate)
    of = {setting["name"]: setting for setting in settings}
    laid_out = [
        {
            "name": cell.name,
            "objective": cell.objective,
            "setting": cell.setting,
            "family": of[cell.setting]["family"],
            "dial": of[cell.setting]["dial"],
            "seed": cell.seed,
        }
        for cell in cells(study)
    ]
    return {
        "study": name,
        "main": main_objective(study),
        "settings": settings,
        "cells": laid_out,
        "controls": list(own["bases"]),
        "systems": systems.rows(own, cells(study)),
        "controls_of_systems": [base for base, kinds in systems.added_bases(own).items() if "architecture" in kinds],
        "start": study["start"],
        "tasks": study["tasks"]["names"],
        "tasks_source": study["tasks"]["source"],
    }


def _compared(index: dict[str, Any]) -> dict[str, Any]:
    """What the phase ``representation`` needs of the index: only the main objective's cells are compared."""
    cells = [cell for cell in index["cells"] if cell["objective"] == index["main"]]
    used = {cell["setting"] for cell in cells}
    kept = {key: index[key] for key in ("main", "controls", "start", "tasks")}
    return {**kept, "cells": cells, "settings": [s for s in index["settings"] if s["name"] in used]}
