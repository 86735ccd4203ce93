"""Values of params.yaml as the types that they are meant to be.

YAML 1.1, which Snakemake reads, takes ``1e-3`` (no dot) for a text, and has ``.nan`` and ``.inf``; JSON Schema takes
240.0 for an integer, with which nothing can be counted. Here the first is read as the number it is, the second refused,
and the third becomes 240.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

EXPONENT = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)[eE][-+]?\d+")


def real(value: Any) -> float:
    """A finite number: as given, or written with an exponent.

    Raises:
        TypeError: anything else.
    """
    if isinstance(value, str) and EXPONENT.fullmatch(value):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise TypeError
    return value


def whole(value: Any) -> int:
    """A whole number, also one that is written 240.0 or 1e3.

    Raises:
        TypeError: anything else.
    """
    number = real(value)
    if number != int(number):
        raise TypeError
    return int(number)


def typed(value: Any, hint: Any) -> Any:
    """``value`` as a field of the type ``hint`` takes it; a list, or one text, may stand for a tuple.

    Raises:
        TypeError: it is of another type, or a number that is not finite.
    """
    origin, parts = get_origin(hint), get_args(hint)
    if hint is Any:
        return value
    if origin in (Union, UnionType):
        return _first(value, parts)
    if origin is tuple and parts[0] is str and isinstance(value, str):
        return (value,)
    if origin in (list, tuple) and isinstance(value, list | tuple):
        every = parts if origin is tuple and parts[-1] is not Ellipsis else (parts[0],) * len(value)
        if len(every) != len(value):
            raise TypeError
        return type(value)(typed(item, part) for item, part in zip(value, every, strict=True))
    if origin is dict and isinstance(value, dict):
        return {typed(key, parts[0]): typed(item, parts[1]) for key, item in value.items()}
    if hint in (float, int):
        return real(value) if hint is float else whole(value)
    if isinstance(value, origin or (NoneType if hint is None else hint)):
        return value
    raise TypeError


def _first(value: Any, hints: tuple[Any, ...]) -> Any:
    """``value`` as the first of several types that takes it."""
    for hint in hints:
        try:
            return typed(value, hint)
        except TypeError:
            continue
    raise TypeError


def read(value: Any, annotation: str) -> Any:
    """``value`` with its numbers as the annotation of a field asks for them, the rest as it is.

    For where importing the dataclass would take too long, and what is wrong is said later.
    """
    if isinstance(value, list):
        return [read(item, annotation) for item in value]
    for name, number in (("int", whole), ("float", real)):
        if re.search(rf"\b{name}\b", annotation):
            try:
                return number(value)
            except TypeError:
                continue
    return value


def not_finite(value: Any, path: str = "") -> Iterator[tuple[str, float]]:
    """Path and value of every number in nested mappings and lists that is not finite."""
    if isinstance(value, float) and not math.isfinite(value):
        yield path, value
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from not_finite(item, f"{path}.{key}".lstrip("."))
