"""The title of a document against a part of its body (after the title-body pairs of dense retrieval)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from infoviews.contracts import Corpus, Pairs, Ragged, ragged, slices
from infoviews.views.materials import word_pieces

DIAL = "sentences"
CITATION = "Neelakantan et al. (2022), Text and Code Embeddings by Contrastive Pre-Training; title-body pairs"
SWEEP = (8, 4, 1)
REFUSED = 0


@dataclass(frozen=True)
class Params:
    """``sentences``: how many sentences of the body, from the anchor on, the second view holds; at least 1."""

    sentences: int

    def __post_init__(self) -> None:
        if self.sentences < 1:
            raise ValueError(f"title: sentences is {self.sentences}; it must be at least 1")


def draw(corpus: Corpus, anchors: np.ndarray, rng: np.random.Generator, params: Params) -> Pairs:
    """The title and the body from the anchor on; documents without a title are skipped."""
    document = corpus.document_of(anchors)
    titles = _titles(corpus.folder).take(document)
    last = np.minimum(anchors + params.sentences, corpus.documents[document + 1])
    start, stop = corpus.sentences.offsets[anchors], corpus.sentences.offsets[last]
    kept = np.flatnonzero(titles.lengths > 0)
    return Pairs((titles.take(kept), slices(corpus.sentences.ids, start[kept], (stop - start)[kept])), anchors[kept])


@lru_cache(maxsize=2)
def _titles(folder: Path) -> Ragged:
    found = pd.read_parquet(folder / "documents.parquet", columns=["title"])["title"].fillna("").tolist()
    ids = word_pieces.tokenizer(folder)(found, add_special_tokens=False)["input_ids"]
    return ragged(ids, np.int32)
