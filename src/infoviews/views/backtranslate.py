"""A sentence and its translation into another language and back: CERT (Fang, Wang, Zhou, Ding and Xie, 2020)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Any

import numpy as np

from infoviews.contracts import Corpus, Pairs
from infoviews.sources import SourceError
from infoviews.views.materials import word_pieces

DIAL = "temperature"
CITATION = (
    "Fang, Wang, Zhou, Ding and Xie (2020), CERT: Contrastive Self-supervised Learning for Language Understanding"
)
SWEEP = (0.0, 1.0)
REFUSED = -1.0
BATCH = 32
_ALONE = Lock()  # torch has one random state for all threads that draw


@dataclass(frozen=True)
class Params:
    """Which models translate, and how freely.

    Attributes:
        temperature: of sampling, 0 for the most likely words at each step, higher for freer translations.
        forward, backward: MarianMT checkpoints, hub names or folders.
        revision: commit or tag of both, for hub names.
        longest: tokens of a translation.
    """

    temperature: float
    forward: str = "Helsinki-NLP/opus-mt-en-de"
    backward: str = "Helsinki-NLP/opus-mt-de-en"
    revision: str | None = None
    longest: int = 96

    def __post_init__(self) -> None:
        if self.temperature < 0:
            raise ValueError(f"backtranslate: temperature is {self.temperature}; it must be at least 0")


def draw(corpus: Corpus, anchors: np.ndarray, rng: np.random.Generator, params: Params) -> Pairs:
    """The anchor sentence and its way there and back; sentences that come back empty are skipped."""
    rows = corpus.sentences.take(anchors)
    texts = [" ".join(words) for words in word_pieces.texts(corpus, rows)]
    for name in (params.forward, params.backward):
        texts = _translate(texts, name, params, int(rng.integers(2**31)))
    back = word_pieces.encode(corpus, texts)
    kept = np.flatnonzero(back.lengths > 0)
    return Pairs((rows.take(kept), back.take(kept)), anchors[kept])


def _translate(texts: list[str], name: str, params: Params, seed: int) -> list[str]:
    import torch

    tokenizer, model = _load(name, params.revision)
    sampling = (
        {"do_sample": True, "temperature": params.temperature} if params.temperature > 0 else {"do_sample": False}
    )
    result = []
    with _ALONE, torch.random.fork_rng(devices=[]), torch.inference_mode():
        torch.manual_seed(seed)
        for start in range(0, len(texts), BATCH):
            given = tokenizer(
                texts[start : start + BATCH],
                return_tensors="pt",
                padding=True,
                truncation=True,
                return_token_type_ids=False,
            )
            found = model.generate(**given, num_beams=1, max_new_tokens=params.longest, **sampling)
            result += tokenizer.batch_decode(found, skip_special_tokens=True)
    return result


@lru_cache(maxsize=2)
def _load(name: str, revision: str | None) -> tuple[Any, Any]:
    """Tokenizer and model.

    Raises:
        SourceError: they are neither in a folder of that name nor on the hub.
    """
    from transformers import AutoTokenizer, MarianMTModel

    try:
        tokenizer = AutoTokenizer.from_pretrained(name, revision=revision)
        return tokenizer, MarianMTModel.from_pretrained(name, revision=revision or "main").eval()
    except (OSError, ValueError) as error:
        raise SourceError(
            f"backtranslate: no MarianMT checkpoint at {name!r} ({str(error).splitlines()[0]}). Set forward and "
            f"backward to folders that hold one, or run where the hub can be reached"
        ) from error
