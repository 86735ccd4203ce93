"""Two texts written from one document's factors: which ones they share is the dial, I(v1; v2) is known exactly.

The text counterpart of the Colorful Moving-MNIST of Tian et al. (NeurIPS 2020), section 4: task factors and nuisance
factors are shared one by one, here with a closed form for the information. A shared factor reaches each view through
a symmetric channel of its own; one that is not shared is drawn independently for each view. Text and written values
determine each other but for words drawn independently, so the information of the views is the sum over the shared
factors.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from infoviews.contracts import Corpus, Pairs, Ragged
from infoviews.language import channel
from infoviews.language.factors import CARDINALITIES, FACTORS, ID, NAMES, NOISE, Factor, column, latents
from infoviews.language.grammar import WORDS, Writing, write
from infoviews.views.materials import word_pieces

DIAL = "shared"
CITATION = "Tian et al. (2020), What Makes for Good Views for Contrastive Learning?, NeurIPS, section 4"
SWEEP = (NAMES, NAMES[:7], NAMES[:6], ())
REFUSED = ("mood",)
SOURCE = "language"


@dataclass(frozen=True)
class Params:
    """What two views share, and how they are written.

    Attributes:
        shared: factors that both views take from the document.
        noise: channel error of every shared factor in both views; ``None``: each factor's own.
        matching: in place of ``noise``: the error is chosen so that the views share exactly as many nats as views
            that share these factors at their own noise (iso-information pairs).
        mentions, synonyms: saliency of nuisance and task factors, see ``infoviews.language.grammar.Writing``.
    """

    shared: tuple[str, ...]
    noise: float | None = None
    matching: tuple[str, ...] = ()
    mentions: int = 2
    synonyms: int = Writing().synonyms

    def __post_init__(self) -> None:
        for name in ("shared", "matching"):
            given = getattr(self, name)
            object.__setattr__(self, name, (given,) if isinstance(given, str) else tuple(given))
            for factor in getattr(self, name):
                if factor not in NAMES:
                    raise ValueError(f"language: no factor {factor!r}; known: {', '.join(NAMES)}")
        if self.noise is not None and self.matching:
            raise ValueError("language: give noise or matching, not both")
        if self.noise is not None and not 0 <= self.noise <= 0.5:
            raise ValueError(f"language: noise is {self.noise}; it must be between 0 and 0.5")
        Writing(self.mentions, self.synonyms)
        self.errors()  # raises where the shared factors cannot match

    def errors(self) -> np.ndarray:
        """Channel error of every factor in both views; float array (factors,)."""
        noise = NOISE.copy()
        shared = [column(name) for name in self.shared]
        if self.noise is not None:
            noise[shared] = self.noise
        if self.matching:
            nats = sum(own_information(FACTORS[column(name)]) for name in self.matching)
            noise[shared] = channel.noise_for(CARDINALITIES[shared].tolist(), nats)
        return noise


def own_information(factor: Factor) -> float:
    """Nats that two views share through a factor at its own noise."""
    return channel.shared_information(factor.values, factor.noise, factor.noise)


def candidates(corpus: Corpus, split: int, params: Params) -> np.ndarray:
    """The first sentence of every document of the split: one anchor a document keeps the pairs independent."""
    return corpus.documents[:-1][(corpus.split == split) & (np.diff(corpus.documents) > 0)]


def draw(corpus: Corpus, anchors: np.ndarray, rng: np.random.Generator, params: Params) -> Pairs:
    """Two texts for the document of each anchor."""
    seed, numbers = _identities(corpus.folder)
    documents = corpus.document_of(anchors)
    words, writing = _token_ids(corpus.folder), Writing(params.mentions, params.synonyms)
    views = []
    for values in draw_values(latents(seed, numbers[documents]), params, rng):
        text = write(values, writing, rng)
        views.append(Ragged(words[text.ids], text.offsets))
    return Pairs(tuple(views), anchors)


def draw_values(latent: np.ndarray, params: Params, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """The factor values that the two views write; int arrays (n, factors).

    Every number is drawn whether it is used or not, so that settings differ in nothing but what they share.
    """
    errors = params.errors()
    first = channel.transmit(latent, CARDINALITIES, errors, rng)
    second = channel.transmit(latent, CARDINALITIES, errors, rng)
    anew = rng.integers(CARDINALITIES, size=latent.shape)
    return first, np.where(np.isin(NAMES, params.shared), second, anew)


def facts(corpus: Corpus, params: Params) -> dict[str, Any]:
    """The exact information of the views, factor by factor, and what the tasks' texts allow, in nats.

    ``information`` is I(v1; v2); ``task_information`` the part of it that is of task factors; ``factors`` what each
    adds; ``bayes`` the best possible accuracy of each task, ``label_information`` the nats that a task's text (or
    pair of texts) holds about its label.
    """
    errors = params.errors()
    nats = {
        factor.name: channel.shared_information(factor.values, error, error) if factor.name in params.shared else 0.0
        for factor, error in zip(FACTORS, errors.tolist(), strict=True)
    }
    tasks = [factor for factor in FACTORS if factor.task]
    exact = {
        "information": sum(nats.values()),
        "task_information": sum(nats[factor.name] for factor in tasks),
        "factors": nats,
        "noise": dict(zip(NAMES, errors.tolist(), strict=True)),
        "bayes": {str(factor.task): bayes_accuracy(factor) for factor in tasks},
        "label_information": {str(factor.task): label_information(factor) for factor in tasks},
    }
    return {"exact": exact}


def bayes_accuracy(factor: Factor) -> float:
    """Best possible accuracy of the factor's task, between 0 and 1."""
    return channel.match_accuracy(factor.values, factor.noise) if factor.task == "mrpc" else 1 - factor.noise


def label_information(factor: Factor) -> float:
    """Nats that a text, or a pair of texts, of the factor's task holds about the label."""
    information = channel.match_information if factor.task == "mrpc" else channel.information
    return information(factor.values, factor.noise)


@lru_cache(maxsize=4)
def _identities(folder: Path) -> tuple[int, np.ndarray]:
    """Seed of a corpus and the number of each of its documents, out of their ids.

    Raises:
        ValueError: a corpus that holds documents not of the language, or of several seeds.
    """
    ids = pd.read_parquet(folder / "documents.parquet", columns=["id"])["id"]
    parts = ids.str.extract("^" + ID.format(seed=r"(\d+)", number=r"(\d+)") + "$")
    if parts.isna().any(axis=None) or parts[0].nunique() != 1:
        raise ValueError(f"{folder}: the language family needs a corpus of source 'language' alone, with one seed")
    return int(parts[0].iloc[0]), parts[1].astype(np.int64).to_numpy()


@lru_cache(maxsize=4)
def _token_ids(folder: Path) -> np.ndarray:
    """Token id of every word of the language.

    Raises:
        ValueError: words that the corpus tokenizer would cut in pieces; a larger vocabulary holds them.
    """
    vocabulary = word_pieces.core(folder).get_vocab()
    missing = [word for word in WORDS if word not in vocabulary]
    if missing:
        raise ValueError(
            f"{folder}/tokenizer lacks {len(missing)} of the language's {len(WORDS)} words, such as {missing[0]!r}; "
            f"train it with a larger vocabulary"
        )
    return np.array([vocabulary[word] for word in WORDS])
