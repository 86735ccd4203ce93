"""Small parts of sentences: lists, counts, differences with their intervals."""

from __future__ import annotations

from typing import Any

FEW = 6
"""So many names are listed in a sentence; of more the first ones are, and the rest counted."""


def said(*parts: str) -> str:
    """Sentences, one after another; empty ones are left out."""
    return " ".join(part for part in parts if part)


def listed(names: list[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def some(names: list[str]) -> str:
    """All of a few names; of many the first three, and how many more there are."""
    return listed(names if len(names) <= FEW else [*names[:3], f"{len(names) - 3} more"])


def counted(n: int, what: str) -> str:
    """``one setting``, ``4 settings``."""
    return f"one {what}" if n == 1 else f"{n} {what}s"


def bracket(low: float | None, high: float | None, digits: int = 1) -> str:
    """`` [0.3, 2.1]`` with a space before it; nothing where there is no interval."""
    return "" if low is None or high is None else f" [{low:.{digits}f}, {high:.{digits}f}]"


def points(row: dict[str, Any]) -> str:
    """``+1.2 points [0.3, 2.1]``."""
    return f"{row['difference']:+.1f} points{bracket(row['low'], row['high'])}"


def capital(text: str) -> str:
    """The text with a capital letter first."""
    return text[:1].upper() + text[1:]


def plain(text: str) -> str:
    """A sentence without marks of code."""
    return text.replace("`", "")
