"""Documents of the generated language: one text each, written from latent factors that its id gives back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from infoviews.corpus.documents import Document
from infoviews.language.channel import transmit
from infoviews.language.factors import BLOCK, CARDINALITIES, ID, NOISE, latents
from infoviews.language.grammar import Writing, sentences

LICENCE = "generated, and under the Apache License 2.0 as the program that writes it is"
CITATION = "Generated; after the Colorful Moving-MNIST of Tian et al. (2020), What Makes for Good Views, NeurIPS"


@dataclass(frozen=True)
class Params:
    """``documents``: how many; ``seed``: of their factors and words."""

    documents: int = 48_000
    seed: int = 0

    def __post_init__(self) -> None:
        if self.documents < 1:
            raise ValueError(f"language: documents is {self.documents}; at least 1 is needed")
        if self.seed < 0:
            raise ValueError(f"language: seed is {self.seed}; it must be at least 0")


WRITINGS = (Writing(mentions=1), *[Writing()] * 9)
"""One document in ten mentions nuisance factors once, so that the tokenizer knows every word of the language."""


def documents(params: Params, mirror: Path | None) -> Iterator[Document]:
    """Stream the documents; each sentence is a paragraph, so that no splitter has to find it."""
    for start in range(0, params.documents, BLOCK):
        numbers = np.arange(start, min(start + BLOCK, params.documents))
        rng = np.random.default_rng([params.seed, start, 1])
        values = transmit(latents(params.seed, numbers), CARDINALITIES, NOISE, rng)
        texts: list[str] = [""] * len(numbers)
        for first, writing in enumerate(WRITINGS):
            texts[first :: len(WRITINGS)] = sentences(values[first :: len(WRITINGS)], writing, rng)
        for number, text in zip(numbers.tolist(), texts, strict=True):
            yield Document(ID.format(seed=params.seed, number=number), "language", "", text)
