"""A sentence and the same one with words replaced by synonyms: a paraphrase made without labels."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from infoviews.contracts import Corpus, Pairs, Ragged, ragged
from infoviews.sources import SourceFile, held
from infoviews.views.materials import lexicon, word_pieces

DIAL = "rate"
CITATION = "Miller (1995), WordNet, CACM; Ganitkevitch, Van Durme and Callison-Burch (2013), PPDB, NAACL"
SWEEP = (0.0, 0.2, 0.5, 1.0)
REFUSED = 1.1
RESOURCES = ("wordnet", "ppdb")
PPDB = SourceFile(
    "pairs/ppdb_lexical/ppdb-1.0-xxxl-lexical.extended.synonyms.uniquepairs.gz",
    "b502611945e06b99bd897aba0be4b24bb7643a380cf67314eca27c31eccf9665",
)
SENSES = 2  # of a word, the most frequent first
ENDINGS = ("", "s", "es", "d", "ed", "ing")
SHORTEST = 3  # letters; shorter words are nearly all function words


@dataclass(frozen=True)
class Params:
    """How much is replaced, and by what.

    Attributes:
        rate: chance that a word that has a synonym is replaced, 0 to 1.
        resource: ``wordnet`` (synonyms in a word's two most frequent senses) or ``ppdb`` (its lexical pairs).
        mirror: folder of raw files, filled by the command.
    """

    rate: float
    resource: str = "wordnet"
    mirror: Path | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.rate <= 1:
            raise ValueError(f"substitute: rate is {self.rate}; it must be between 0 and 1")
        if self.resource not in RESOURCES:
            raise ValueError(f"substitute: resource is {self.resource!r}; known: {', '.join(RESOURCES)}")


def draw(corpus: Corpus, anchors: np.ndarray, rng: np.random.Generator, params: Params) -> Pairs:
    """The anchor sentence, and a copy in which words that are one token are swapped for synonyms that are."""
    rows = corpus.sentences.take(anchors)
    table = _synonyms(corpus.folder, params.resource, params.mirror)
    words = word_pieces.words_of(corpus, rows)
    alone = np.ones(len(rows.ids), dtype=bool)  # words of one piece
    same = (words.ids[1:] == words.ids[:-1]) & (np.diff(np.repeat(np.arange(len(rows)), rows.lengths)) == 0)
    alone[1:] &= ~same
    alone[:-1] &= ~same
    choices = table.lengths[rows.ids]
    swapped = alone & (choices > 0) & (rng.random(len(rows.ids)) < params.rate)
    chosen = np.floor(rng.random(len(rows.ids)) * choices).astype(np.int64)
    ids = rows.ids.copy()
    ids[swapped] = table.ids[table.offsets[rows.ids[swapped]] + chosen[swapped]]
    return Pairs((rows, Ragged(ids, rows.offsets)), anchors)


@lru_cache(maxsize=4)
def _synonyms(folder: Path, resource: str, mirror: Path | None) -> Ragged:
    """Row i: ids of the synonyms of token i that are one token themselves."""
    vocabulary = word_pieces.pieces(folder)
    number = {word: at for at, word in enumerate(vocabulary) if word.isalpha() and len(word) >= SHORTEST}
    found = _from_ppdb(number, mirror) if resource == "ppdb" else _from_wordnet(number, mirror)
    rows = [sorted(found.get(at, ())) for at in range(len(vocabulary))]
    return ragged(rows, np.int64)


def _from_wordnet(number: dict[str, int], mirror: Path | None) -> dict[int, set[int]]:
    """Synonyms in the most frequent senses; a regular ending of the word is carried over to its synonyms."""
    net = lexicon.wordnet(mirror)
    found = {}
    for word, at in number.items():
        names = set()
        for sense in net.synsets(word)[:SENSES]:
            stem = next((name for name in sense.lemma_names() if word.startswith(name)), word)
            ending = word[len(stem) :]
            if ending in ENDINGS and stem in sense.lemma_names():
                silent = stem[-1] == "e"  # "d" goes to stems that end in e, "ed" and "ing" to others
                alike = [n for n in sense.lemma_names() if ending in ("", "s") or (n[-1] == "e") == silent]
                names |= {name + ending for name in alike}
        found[at] = {number[name] for name in names if name in number} - {at}
    return found


def _from_ppdb(number: dict[str, int], mirror: Path | None) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    with gzip.open(held(PPDB, mirror), "rt", encoding="utf-8") as file:
        for line in file:
            first, _, second = line.strip().partition("\t")
            if first in number and second in number and first != second:
                found.setdefault(number[first], set()).add(number[second])
                found.setdefault(number[second], set()).add(number[first])
    return found
