"""Words over word pieces: a token that does not start with ``##`` begins a word."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from infoviews.contracts import Corpus, Ragged, ragged


@lru_cache(maxsize=4)
def core(folder: Path) -> Tokenizer:
    """The tokenizer's own core, for whoever needs no more: transformers would take seconds to import."""
    return Tokenizer.from_file(str(folder / "tokenizer" / "tokenizer.json"))


@lru_cache(maxsize=4)
def tokenizer(folder: Path) -> Any:
    """The tokenizer of a corpus folder."""
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(folder / "tokenizer")


@lru_cache(maxsize=4)
def pieces(folder: Path) -> np.ndarray:
    """The vocabulary in the order of its ids; array of str (size,)."""
    vocabulary = core(folder).get_vocab()
    table = np.full(max(vocabulary.values()) + 1, "", dtype=object)
    for piece, number in vocabulary.items():
        table[number] = piece
    return table


@lru_cache(maxsize=4)
def _continuing(folder: Path) -> np.ndarray:
    return np.array([piece.startswith("##") for piece in pieces(folder)])


def words_of(corpus: Corpus, rows: Ragged) -> Ragged:
    """Number of the word that each token belongs to, counted from 0 in its row; same offsets as ``rows``."""
    begins = ~_continuing(corpus.folder)[rows.ids]
    filled = rows.offsets[:-1][rows.lengths > 0]
    begins[filled] = True
    counted = np.cumsum(begins)
    before = np.zeros(len(rows), dtype=np.int64)
    before[rows.lengths > 0] = counted[filled]
    return Ragged(counted - np.repeat(before, rows.lengths), rows.offsets)


def counts(words: Ragged) -> np.ndarray:
    """Words in each row of ``words_of``; int64 array (rows,)."""
    result = np.zeros(len(words), dtype=np.int64)
    filled = words.lengths > 0
    result[filled] = words.ids[words.offsets[1:][filled] - 1] + 1
    return result


def per_token(values: np.ndarray, words: Ragged) -> np.ndarray:
    """Spread one value per word, flat over all rows, over the tokens of that word."""
    first = np.concatenate([[0], np.cumsum(counts(words))])[:-1]
    return values[words.ids + np.repeat(first, words.lengths)]


def keep(rows: Ragged, kept: np.ndarray) -> Ragged:
    """Only the tokens where the flat mask ``kept`` is true."""
    offsets = np.concatenate([[0], np.cumsum(kept)])[rows.offsets]
    return Ragged(rows.ids[kept], offsets)


def texts(corpus: Corpus, rows: Ragged) -> list[list[str]]:
    """The words of every row as strings, their pieces joined."""
    table = pieces(corpus.folder)
    result = []
    for row in rows:
        found: list[str] = []
        for piece in table[row]:
            if piece.startswith("##") and found:
                found[-1] += piece[2:]
            else:
                found.append(piece)
        result.append(found)
    return result


def encode(corpus: Corpus, lines: list[str]) -> Ragged:
    """Texts as rows of token ids without special tokens."""
    if not lines:
        return Ragged(corpus.sentences.ids[:0], np.zeros(1, np.int64))
    found = tokenizer(corpus.folder)(lines, add_special_tokens=False, return_attention_mask=False)["input_ids"]
    return ragged(found, corpus.sentences.ids.dtype)
