"""One sentence through several channels: its words, its letters, its parts of speech (CMC's sensory channels)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from infoviews.contracts import Corpus, Pairs, Ragged
from infoviews.views.materials import lexicon, word_pieces

DIAL = "channels"
CITATION = "Tian, Krishnan and Isola (2020), Contrastive Multiview Coding, ECCV"
SWEEP = (("words", "characters"), ("words", "tags"))
REFUSED = ("words",)
CHANNELS = ("words", "characters", "tags")


@dataclass(frozen=True)
class Params:
    """Which channels are the views.

    Attributes:
        channels: two or three of ``words`` (the sentence), ``characters`` (its words cut into groups of letters, each
            written as a word of its own) and ``tags`` (the part of speech of every word).
        letters: letters in a group.
    """

    channels: tuple[str, ...]
    letters: int = 3

    def __post_init__(self) -> None:
        object.__setattr__(self, "channels", tuple(self.channels))
        if len(self.channels) < 2 or len(set(self.channels)) < len(self.channels):
            raise ValueError(f"channels: channels is {list(self.channels)}; name two or more, each once")
        if not set(self.channels) <= set(CHANNELS):
            raise ValueError(f"channels: channels is {list(self.channels)}; known: {', '.join(CHANNELS)}")
        if self.letters < 1:
            raise ValueError(f"channels: letters is {self.letters}; it must be at least 1")


def makes(params: Params) -> tuple[int, int]:
    """Views of a pair, and classes of its labels."""
    return len(params.channels), 0


def draw(corpus: Corpus, anchors: np.ndarray, rng: np.random.Generator, params: Params) -> Pairs:
    """The anchor sentence through each channel; nothing is random, so the pairs are the same for every seed."""
    rows = corpus.sentences.take(anchors)
    sentences = word_pieces.texts(corpus, rows)
    return Pairs(
        tuple(_through(corpus, rows, sentences, channel, params.letters) for channel in params.channels), anchors
    )


def _through(corpus: Corpus, rows: Ragged, sentences: list[list[str]], channel: str, letters: int) -> Ragged:
    if channel == "words":
        return rows
    if channel == "tags":
        made = [[tag.lower() for _, tag in lexicon.tagged(row)] for row in sentences]
    else:
        made = [[word[i : i + letters] for word in row for i in range(0, len(word), letters)] for row in sentences]
    return word_pieces.encode(corpus, [" ".join(row) for row in made])
