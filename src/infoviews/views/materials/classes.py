"""Texts of a corpus with the class that their source or topic gives them, and how well a classifier reads it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from infoviews.contracts import SPLITS, Corpus, slices

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

TOPICS = ("business", "entertainment", "politics", "sport", "tech")
"""Of BBC News; ids of its documents begin with ``bbc-<topic>/``."""

LEARNED, MOST = 0.3, 5000
"""Share of the train documents from which the classifier learns and that give no text, and most texts of a class that
it reads; it gains little from more."""


@dataclass(frozen=True)
class Texts:
    """Texts of a corpus, each of one class.

    Attributes:
        sentences: at which they begin, rising (texts,). tokens: of each.
        labels, split: class, an index into ``names``, and index into ``SPLITS`` (texts,).
        names: of the classes.
    """

    sentences: np.ndarray
    tokens: int
    labels: np.ndarray
    split: np.ndarray
    names: tuple[str, ...]

    def take(self, rows: np.ndarray) -> Texts:
        """Some of the texts, by index or mask."""
        return Texts(self.sentences[rows], self.tokens, self.labels[rows], self.split[rows], self.names)


_KEPT: dict[tuple[Path, str | tuple[str, ...], int, float], Texts] = {}
"""The last texts, for the next chunk and the next setting."""


def texts_of(corpus: Corpus, classes: str | tuple[str, ...], tokens: int, clear: float) -> Texts:
    """The texts that clearly have a class; those that two classes have are left out.

    Raises:
        ValueError: fewer than two classes, or a split without a text of one of them.
    """
    key = (corpus.folder, classes, tokens, clear)
    if key not in _KEPT:
        made = _clear(corpus, _labelled(corpus, classes, tokens), clear)
        for split, name in enumerate(SPLITS):
            for label in set(range(len(made.names))) - set(made.labels[made.split == split].tolist()):
                raise ValueError(
                    f"same_class: no text of {tokens} tokens is clearly of the class {made.names[label]!r} in the "
                    f"{name} documents; lower tokens or clear, or leave the class out"
                )
        _KEPT.clear()
        _KEPT[key] = made
    return _KEPT[key]


def confusion(corpus: Corpus, texts: Texts) -> np.ndarray:
    """P(class read | class), (M, M), of a naive Bayes classifier of train texts, read on held-out ones."""
    train, heldout = (_some(texts.take(texts.split == split)) for split in (0, 2))
    read = _fitted(corpus, train).predict(_counts(corpus, heldout))
    table = np.zeros((len(texts.names), len(texts.names)))
    np.add.at(table, (heldout.labels, read), 1)
    return table / table.sum(1, keepdims=True)


def _labelled(corpus: Corpus, classes: str | tuple[str, ...], tokens: int) -> Texts:
    """Every text that its document still holds in whole."""
    documents = pd.read_parquet(corpus.folder / "documents.parquet", columns=["id", "source"])
    topic = documents["id"].str.extract("^bbc-([a-z]+)/", expand=False)
    named = {"topics": TOPICS, "sources": tuple(sorted(set(documents["source"])))}
    names = named[classes] if isinstance(classes, str) else classes
    labels = pd.Index(names).get_indexer(pd.Index(topic if classes == "topics" else documents["source"]))
    absent = [name for label, name in enumerate(names) if label not in labels]
    if absent or len(names) < 2:
        known = ", ".join(sorted(set(documents["source"])))
        raise ValueError(f"same_class: two or more classes are needed; not in the corpus: {absent}; sources: {known}")
    document = np.repeat(np.arange(len(labels)), np.diff(corpus.documents))
    whole = corpus.sentences.offsets[:-1] + tokens <= corpus.sentences.offsets[corpus.documents[document + 1]]
    found = np.flatnonzero(whole & (labels[document] >= 0))
    return Texts(found, tokens, labels[document[found]], corpus.split[document[found]], names)


def _clear(corpus: Corpus, texts: Texts, clear: float) -> Texts:
    document = corpus.document_of(texts.sentences)
    rng = np.random.default_rng(0x6C6561726E)
    learned = (rng.random(len(corpus.split)) < LEARNED)[document] & (texts.split == 0)
    left = texts.take(~learned) if clear else texts
    if clear:
        model = _fitted(corpus, _some(texts.take(learned)))
        left = left.take(model.predict_proba(_counts(corpus, left))[np.arange(len(left.labels)), left.labels] >= clear)
    rows = np.ascontiguousarray(_ids(corpus, left)).view(f"V{texts.tokens * corpus.sentences.ids.itemsize}")[:, 0]
    same = np.unique(rows, return_inverse=True)[1]
    lowest, highest = np.full(len(rows), len(texts.names)), np.full(len(rows), -1)
    np.minimum.at(lowest, same, left.labels)
    np.maximum.at(highest, same, left.labels)
    return left.take((lowest == highest)[same])


def _some(texts: Texts) -> Texts:
    """At most ``MOST`` texts of each class."""
    rng = np.random.default_rng(0x736F6D65)
    own = [rng.permutation(np.flatnonzero(texts.labels == label))[:MOST] for label in range(len(texts.names))]
    return texts.take(np.sort(np.concatenate(own)))


def _fitted(corpus: Corpus, texts: Texts) -> Any:
    from sklearn.naive_bayes import MultinomialNB  # a second to import, and other families need none

    return MultinomialNB(alpha=0.3, fit_prior=False).fit(_counts(corpus, texts), texts.labels)


def _counts(corpus: Corpus, texts: Texts) -> csr_matrix:
    """How often each token stands in each text, (texts, vocabulary)."""
    from scipy.sparse import csr_matrix

    from infoviews.views.materials.word_pieces import core

    ids = _ids(corpus, texts)
    offsets = np.arange(0, ids.size + 1, texts.tokens)
    return csr_matrix((np.ones(ids.size), ids.reshape(-1), offsets), (len(ids), core(corpus.folder).get_vocab_size()))


def _ids(corpus: Corpus, texts: Texts) -> np.ndarray:
    """Token ids (texts, tokens)."""
    starts = corpus.sentences.offsets[texts.sentences]
    return slices(corpus.sentences.ids, starts, np.full(len(starts), texts.tokens)).ids.reshape(-1, texts.tokens)
