"""Real texts with a class each: read from the mirror, cut, and encoded once for all repetitions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from infoviews import registry
from infoviews.bases import skipgram
from infoviews.contracts import Ragged
from infoviews.corpus import tokenizer as wordpiece
from infoviews.corpus.sources import jsonl
from infoviews.encoders.embed import embed_rows, tokenize
from infoviews.encoders.static import StaticEncoder
from infoviews.files import replacing
from infoviews.sources import SourceFile, held
from infoviews.transfer.tasks._task import MIRROR_FOLDER

Labelled = Iterator[tuple[str, int, str]]
"""Document, class, text."""

WIDTH, EPOCHS, VOCABULARY = 8, 6, 4000
"""Coordinates of the frozen features of a text (the mean of its skip-gram vectors), passes that train the vectors, and
tokens known at most. Few coordinates, since a side joins up to twelve texts."""

LEARNED, MOST = 0.3, 8000
"""Share of the documents that the tokenizer and the word vectors are learned from, and most texts of one class."""


@dataclass(frozen=True)
class Kind:
    """A labelled collection.

    Attributes:
        title: for readers. classes: names, in the order of their numbers.
        read: mirror → its documents. words: length of the texts that they are cut into; 0 leaves them whole.
        clear: texts are left out to whose own class a classifier gives less than this probability. It is fitted to the
            frozen features of the documents that the word vectors were learned from, so it has seen none of them.
    """

    title: str
    classes: tuple[str, ...]
    read: Callable[[Path], Labelled]
    words: int = 0
    clear: float = 0.0


@dataclass(frozen=True)
class Texts:
    """Encoded texts, of documents from which nothing was learned.

    Attributes:
        rows: token ids. features: float32 (texts, WIDTH). labels, documents: int64 (texts,).
    """

    rows: Ragged
    features: np.ndarray
    labels: np.ndarray
    documents: np.ndarray

    def halves(self, seed: int) -> tuple[np.ndarray, np.ndarray]:
        """Texts of the critic's documents and of the held-out ones, three to two, class by class."""
        rng = np.random.default_rng([seed, 0x68616C66])
        critic = np.zeros(len(self.labels), dtype=bool)
        for label in np.unique(self.labels):
            own = rng.permutation(np.unique(self.documents[self.labels == label]))
            critic |= np.isin(self.documents, own[: round(0.6 * len(own))]) & (self.labels == label)
        return np.flatnonzero(critic), np.flatnonzero(~critic)


def _sources(mirror: Path, names: tuple[str, ...]) -> Labelled:
    for label, name in enumerate(names):
        for document in jsonl.documents(jsonl.Params([name]), mirror):
            yield document.id, label, document.text


def _topics(mirror: Path, names: tuple[str, ...]) -> Labelled:
    for document in jsonl.documents(jsonl.Params(["bbc_news"]), mirror):
        yield document.id, names.index(document.id.removeprefix("bbc-").split("/")[0]), document.text


def _task(mirror: Path, name: str) -> Labelled:
    task = registry.get("transfer.tasks", name).TASK
    for file in task.files:
        held(SourceFile(f"{MIRROR_FOLDER}/{file.path}", file.sha256, rows=file.rows), mirror)
    for part, split in task.read(mirror / MIRROR_FOLDER).items():
        for index, (text, label) in enumerate(zip(split.texts[0], split.labels, strict=True)):
            yield f"{part}-{index}", int(label), text


def kinds() -> dict[str, Kind]:
    """Every collection whose classes are tried."""
    pair = ("english_novels", "reuters21578")
    topics = ("business", "entertainment", "politics", "sport", "tech")
    found = {
        "sources": Kind("novels or newswire, 120 words", pair, partial(_sources, names=pair), 120, 0.9),
        "topics": Kind("topics of BBC News, 120 words", topics, partial(_topics, names=topics), 120),
        "all-sources": Kind(
            "the eight sources, 120 words", tuple(jsonl.SHARDS), partial(_sources, names=tuple(jsonl.SHARDS)), 120
        ),
    }
    for name in ("subj", "mr", "trec"):
        task = registry.get("transfer.tasks", name).TASK
        found[name] = Kind(f"{task.title}, one sentence", task.classes, partial(_task, name=name))
    return found


def load(kind: Kind, mirror: Path, file: Path, seed: int = 0) -> Texts:
    """The encoded texts of a collection, made where ``file`` (npz) is not there yet.

    Texts that more than one class has are left out, and so are repetitions: each text tells its class in principle.
    """
    if not file.is_file():
        texts = _encode(kind, mirror, seed)
        with replacing(file) as temporary, temporary.open("wb") as stream:
            np.savez(
                stream,
                ids=texts.rows.ids,
                offsets=texts.rows.offsets,
                features=texts.features,
                labels=texts.labels,
                documents=texts.documents,
            )
    with np.load(file) as arrays:
        rows = Ragged(arrays["ids"], arrays["offsets"])
        return Texts(rows, arrays["features"], arrays["labels"], arrays["documents"])


def _encode(kind: Kind, mirror: Path, seed: int) -> Texts:
    rng = np.random.default_rng([seed, 0x74657874])
    unique: dict[str, set[int]] = {}
    found: list[tuple[str, int, str]] = []
    for document, label, text in kind.read(mirror):
        for part in _cut(text, kind.words):
            if part not in unique:
                found.append((document, label, part))
            unique.setdefault(part, set()).add(label)
    found = [one for one in found if len(unique[one[2]]) == 1]
    labels = np.array([label for _, label, _ in found])
    kept = np.sort(np.concatenate([rng.permutation(np.flatnonzero(labels == c))[:MOST] for c in np.unique(labels)]))
    documents = np.unique([found[index][0] for index in kept], return_inverse=True)[1]
    learned = rng.uniform(size=documents.max() + 1)[documents] < LEARNED
    known = [found[index][2] for index in kept[learned]]
    tokenizer = wordpiece.train(lambda: known, VOCABULARY)
    vectors = skipgram.train_vectors(
        tokenize(tokenizer, known), len(tokenizer), WIDTH, skipgram.Params(epochs=EPOCHS), seed
    )
    rows = tokenize(tokenizer, [found[index][2] for index in kept])
    features, labels = embed_rows(StaticEncoder(vectors, tokenizer), rows), labels[kept]
    left = np.flatnonzero(~learned)
    model = LogisticRegression(C=100, class_weight="balanced", max_iter=2000).fit(features[learned], labels[learned])
    sure = model.predict_proba(features[left])[np.arange(len(left)), np.searchsorted(model.classes_, labels[left])]
    left = left[sure >= kind.clear]
    return Texts(rows.take(left), features[left], labels[left], documents[left])


def _cut(text: str, words: int) -> list[str]:
    """Whole texts of so many words each; what is left over is dropped."""
    if words == 0:
        return [text]
    split = text.split()
    return [" ".join(split[start : start + words]) for start in range(0, len(split) - words + 1, words)]
