"""A corpus of texts at hand: cleaned and split as any other, with nothing left out as a duplicate."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from infoviews.contracts import SPLITS
from infoviews.corpus.documents import Document
from infoviews.corpus.prepare import Preparation
from infoviews.corpus.store import Tokenised, write_corpus
from infoviews.corpus.tokenizer import encoder, whole_words


def write_texts(folder: Path, texts: Sequence[str]) -> Path:
    """Write a corpus folder of the texts, each a document of the train split; every word of theirs is one token.

    Returns:
        The folder.

    Raises:
        ValueError: the texts hold no sentence.
    """
    documents = [Document(str(number), "given", "", text) for number, text in enumerate(texts)]
    prepared = Preparation("nupunkt", frozenset(), comparable=None, near=False)(documents)
    sentences = [[sentence for paragraph in document.paragraphs for sentence in paragraph] for document in prepared]
    if not any(sentences):
        raise ValueError(f"the {len(texts)} texts given hold no sentence; give some with words in them")
    tokenizer = whole_words(sentence for document in sentences for sentence in document)
    encode = encoder(tokenizer)
    write_corpus(
        folder,
        (
            Tokenised(document.id, document.source, "", SPLITS[0], [ids for ids in encode(rows) if ids])
            for document, rows in zip(prepared, sentences, strict=True)
        ),
        tokenizer,
    )
    return folder
