"""A sentence and a shorter one that it entails: modifiers, adjuncts and conjuncts dropped, never under negation.

The text counterpart of cropping an image: what is left still holds (MacCartney and Manning, 2009: deletion of
intersective modifiers is forward entailment in upward-monotone places).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from infoviews.contracts import Corpus, Pairs
from infoviews.views.materials import lexicon, word_pieces

DIAL = "rate"
CITATION = "MacCartney and Manning (2009), An Extended Model of Natural Logic, IWCS"
SWEEP = (0.0, 0.5, 1.0)
REFUSED = 1.5
FEWEST = 3  # words that are left at least
PRIVATIVE = frozenset(
    "former fake false alleged supposed possible probable potential likely apparent would-be mock toy artificial "
    "imaginary fictional future past ex virtual same other different only first last next".split()
)
"""A former minister is no minister: these adjectives stay."""
KEPT_ADVERBS = frozenset(
    "allegedly supposedly possibly probably perhaps maybe apparently reportedly almost nearly formerly falsely so as "
    "more there here then how why when where out up down off away back".split()
)

# One letter a word, so that patterns are regular expressions over the tags.
LETTERS = {
    "CJC": "c",
    "AJ": "j",
    "AV": "v",
    "NN": "n",
    "NP": "n",
    "AT": "d",
    "DP": "d",
    "PR": "p",
    "VV": "w",
    "VB": "w",
}
PATTERNS = (
    re.compile(r"j(?=j*n)"),  # an adjective before its noun
    re.compile(r"v"),  # an adverb
    re.compile(r"(?<=[wn])p(d?j*n+)(?=x?$)"),  # a prepositional phrase at the end
    re.compile(r"(?<=n)c(d?j*n)(?=p|x?$)"),  # the second of two joined nouns, not where it may be the subject
)


@dataclass(frozen=True)
class Params:
    """``rate``: chance that a part that may go does go, 0 to 1."""

    rate: float

    def __post_init__(self) -> None:
        if not 0 <= self.rate <= 1:
            raise ValueError(f"compress: rate is {self.rate}; it must be between 0 and 1")


def draw(corpus: Corpus, anchors: np.ndarray, rng: np.random.Generator, params: Params) -> Pairs:
    """The anchor sentence and its compression; sentences that are not upward monotone throughout are skipped."""
    rows = corpus.sentences.take(anchors)
    sentences = word_pieces.texts(corpus, rows)
    seeds = rng.integers(2**32, size=len(rows))
    kept = np.array([n for n, words in enumerate(sentences) if lexicon.upward(words)], dtype=np.int64)
    mask = [compressed(sentences[n], params.rate, np.random.default_rng(seeds[n])) for n in kept]
    shorter = rows.take(kept)
    flat = np.concatenate(mask) if mask else np.zeros(0, dtype=bool)
    inside = word_pieces.per_token(flat, word_pieces.words_of(corpus, shorter))
    return Pairs((shorter, word_pieces.keep(shorter, inside)), anchors[kept])


def compressed(words: list[str], rate: float, rng: np.random.Generator) -> np.ndarray:
    """Which words stay; bool array (words,)."""
    code = "".join(_letter(word, tag) for word, (_, tag) in zip(words, lexicon.tagged(words), strict=True))
    stay = np.ones(len(words), dtype=bool)
    for pattern in PATTERNS:
        for found in pattern.finditer(code):
            part = slice(*found.span())
            if rng.random() < rate and stay.sum() - stay[part].sum() >= FEWEST:
                stay[part] = False
    return stay


def _letter(word: str, tag: str) -> str:
    if not word[0].isalnum():
        return "x"
    if word in PRIVATIVE or word in KEPT_ADVERBS or tag == "PRF":  # "of" belongs to its noun
        return "o"
    return LETTERS.get(tag, LETTERS.get(tag[:2], "o"))
