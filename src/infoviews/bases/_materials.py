"""What every base encoder may be made from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from infoviews.contracts import SPLITS, Ragged
from infoviews.corpus.store import RECORD, open_corpus
from infoviews.encoders import checkpoint
from infoviews.encoders.architectures import bert
from infoviews.encoders.encoder import Encoder
from infoviews.seals import read_whole


@dataclass(frozen=True)
class Materials:
    """The corpus, the encoder's shape, the base that this one builds on, and where a run may keep its state.

    Attributes:
        corpus: folder of the corpus.
        shape: the study's encoder.
        initial: checkpoint folder of the base named by ``initial``, or ``None``.
        state: folder for resuming.
        spec: of this base, whole: what it is, and so what a state for resuming belongs to.
    """

    corpus: Path
    shape: bert.Params
    initial: Path | None
    state: Path
    spec: dict[str, Any]

    @property
    def seed(self) -> int:
        """The study's, of every draw."""
        return self.spec["seed"]

    def tokenizer(self) -> Any:
        """The corpus's own tokenizer.

        Raises:
            FileNotFoundError: the corpus has none (transformers would otherwise look for it on the hub).
        """
        return _tokenizer(self.corpus)

    def initial_encoder(self, name: str) -> Encoder:
        """The base that this one builds on.

        Raises:
            ValueError: the study has no such base, or it holds static vectors.
        """
        if self.initial is None:
            raise ValueError(f"this base starts from {name!r}, which the study does not name under bases")
        encoder = checkpoint.load(self.initial)
        if not isinstance(encoder, Encoder):
            raise ValueError(f"a base cannot start from {name!r}: it holds static vectors")
        return encoder

    def files(self) -> list[Path]:
        """What the spec names but does not hold: the corpus's arrays and the weights that this base starts from."""
        weights = [] if self.initial is None else [self.initial / "model.safetensors"]
        return [*weights, *sorted(self.corpus.glob("*.npy"))]

    def train_sentences(self) -> Ragged:
        """Token ids of the sentences of the training documents."""
        corpus = open_corpus(self.corpus)
        chosen = np.repeat(corpus.split == SPLITS.index("train"), np.diff(corpus.documents))  # (sentences,)
        return corpus.sentences.take(np.flatnonzero(chosen))

    def document_ends(self) -> np.ndarray:
        """Where the training documents end in their own tokens, int64 (documents,)."""
        corpus = open_corpus(self.corpus)
        tokens = np.diff(corpus.sentences.offsets[corpus.documents])
        return np.cumsum(tokens[corpus.split == SPLITS.index("train")], dtype=np.int64)


@cache
def _tokenizer(corpus: Path) -> Any:
    from transformers import AutoTokenizer

    folder = corpus / "tokenizer"
    if not folder.is_dir():
        raise FileNotFoundError(f"{folder} does not exist; run the corpus stage")
    read_whole(corpus / RECORD)
    return AutoTokenizer.from_pretrained(folder)
