"""Find the modules of a concept by file name: the file name is the name used in params.yaml."""

from __future__ import annotations

import difflib
import importlib
import pkgutil
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


def parameters(module: ModuleType, given: dict[str, Any] | None) -> Any:
    """``module.Params`` filled from a mapping.

    Raises:
        KeyError: a key that ``Params`` does not have; the message names the nearest known key.
        ValueError: a value out of range, raised by ``Params`` itself.
    """
    given = given or {}
    known = list(module.Params.__dataclass_fields__)
    for key in given:
        if key not in known:
            raise KeyError(
                f"{module.__name__}: unknown parameter {key!r}{nearest(key, known)}; "
                f"known: {', '.join(known) or 'none'}"
            )
    return module.Params(**given)


def nearest(name: str, known: list[str]) -> str:
    """A hint ', did you mean …?' or an empty string."""
    found = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return f", did you mean {found[0]!r}?" if found else ""
