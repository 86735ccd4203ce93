"""Find the modules of a concept by file name: the file name is the name used in params.yaml."""

from __future__ import annotations

import ast
import dataclasses
import difflib
import importlib
import pkgutil
from pathlib import Path
from types import ModuleType
from typing import Any


def names(concept: str) -> list[str]:
    """Names of all modules of ``infoviews.<concept>`` (dotted for nested ones), sorted."""
    package = importlib.import_module(f"infoviews.{concept}")
    return sorted(m.name for m in pkgutil.iter_modules(package.__path__) if not m.name.startswith("_"))


def get(concept: str, name: str) -> ModuleType:
    """The module ``infoviews.<concept>.<name>``.

    Raises:
        KeyError: no such module; the message names the nearest one and all that exist.
    """
    known = names(concept)
    if name not in known:
        raise KeyError(f"no {concept} module named {name!r}{nearest(name, known)}; known: {', '.join(known)}")
    return importlib.import_module(f"infoviews.{concept}.{name}")


def declared(concept: str, name: str, constant: str) -> Any:
    """The value of a constant at the top of a module, read from the source: nothing heavy is imported for it.

    Raises:
        KeyError: no such constant in the module.
    """
    package = importlib.import_module(f"infoviews.{concept}")
    tree = ast.parse((Path(package.__path__[0]) / f"{name}.py").read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == constant:
            return ast.literal_eval(node.value)
    raise KeyError(f"infoviews.{concept}.{name} declares no {constant}")


def parameters(module: ModuleType, given: dict[str, Any] | None) -> Any:
    """``module.Params`` filled from a mapping.

    Raises:
        KeyError: a key that ``Params`` does not have; the message names the nearest known key.
        ValueError: a parameter that is missing, of the wrong type, or, raised by ``Params`` itself, out of range.
    """
    given = given or {}
    known = {field.name: field for field in dataclasses.fields(module.Params)}
    for key in given:
        if key not in known:
            raise KeyError(
                f"{module.__name__}: unknown parameter {key!r}{nearest(key, list(known))}; "
                f"known: {', '.join(known) or 'none'}"
            )
    try:
        return module.Params(**given)
    except TypeError as error:
        absent = [name for name, field in known.items() if name not in given and _required(field)]
        wrong = f"no value for {', '.join(absent)}" if absent else f"a value of the wrong type ({error})"
        values = ", ".join(f"{key}: {value!r}" for key, value in given.items())
        expected = ", ".join(f"{name}: {field.type}" for name, field in known.items())
        raise ValueError(f"{module.__name__}: {wrong}; given: {values or 'none'}; known: {expected}") from error


def _required(field: dataclasses.Field[Any]) -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


RENAMED = {"steps": "num_steps", "batch": "batch_size", "rate": "learning_rate"}
"""Keys of params.yaml by their former names."""


def nearest(name: str, known: list[str]) -> str:
    """A hint ', did you mean …?', or ', now called …' for a former name, or an empty string."""
    if RENAMED.get(name) in known:
        return f", now called {RENAMED[name]!r}"
    found = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return f", did you mean {found[0]!r}?" if found else ""
