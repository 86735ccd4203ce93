"""params.yaml: validated against the schema, one study chosen, its grid of cells laid out."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from functools import reduce
from operator import getitem
from pathlib import Path
from typing import Any

import jsonschema
import jsonschema.validators
import yaml

from infoviews import numbers, registry
from infoviews.plan.digest import fields
from infoviews.plan.phases import bound_of, contrasts_of
from infoviews.plan.systems import added_bases, objective_of, systems_of, with_systems
from infoviews.plan.variants import faults, with_variants

LANGUAGE_TASKS = ("mr", "cr", "subj", "sst2", "trec", "mrpc")
LANGUAGE_PARAMS = ("examples", "mentions", "synonyms")
"""What ``infoviews.language.tasks`` writes, and its parameters; written here since importing it takes a second."""

TAKEN = {
    "specs": "what every job is made from",
    "benchmarks": "the record of the program's benchmarks",
    "calibration": "the record of the calibration",
    "evaluator": "the record of the evaluator's tests",
    "simulations": "the record of simulated studies",
}
"""Folders of data/ and reports/ that are no study's."""

VALIDATOR = jsonschema.validators.extend(
    jsonschema.Draft202012Validator,
    type_checker=jsonschema.Draft202012Validator.TYPE_CHECKER.redefine(
        "integer", lambda _, value: isinstance(value, int) and not isinstance(value, bool)
    ),
)
"""Integers are integers: 240.0, one by JSON Schema, cannot count steps."""


def validate(config: dict[str, Any], schema_file: Path) -> None:
    """Check the whole of params.yaml, and read its numbers, in place, as what they are meant to be.

    Raises:
        ValueError: the message names the key, the value given and what is allowed, and for unknown keys or names the
            nearest known one.
    """
    schema = yaml.safe_load(schema_file.read_text(encoding="utf-8"))
    for path, value in numbers.not_finite(config):
        raise ValueError(f"params.yaml: {path}: given {value}; allowed: finite numbers")
    checker = VALIDATOR(schema)
    for error in checker.iter_errors(config):
        _read_number(config, error)
    errors = sorted(checker.iter_errors(config), key=lambda e: list(map(str, e.path)))
    if errors:
        raise ValueError("params.yaml: " + "; ".join(_explain(error) for error in errors))
    _require("params.yaml: study", "name", config["study"], list(config["studies"]))
    for name, study in config["studies"].items():
        if name in TAKEN:
            raise ValueError(f"params.yaml: studies.{name}: {TAKEN[name]} lies there; give the study another name")
        _check_systems(f"params.yaml: studies.{name}", study)
        for where, message in faults(study):
            raise ValueError(f"params.yaml: studies.{name}.{where}: {message}")
        _check_names(f"params.yaml: studies.{name}", with_systems(with_variants(study)))
        for _, concept, module, given in named_modules(study):
            for key, annotation in fields(f"infoviews.{concept}.{module}").items():
                if given and key in given:
                    given[key] = numbers.read(given[key], annotation)


def refuse_repeats(path: Path) -> None:
    """Refuse a YAML file that names a key twice in one mapping; readers would keep the last and say nothing.

    Raises:
        ValueError: the key, its line and the line where it first stands.
    """
    waiting = [yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, yaml.SequenceNode):
            waiting += node.value
        elif isinstance(node, yaml.MappingNode):
            first: dict[str, int] = {}
            for key, value in node.value:
                line = key.start_mark.line + 1
                if key.value in first:
                    raise ValueError(
                        f"{path.name}, line {line}: the key {key.value!r} stands a second time in one mapping, first "
                        f"in line {first[key.value]}; keep one of them"
                    )
                first[key.value] = line
                waiting.append(value)


def study_of(config: dict[str, Any]) -> dict[str, Any]:
    """The chosen study's settings, the variants of its views and its systems written out."""
    return with_systems(with_variants(config["studies"][config["study"]]))


def _read_number(config: dict[str, Any], error: jsonschema.ValidationError) -> None:
    """Put the number in place of a text such as ``1e-3``, or 240 in place of 240.0, where the schema asks for one."""
    kinds = {"integer": numbers.whole, "number": numbers.real}
    allowed = [error.validator_value] if isinstance(error.validator_value, str) else error.validator_value
    for kind in [kind for kind in kinds if error.validator == "type" and kind in allowed]:
        *parents, last = error.absolute_path
        with contextlib.suppress(TypeError):  # what is no number stays, and is refused
            reduce(getitem, parents, config)[last] = kinds[kind](error.instance)


def _explain(error: jsonschema.ValidationError) -> str:
    """One line: where, what was given, what is allowed."""
    where = ".".join(map(str, error.absolute_path)) or "top level"
    if error.validator == "additionalProperties":
        known = list(error.schema.get("properties", {}))
        unknown = [key for key in error.instance if key not in known]
        hints = ", ".join(f"{key!r}{registry.nearest(key, known)}" for key in unknown)
        return f"{where}: unknown key {hints}; known: {', '.join(known)}"
    if error.validator in ("required", "dependentRequired"):
        return f"{where}: {error.message}"
    if error.validator == "anyOf":  # settings and objectives of a grid's block
        return f"{where}: given {error.instance!r}; allowed: all, or a list of {error.absolute_path[-1]}, each once"
    return f"{where}: given {error.instance!r}; allowed: {error.validator} {error.validator_value!r}"


def _check_systems(where: str, study: dict[str, Any]) -> None:
    """Every system must exist, and neither it nor a reference may share a name with what the study itself has."""
    for name in study.get("systems", {}).get("names", []):
        _require(f"{where}.systems.names", "name", name, registry.names("systems"))
    for name, system in systems_of(study):
        taken = {"objectives": objective_of(name)} | ({"views.settings": system.views.name} if system.views else {})
        for path, own in (("objectives", study["objectives"]), ("views.settings", study["views"]["settings"])):
            if taken.get(path) in own:
                raise ValueError(
                    f"{where}.{path}.{taken[path]}: the system {name!r} brings one of that name; rename the study's own"
                )
    for base in added_bases(study):
        if base in study["bases"]:
            raise ValueError(
                f"{where}.bases.{base}: a system or reference brings one of that name; rename the study's own"
            )


def _check_names(where: str, study: dict[str, Any]) -> None:
    """Every module, parameter, setting, objective and base that the study names must exist."""
    for path, concept, name, given in named_modules(study):
        _require(f"{where}.{path}", "name", name, registry.names(concept))
        for key in given or {}:
            _require(f"{where}.{path}", "key", key, list(fields(f"infoviews.{concept}.{name}")))
    for name in study["encoder"]:  # bases take its sizes; other architectures come with a base of their own
        _require(f"{where}.encoder", "name", name, ["bert"])
    _check_tasks(f"{where}.tasks", study["tasks"])
    _check_axis(f"{where}.sweetspot", study["sweetspot"], study["information"])
    known = {"settings": list(study["views"]["settings"]), "objectives": list(study["objectives"])}
    if "tuned_on" in study["sweetspot"]:
        _require(f"{where}.sweetspot.tuned_on", "name", study["sweetspot"]["tuned_on"], known["settings"])
    for block in study["grid"]:
        for key, names in known.items():
            for name in [] if block[key] == "all" else block[key]:
                _require(f"{where}.grid.{key}", "name", name, names)
    for base, kinds in study["bases"].items():
        for given in kinds.values():
            if "initial" in (given or {}):
                _require(f"{where}.bases.{base}.initial", "name", given["initial"], list(study["bases"]))
    for base in [study["start"], *study["information"]["features"]]:
        _require(f"{where}.start and information.features", "name", base, list(study["bases"]))
    for name, objective in study["objectives"].items():
        _require(
            f"{where}.objectives.{name}.start", "name", objective.get("start", study["start"]), list(study["bases"])
        )


def _check_tasks(where: str, tasks: dict[str, Any]) -> None:
    """Every task must exist and be of the source, and the source must know every parameter."""
    written = tasks["source"] == "language"
    for name in tasks["names"]:
        _require(f"{where}.names", "name", name, list(LANGUAGE_TASKS) if written else registry.names("transfer.tasks"))
    for key in tasks.get("params", {}):
        _require(f"{where}.params", "key", key, list(LANGUAGE_PARAMS) if written else [])


def _check_axis(where: str, sweetspot: dict[str, Any], information: dict[str, Any]) -> None:
    """The estimator and the features that the x-axis takes must be among those measured."""
    features = ["chosen", *information["features"], *(["tokens"] if "tokens" in information else [])]
    for key, measured in (("estimator", list(information["estimators"])), ("features", features)):
        if key in sweetspot:
            _require(f"{where}.{key}", "name", sweetspot[key], measured)


def _require(where: str, kind: str, given: str, known: list[str]) -> None:
    if given not in known:
        hint = registry.nearest(given, known)
        raise ValueError(f"{where}: unknown {kind} {given!r}{hint}; known: {', '.join(known) or 'none'}")


def named_modules(study: dict[str, Any]) -> Iterator[tuple[str, str, str, dict[str, Any] | None]]:
    """(path, concept, module name, its parameters) of everything that is a module of ours."""
    for name, given in study["corpus"]["source"].items():
        yield "corpus.source", "corpus.sources", name, given
    for setting, view in study["views"]["settings"].items():
        yield f"views.settings.{setting}", "views", view["family"], view.get("params")
    for base, kinds in study["bases"].items():
        for kind, given in kinds.items():
            yield f"bases.{base}", "bases", kind, given
            for name, own in (given or {}).get("encoder", {}).items():
                yield f"bases.{base}.encoder", "encoders.architectures", name, own
    for name, objective in study["objectives"].items():
        yield f"objectives.{name}", "objectives", bound_of(name, objective), objective.get("params")
        for critic, given in objective["critic"].items():
            yield f"objectives.{name}.critic", "critics", critic, given
        for contrast, given in contrasts_of(objective).items():
            yield f"objectives.{name}.contrast", "contrasts", contrast, given
        for addition, given in objective.get("additions", {}).items():
            yield f"objectives.{name}.additions", "additions", addition, given
    for critic, given in study["information"]["critic"].items():
        yield "information.critic", "critics", critic, given
    yield "information.objective", "objectives", study["information"]["objective"], {}
    yield from (("encoder", "encoders.architectures", name, given) for name, given in study["encoder"].items())
    yield "transfer", "transfer.protocols", study["transfer"]["protocol"], study["transfer"].get("params")
