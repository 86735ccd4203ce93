from __future__ import annotations

import numpy as np
import pytest
from tokenizers import Tokenizer, models
from transformers import PreTrainedTokenizerFast

from infoviews.contracts import SPLITS
from infoviews.corpus.store import Tokenised, open_corpus, write_corpus


def _tokenizer(size: int) -> PreTrainedTokenizerFast:
    vocabulary = {f"w{i}": i for i in range(size - 1)} | {"[UNK]": size - 1}
    return PreTrainedTokenizerFast(tokenizer_object=Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]")))


DOCUMENTS = [
    Tokenised("a", "one", "A title", "train", [[1, 2, 3], [4]]),
    Tokenised("b", "two", "", "heldout", [[5, 6]]),
    Tokenised("c", "two", "", "critic", [[7], [8, 9], [10, 11, 12]]),
]


@pytest.mark.parametrize(("size", "dtype"), [(50, np.uint16), (2**16, np.uint16), (2**16 + 1, np.int32)])
def test_round_trip(tmp_path, size, dtype):
    write_corpus(tmp_path / "corpus", iter(DOCUMENTS), _tokenizer(size), {"documents": 3})
    corpus = open_corpus(tmp_path / "corpus")
    assert corpus.sentences.ids.dtype == dtype and isinstance(corpus.sentences.ids, np.memmap)
    assert [list(row) for row in corpus.sentences] == [s for d in DOCUMENTS for s in d.sentences]
    assert corpus.documents.tolist() == [0, 2, 3, 6]
    assert [SPLITS[i] for i in corpus.split] == ["train", "heldout", "critic"]
    assert corpus.document_of(np.arange(6)).tolist() == [0, 0, 1, 2, 2, 2]


def test_failure_leaves_what_was_there(tmp_path):
    write_corpus(tmp_path / "corpus", iter(DOCUMENTS), _tokenizer(50))
    before = {p.name: p.read_bytes() for p in (tmp_path / "corpus").glob("*.npy")}

    def breaking():
        yield DOCUMENTS[0]
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError):
        write_corpus(tmp_path / "corpus", breaking(), _tokenizer(50))
    assert {p.name: p.read_bytes() for p in (tmp_path / "corpus").glob("*.npy")} == before
    assert [p.name for p in tmp_path.iterdir()] == ["corpus"]


def test_unfinished_folder_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"tokens\.npy: missing"):
        open_corpus(tmp_path)
