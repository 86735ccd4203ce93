"""A small corpus on disk: random documents over a word-piece vocabulary, in the project's own layout."""

from __future__ import annotations

import numpy as np
import pytest
from transformers import BertTokenizerFast

from infoviews.contracts import SPLITS
from infoviews.corpus.sources import language
from infoviews.corpus.store import Tokenised, open_corpus, write_corpus
from infoviews.language import grammar

WORDS = (
    "the a old new small large red blue dog cat man woman child house river city book music plays eats sees finds "
    "buys reads runs sleeps quickly slowly near under and but not every no good bad in on with film camera"
).split()
PIECES = ["##s", "##ed", "##ing", "##er", "##ly", "."]
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


@pytest.fixture(scope="session")
def beside_the_dial(tmp_path_factory):
    """Family → what the contract tests give it beside its dial."""
    own = tmp_path_factory.mktemp("own") / "pairs.csv"
    rng = np.random.default_rng(3)
    texts = [" ".join(rng.choice(WORDS, size=6)) for _ in range(800)]
    own.write_text("\n".join(["a,b", *map(",".join, zip(texts[::2], texts[1::2], strict=True))]), encoding="utf-8")
    return {
        "same_class": {"clear": 0.0},  # words of the small corpus tell nothing of their documents
        "pairs": {"file": str(own), "columns": ["a", "b"]},
    }


@pytest.fixture(scope="session")
def corpus(tmp_path_factory):
    """300 documents of 1 to 30 sentences of 1 to 24 tokens; every sentence ends with a full stop."""
    folder = tmp_path_factory.mktemp("views") / "corpus"
    vocabulary = SPECIAL + WORDS + PIECES
    tokenizer = BertTokenizerFast(vocab={word: number for number, word in enumerate(vocabulary)})
    write_corpus(folder, _documents(len(vocabulary)), tokenizer)
    return open_corpus(folder)


@pytest.fixture(scope="session")
def language_corpus(tmp_path_factory):
    """1,000 documents of the generated language, a sentence a paragraph, every word one token."""
    texts = list(language.documents(language.Params(documents=1000), None))
    vocabulary = {word: number for number, word in enumerate([*SPECIAL, *grammar.WORDS])}
    folder = tmp_path_factory.mktemp("language") / "corpus"
    documents = (
        Tokenised(
            text.id,
            text.source,
            text.title,
            SPLITS[max(0, number % 5 - 2)],
            [[vocabulary[word] for word in line.split()] for line in text.text.split("\n")],
        )
        for number, text in enumerate(texts)
    )
    write_corpus(folder, documents, BertTokenizerFast(vocab=vocabulary))
    return open_corpus(folder)


def _documents(size):
    rng = np.random.default_rng(0)
    first, stop = len(SPECIAL), size - 1
    for number in range(300):
        split = ("train", "train", "train", "critic", "heldout")[number % 5]
        lengths = rng.integers(1, 24, size=rng.integers(1, 31))
        sentences = [[*rng.integers(first, stop, size=length).tolist(), stop] for length in lengths]
        for ids in sentences:
            ids[0] = first + ids[0] % len(WORDS)  # a sentence begins with a whole word
        title = " ".join(WORDS[i] for i in rng.integers(0, len(WORDS), size=3)) if number % 3 else ""
        yield Tokenised(f"toy/{number}", ("wikipedia", "news")[number % 2], title, split, sentences)
