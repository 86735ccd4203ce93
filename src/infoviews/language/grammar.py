"""Write factor values as English-like texts, and read them back: text and written values determine each other."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from infoviews.contracts import Ragged
from infoviews.language.factors import FACTORS, NAMES
from infoviews.language.words import FILLERS, FORMS, PRONOUNS, TEMPLATES

MOST_SYNONYMS = max(len(forms.split()) for factor in FACTORS if factor.task for forms in FORMS[factor.name])
PARAGRAPH = "\n"


@dataclass(frozen=True)
class Writing:
    """How salient factors are in a text.

    Attributes:
        mentions: how often a nuisance factor is written, 1 or 2; an independent word replaces the other mention.
        synonyms: word forms used for each value of a task factor, 1 (salient) to ``MOST_SYNONYMS`` (subtle); a
            factor that has fewer uses all of its own.
    """

    mentions: int = 2
    synonyms: int = MOST_SYNONYMS

    def __post_init__(self) -> None:
        if self.mentions not in (1, 2):
            raise ValueError(f"language: mentions is {self.mentions}; a text mentions a nuisance once or twice")
        if not 1 <= self.synonyms <= MOST_SYNONYMS:
            raise ValueError(f"language: synonyms is {self.synonyms}; it must be between 1 and {MOST_SYNONYMS}")


def _tokens(template: str) -> list[str]:
    return re.findall(r"\{\w+\}|\w+|[^\w\s]|\n", template)


def _all_words() -> tuple[str, ...]:
    found = {word for forms in FORMS.values() for value in forms for word in value.split()}
    for lists in (FILLERS, PRONOUNS):
        found |= {word for words in lists.values() for word in words}
    found |= {token for template in TEMPLATES for token in _tokens(template) if token[0] != "{"}
    return tuple(sorted(found - {PARAGRAPH}))


WORDS = _all_words()
"""Every word and sign of the language; a text is an array of indices into it."""

_NUMBER = {word: number for number, word in enumerate(WORDS)}
_BREAK = len(WORDS)  # the line break between the sentences of a text


def _numbers(words: str | tuple[str, ...]) -> np.ndarray:
    return np.array([_NUMBER[word] for word in (words.split() if isinstance(words, str) else words)])


_FORMS = {name: [_numbers(value) for value in FORMS[name]] for name in NAMES}


def write(values: np.ndarray, writing: Writing, rng: np.random.Generator) -> Ragged:
    """One text per row of factor values (n, factors), as indices into ``WORDS``; templates and words at random."""
    rows = _write(values, writing, rng)
    keep = rows.ids != _BREAK
    return Ragged(rows.ids[keep], np.concatenate([[0], np.cumsum(keep)])[rows.offsets])


def sentences(values: np.ndarray, writing: Writing, rng: np.random.Generator) -> list[str]:
    """One text per row of factor values, as strings, a line for each sentence; words are parted by spaces."""
    words = np.array([*WORDS, PARAGRAPH], dtype=object)
    return [" ".join(words[row]).replace(f" {PARAGRAPH} ", PARAGRAPH) for row in _write(values, writing, rng)]


def read(rows: Ragged) -> np.ndarray:
    """The factor values that texts were written from; int64 array (n, factors).

    Raises:
        ValueError: a text in which a factor is not written.
    """
    values = np.full((len(rows), len(FACTORS)), -1)
    row = np.repeat(np.arange(len(rows)), rows.lengths)
    factor, value = _MEANING[rows.ids].T
    told = factor >= 0
    values[row[told], factor[told]] = value[told]
    if (values < 0).any():
        at, missing = np.argwhere(values < 0)[0]
        raise ValueError(f"text {at} does not write the factor {NAMES[missing]!r}")
    return values


def _write(values: np.ndarray, writing: Writing, rng: np.random.Generator) -> Ragged:
    template = rng.integers(len(TEMPLATES), size=len(values))
    longest = max(len(_tokens(text)) for text in TEMPLATES)
    words = np.full((len(values), longest), -1)
    for number, text in enumerate(TEMPLATES):
        here = np.flatnonzero(template == number)
        mentioned: set[str] = set()
        for place, token in enumerate(_tokens(text)):
            words[here, place] = _word(token, values[here], mentioned, writing, rng)
    keep = words >= 0
    return Ragged(words[keep], np.concatenate([[0], np.cumsum(keep.sum(1))]).astype(np.int64))


def _word(
    token: str, values: np.ndarray, mentioned: set[str], writing: Writing, rng: np.random.Generator
) -> np.ndarray | int:
    """The word at one place of a template for every text that uses it; array (texts,) or one word for all."""
    if token == PARAGRAPH:
        return _BREAK
    if token[0] != "{":
        return _NUMBER[token]
    name = token[1:-1]
    drawn = rng.random(len(values))
    if name in FILLERS:
        return _pick(_numbers(FILLERS[name]), drawn)
    if name in PRONOUNS and name in mentioned and writing.mentions == 1:
        return _pick(_numbers(PRONOUNS[name]), drawn)
    mentioned.add(name)
    forms = np.stack([words[: writing.synonyms] for words in _FORMS[name]])  # (values, forms)
    return forms[values[:, NAMES.index(name)], (drawn * forms.shape[1]).astype(int)]


def _pick(words: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    return words[(drawn * len(words)).astype(int)]


def _meaning() -> np.ndarray:
    """Factor and value that each word tells, -1 where it tells none; int array (words, 2)."""
    table = np.full((len(WORDS), 2), -1)
    for column, name in enumerate(NAMES):
        for value, words in enumerate(_FORMS[name]):
            table[words] = column, value
    return table


_MEANING = _meaning()
