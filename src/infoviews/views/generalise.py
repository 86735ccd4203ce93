"""A sentence and one that it entails: nouns and verbs replaced by their hypernyms, a hypothesis made without labels.

Natural logic: in upward-monotone places a word may be replaced by a wider one (van Benthem, 1986; MacCartney and
Manning, 2009). Sentences that hold any operator under which that might fail are skipped as a whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from infoviews.contracts import Corpus, Pairs
from infoviews.views.materials import lexicon, word_pieces

DIAL = "rate"
CITATION = "MacCartney and Manning (2009), An Extended Model of Natural Logic, IWCS; Miller (1995), WordNet, CACM"
SWEEP = (0.0, 0.5, 1.0)
REFUSED = -0.1
HIGHEST = 4  # hypernyms nearer to WordNet's root (entity, object, thing …) say nothing
VOWELS = "aeiou"


@dataclass(frozen=True)
class Params:
    """``rate``: chance that a word with a hypernym is replaced, 0 to 1; ``mirror`` is filled by the command."""

    rate: float
    mirror: Path | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.rate <= 1:
            raise ValueError(f"generalise: rate is {self.rate}; it must be between 0 and 1")


def draw(corpus: Corpus, anchors: np.ndarray, rng: np.random.Generator, params: Params) -> Pairs:
    """The anchor sentence and its generalisation; sentences that are not upward monotone throughout are skipped."""
    rows = corpus.sentences.take(anchors)
    sentences = word_pieces.texts(corpus, rows)
    seeds = rng.integers(2**32, size=len(rows))
    kept = [number for number, words in enumerate(sentences) if lexicon.upward(words)]
    lines = [
        " ".join(generalised(sentences[n], params.rate, np.random.default_rng(seeds[n]), params.mirror)) for n in kept
    ]
    return Pairs((rows.take(np.array(kept, dtype=np.int64)), word_pieces.encode(corpus, lines)), anchors[kept])


def generalised(words: list[str], rate: float, rng: np.random.Generator, mirror: Path | None) -> list[str]:
    """The words with hypernyms put in. Plurals stay, since bare ones may be generic; so do parts of compounds."""
    tags = lexicon.tagged(words)
    result = list(words)
    for place, (lemma, tag) in enumerate(tags):
        if rng.random() >= rate:
            continue
        compound = place + 1 < len(tags) and tags[place + 1][1].startswith("N")
        if tag == "NN1" and not compound:
            wider = _noun(words[place], mirror)
        elif tag.startswith("VV"):
            wider = _verb(lemma, tag, mirror)
        else:
            continue
        if wider is not None:
            result[place] = wider
            if place and result[place - 1] in ("a", "an"):
                result[place - 1] = "an" if wider[0] in VOWELS else "a"
    return result


@lru_cache(maxsize=100_000)
def _noun(word: str, mirror: Path | None) -> str | None:
    return _hypernym(word, "n", HIGHEST, mirror)


@lru_cache(maxsize=100_000)
def _verb(lemma: str, tag: str, mirror: Path | None) -> str | None:
    """The hypernym in the form of ``tag``; ``None`` where it has none or is inflected irregularly."""
    wider = _hypernym(lemma, "v", 0, mirror)
    if wider is None or wider in _irregular(mirror):
        return None
    stem = wider[:-1] if wider.endswith("e") else wider
    forms = {"VVD": f"{stem}ed", "VVN": f"{stem}ed", "VVG": f"{stem}ing"}
    hissing = wider.endswith(("s", "x", "z", "ch", "sh"))
    forms["VVZ"] = f"{wider}es" if hissing else f"{wider}s"
    if wider.endswith("y") and wider[-2] not in VOWELS:
        forms |= {"VVD": f"{wider[:-1]}ied", "VVN": f"{wider[:-1]}ied", "VVZ": f"{wider[:-1]}ies"}
    return forms.get(tag, wider)


def _hypernym(word: str, kind: str, highest: int, mirror: Path | None) -> str | None:
    """The first single-word name one step above a word's most frequent sense."""
    senses = lexicon.wordnet(mirror).synsets(word, kind)
    above_all = senses[0].hypernyms() if senses else []
    for above in sorted(above_all, key=lambda sense: sense.name()):  # nltk gives them in no fixed order
        if above.min_depth() >= highest:
            for name in above.lemma_names():
                if name.isalpha() and name.islower() and name != word:
                    return name
    return None


@lru_cache(maxsize=2)
def _irregular(mirror: Path | None) -> frozenset[str]:
    """Base forms of the verbs in WordNet's list of exceptions, doubled consonants among them."""
    net: Any = lexicon.wordnet(mirror)
    with net.open("verb.exc") as file:
        return frozenset(word for line in file for word in line.split()[1:])
