"""The part of the corpus phase that runs in parallel: clean, filter, split and fingerprint one document."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing import get_context

import numpy as np

from infoviews.corpus.cleaning import clean, letters, paragraphs
from infoviews.corpus.documents import Document
from infoviews.corpus.duplicates import fingerprint, signature
from infoviews.corpus.overlap import overlaps
from infoviews.corpus.sentences import splitter

BATCH = 64


@dataclass(frozen=True)
class Prepared:
    """One document, cleaned and split, with what is needed to find its duplicates.

    Attributes:
        id, source, title: as in ``Document``, the title cleaned.
        paragraphs: sentences of every paragraph.
        left_out: paragraphs left out, by reason.
        given: words of the text as it came.
        words: words that are left.
        fingerprint: of the letters and digits of the whole; decides the split, so that no other document matters.
        paragraph_keys: fingerprint of every paragraph; 0 where it is too short to count as a duplicate.
        sentence_keys: the same of every sentence, flat.
        signature: MinHash, or ``None`` where near duplicates are not looked for.
    """

    id: str
    source: str
    title: str
    paragraphs: list[list[str]]
    left_out: Counter[str]
    given: int
    words: int
    fingerprint: int
    paragraph_keys: list[int]
    sentence_keys: list[int]
    signature: np.ndarray | None


@dataclass(frozen=True)
class Preparation:
    """Settings of the preparation; calling it with a list of documents prepares them in order.

    Attributes:
        splitter: see ``infoviews.corpus.sentences.splitter``.
        evaluation: keys of ``infoviews.corpus.overlap.evaluation_keys``.
        comparable: letters and digits from which on a repeated paragraph or sentence is a duplicate, or ``None``.
        near: whether MinHash signatures are wanted.
    """

    splitter: str
    evaluation: frozenset[str] = field(repr=False)
    comparable: int | None
    near: bool

    def __call__(self, documents: list[Document]) -> list[Prepared]:
        split = splitter(self.splitter)
        return [self._prepare(document, split) for document in documents]

    def _prepare(self, document: Document, split: Callable[[str], list[str]]) -> Prepared:
        cleaned, left_out = paragraphs(document.text)
        keys = [letters(paragraph) for paragraph in cleaned]
        if self.evaluation:
            clear = [not overlaps(key, self.evaluation) for key in keys]
            left_out["evaluation overlap"] += clear.count(False)
            cleaned = [paragraph for paragraph, fine in zip(cleaned, clear, strict=True) if fine]
            keys = [key for key, fine in zip(keys, clear, strict=True) if fine]
        sentences = [split(paragraph) for paragraph in cleaned]
        return Prepared(
            id=document.id,
            source=document.source,
            title=clean(document.title),
            paragraphs=sentences,
            left_out=left_out,
            given=len(document.text.split()),
            words=sum(len(paragraph.split()) for paragraph in cleaned),
            fingerprint=fingerprint("\n".join(keys)),
            paragraph_keys=[self._key(key) for key in keys],
            sentence_keys=[self._key(letters(sentence)) for paragraph in sentences for sentence in paragraph],
            signature=signature("\n".join(cleaned)) if self.near else None,
        )

    def _key(self, text: str) -> int:
        return fingerprint(text) if self.comparable is not None and len(text) >= self.comparable else 0


def prepare(documents: Iterable[Document], preparation: Preparation, processes: int) -> Iterator[Prepared]:
    """Prepare a stream of documents in parallel processes; order and result do not depend on their number.

    At most four batches a process are under way, so memory does not grow with the stream.
    """
    stream = iter(documents)
    batches = iter(lambda: list(islice(stream, BATCH)), [])
    if processes == 1:
        for batch in batches:
            yield from preparation(batch)
        return
    # spawn: a fork would copy the thread pools of the libraries that the parent has already started
    context = get_context("spawn")
    with ProcessPoolExecutor(processes, context, initializer=_install, initargs=(preparation,)) as pool:
        waiting: deque[Future[list[Prepared]]] = deque()
        for batch in batches:
            waiting.append(pool.submit(_run, batch))
            if len(waiting) == 4 * processes:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()


_installed: Preparation | None = None


def _install(preparation: Preparation) -> None:
    """Hand the settings, with their many evaluation keys, to a worker once instead of with every batch."""
    global _installed
    _installed = preparation


def _run(batch: list[Document]) -> list[Prepared]:
    assert _installed is not None
    return _installed(batch)
