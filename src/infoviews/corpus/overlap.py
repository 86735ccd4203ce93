"""Contamination filter: text that holds the beginning of an evaluation sentence stays out of pretraining."""

from __future__ import annotations

from pathlib import Path

from infoviews.corpus.cleaning import letters

WINDOW = 40
"""Letters and digits compared; evaluation sentences with fewer are too short to tell copies from chance."""


def evaluation_keys(sentences: Path) -> frozenset[str]:
    """First ``WINDOW`` letters and digits of every sentence (one a line) that has as many."""
    with sentences.open(encoding="utf-8") as file:
        return frozenset(key[:WINDOW] for line in file if len(key := letters(line)) >= WINDOW)


def overlaps(paragraph: str, keys: frozenset[str]) -> bool:
    """Whether a paragraph, given as ``letters``, holds one of the keys anywhere."""
    return any(paragraph[i : i + WINDOW] in keys for i in range(len(paragraph) - WINDOW + 1))
