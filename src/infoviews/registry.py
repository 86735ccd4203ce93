"""Find the modules of a concept by file name: the file name is the name used in params.yaml."""

from __future__ import annotations

import ast
import dataclasses
import difflib
import importlib
import pkgutil
from pathlib import Path
from types import ModuleType
from typing import Any, get_type_hints

from infoviews.numbers import typed


def names(concept: str) -> list[str]:
    """Names of all modules of ``infoviews.<concept>``, sorted; packages hold what modules share and are left out."""
    package = importlib.import_module(f"infoviews.{concept}")
    found = pkgutil.iter_modules(package.__path__)
    return sorted(m.name for m in found if not m.ispkg and not m.name.startswith("_"))


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
    """``module.Params`` filled from a mapping; see ``filled``."""
    return filled(module.Params, module.__name__, given)


def filled(kind: type, name: str, given: dict[str, Any] | None) -> Any:
    """A dataclass filled from a mapping, as params.yaml gives it.

    Args:
        kind: the dataclass.
        name: what messages call it.
        given: a value for each field without a default, at least.

    Raises:
        KeyError: a key that ``kind`` does not have; the message names the nearest known key.
        ValueError: a parameter that is missing, of the wrong type or not finite, or, raised by ``kind`` itself, out of
            range.
    """
    given = given or {}
    known = {field.name: field for field in dataclasses.fields(kind)}
    for key in given:
        if key not in known:
            raise KeyError(
                f"{name}: unknown parameter {key!r}{nearest(key, list(known))}; known: {', '.join(known) or 'none'}"
            )
    hints = get_type_hints(kind)
    wrong = [f"no value for {key}" for key, field in known.items() if key not in given and _required(field)]
    filling = {}
    for key, value in given.items():
        try:
            filling[key] = typed(value, hints[key])
        except TypeError:
            wrong.append(f"a value of the wrong type ({key} must be {known[key].type}, numbers finite)")
    if wrong:
        expected = ", ".join(f"{key}: {field.type}" for key, field in known.items())
        values = ", ".join(f"{key}: {value!r}" for key, value in given.items())
        raise ValueError(f"{name}: {'; '.join(wrong)}; given: {values or 'none'}; known: {expected}")
    return kind(**filling)


def _required(field: dataclasses.Field[Any]) -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


RENAMED = {"steps": "num_steps", "batch": "batch_size", "rate": "learning_rate"}
"""Keys of params.yaml by their former names."""


def nearest(name: Any, known: list[str]) -> str:
    """A hint ', did you mean …?', or ', now called …' for a former name, or an empty string."""
    name = str(name)  # YAML's keys may be numbers
    if RENAMED.get(name) in known:
        return f", now called {RENAMED[name]!r}"
    found = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return f", did you mean {found[0]!r}?" if found else ""
