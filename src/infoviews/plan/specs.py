"""From params.yaml to one spec file per job: a job's inputs by content, so that re-runs depend on content alone.

A spec file is rewritten only when its text changes, and every rule takes its spec as an input. Each spec carries a
digest of just the code that its job uses.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from infoviews import registry
from infoviews.files import write_text
from infoviews.plan import digest, systems
from infoviews.plan.params import bound_of, cells, contrasts_of, named_modules, study_of

ROOT = Path("data/specs")

ENTRIES = {
    "tasks": ["infoviews.commands.tasks"],
    "corpus": ["infoviews.commands.corpus"],
    "views": ["infoviews.commands.views"],
    "base": ["infoviews.commands.base"],
    "pretrain": ["infoviews.commands.pretrain"],
    "transfer": ["infoviews.commands.transfer"],
    "information": ["infoviews.commands.information"],
    "sweetspot": ["infoviews.commands.sweetspot"],
    "report": ["infoviews.commands.report"],
}
"""The modules that each phase starts from; modules found by name are added per job."""


def resolve(config: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every spec of the chosen study as (path below the study's spec folder without suffix, content)."""
    study, own = study_of(config), config["studies"][config["study"]]
    seed = study["seed"]
    yield "tasks", _spec("tasks", {"tasks": study["tasks"], "seed": seed}, _tasks_modules(study))
    yield "corpus", _spec("corpus", {"corpus": study["corpus"], "seed": seed}, _source_modules(study))
    yield from _views(study, seed)
    yield from _bases(study, list(own["bases"]), seed)
    yield from _cells(study, seed)
    transfer = {**study["transfer"], "names": study["tasks"]["names"], "seed": seed}
    yield "transfer", _spec("transfer", {"transfer": transfer}, [])
    estimators = study["information"]
    for setting in own["views"]["settings"]:
        content = {"setting": setting, "information": estimators, "seed": seed}
        yield f"information/{setting}", _spec("information", content, _estimator_modules(estimators))
    yield "sweetspot", _spec("sweetspot", {**_index(config, study), "sweetspot": study["sweetspot"], "seed": seed}, [])
    yield "report", _spec("report", {**_index(config, study), "title": study["title"], "seed": seed}, [])


def sync(config: dict[str, Any], root: Path = ROOT) -> list[Path]:
    """Bring the chosen study's spec files up to date; returns the files that changed.

    Raises:
        ValueError: a parameter of a changed spec is unknown, missing or out of range; the message says where.
    """
    changed = {}
    for name, spec in resolve(config):
        path = root / config["study"] / f"{name}.json"
        text = json.dumps(spec, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            changed[path] = text
    if changed:  # importing every module costs seconds, so values are only checked when something is new
        for where, concept, name, given in named_modules(study_of(config)):
            _check_values(f"params.yaml: studies.{config['study']}.{where}", concept, name, given)
    for path, text in changed.items():
        write_text(path, text)
    return list(changed)


def _check_values(where: str, concept: str, name: str, given: dict[str, Any] | None) -> None:
    try:
        registry.parameters(registry.get(concept, name), given)
    except (KeyError, ValueError) as error:
        raise ValueError(f"{where}: {error.args[0]}") from error


def prune(config: dict[str, Any], data: Path = Path("data"), root: Path = ROOT) -> list[Path]:
    """Remove results and specs of settings, bases and cells that params.yaml no longer names; returns what went."""
    study = config["study"]
    named = {name for name, _ in resolve(config)}
    gone = [spec for spec in (root / study).rglob("*.json") if _below(spec, root / study) not in named]
    phases = {"views": ["views"], "base": ["base"], "checkpoints": ["pretrain"], "information": ["information"]}
    for folder, known in (phases | {"transfer": ["base", "pretrain"]}).items():
        results = (data / study / folder).glob("*")
        gone += [r for r in results if not {f"{phase}/{r.name.removesuffix('.json')}" for phase in known} & named]
    for path in gone:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    return sorted(gone)


def _below(spec: Path, folder: Path) -> str:
    return spec.relative_to(folder).with_suffix("").as_posix()


def modules(config: dict[str, Any], phase: str) -> list[str]:
    """Every module whose code any spec of a phase depends on; what dvc.yaml must name as dependencies."""
    study = study_of(config)
    found = set(ENTRIES[phase])
    by_name = {
        "tasks": _tasks_modules(study),
        "corpus": _source_modules(study),
        "views": [f"infoviews.views.{view['family']}" for view in study["views"]["settings"].values()],
        "base": [m for kinds in study["bases"].values() for m in _base_modules(kinds)],
        "pretrain": [m for name, o in study["objectives"].items() for m in _objective_modules(name, o)]
        + [m for kinds in study["bases"].values() for m in _encoder_modules(kinds)],
        "information": _estimator_modules(study["information"]),
    }
    return digest.closure(found | set(by_name.get(phase, [])))


def _spec(phase: str, content: dict[str, Any], named: list[str]) -> dict[str, Any]:
    return {**content, "code": digest.digest([*ENTRIES[phase], *named])}


def _views(study: dict[str, Any], seed: int) -> Iterator[tuple[str, dict[str, Any]]]:
    shared = {key: value for key, value in study["views"].items() if key != "settings"}
    for setting, view in study["views"]["settings"].items():
        content = {"setting": setting, "view": view, "views": shared, "seed": seed}
        yield f"views/{setting}", _spec("views", content, [f"infoviews.views.{view['family']}"])


def _bases(study: dict[str, Any], own: list[str], seed: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Bases that systems and references bring have the role ``system``: one whose resource is missing fails alone."""
    for base, kinds in study["bases"].items():
        content = {"base": kinds, "encoder": study["encoder"], "seed": seed, "threads": base_threads(study, base)}
        content |= {} if base in own else {"role": "system"}
        yield f"base/{base}", _spec("base", content, _base_modules(kinds))


def base_threads(study: dict[str, Any], base: str) -> int:
    """Only a masked language model is trained by torch; skip-gram has one worker, the rest is next to nothing."""
    return study["threads"]["base"] if "mlm" in study["bases"][base] else 1


def initial_of(study: dict[str, Any], base: str) -> str | None:
    """The base that another base starts from, if it starts from one."""
    ((_, given),) = study["bases"][base].items()
    return (given or {}).get("initial")


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
            "objective": _written_out(cell.objective, objective),
            "pretrain": study["pretrain"],
            "threads": study["threads"]["pretrain"],
            "seed": 1000 * seed + cell.seed,
        }
        named = [*_objective_modules(cell.objective, objective), *_encoder_modules(study["bases"][content["start"]])]
        yield f"pretrain/{cell.name}", _spec("pretrain", content, named)


def _written_out(name: str, objective: dict[str, Any]) -> dict[str, Any]:
    """An objective with what it leaves unsaid in params.yaml."""
    defaults = {"bound": bound_of(name, objective), "contrast": contrasts_of(objective), "additions": {}}
    return defaults | {key: value for key, value in objective.items() if key != "start"}


def _index(config: dict[str, Any], study: dict[str, Any]) -> dict[str, Any]:
    """What the analysis joins: the study's settings with their dials, its cells, its controls and its systems."""
    own = config["studies"][config["study"]]
    settings = []
    for name, view in study["views"]["settings"].items():
        dial = view.get("dial", next(iter((view.get("params") or {}).values()), None))
        settings.append({"name": name, "family": view["family"], "dial": dial, "role": view.get("role")})
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
        "study": config["study"],
        "settings": settings,
        "cells": laid_out,
        "controls": list(own["bases"]),
        "systems": systems.rows(own, cells(study)),
        "controls_of_systems": [base for base, kinds in systems.added_bases(own).items() if "architecture" in kinds],
        "start": study["start"],
        "tasks": study["tasks"]["names"],
        "tasks_source": study["tasks"]["source"],
    }


def _tasks_modules(study: dict[str, Any]) -> list[str]:
    return ["infoviews.language.tasks"] if study["tasks"]["source"] == "language" else []


def _source_modules(study: dict[str, Any]) -> list[str]:
    return [f"infoviews.corpus.sources.{name}" for name in study["corpus"]["source"]]


def _base_modules(kinds: dict[str, Any]) -> list[str]:
    return [*(f"infoviews.bases.{kind}" for kind in kinds), *_encoder_modules(kinds)]


def _encoder_modules(kinds: dict[str, Any]) -> list[str]:
    """The architecture that a base has instead of the study's."""
    return [
        f"infoviews.encoders.architectures.{name}"
        for given in kinds.values()
        for name in (given or {}).get("encoder", {})
    ]


def _objective_modules(name: str, objective: dict[str, Any]) -> list[str]:
    return [
        f"infoviews.objectives.{bound_of(name, objective)}",
        *_critic_modules(objective["critic"]),
        *(f"infoviews.contrasts.{contrast}" for contrast in contrasts_of(objective)),
        *(f"infoviews.additions.{addition}" for addition in objective.get("additions", {})),
    ]


def _estimator_modules(information: dict[str, Any]) -> list[str]:
    return [f"infoviews.objectives.{information['objective']}", *_critic_modules(information["critic"])]


def _critic_modules(critics: dict[str, Any]) -> list[str]:
    return [f"infoviews.critics.{name}" for name in critics]
