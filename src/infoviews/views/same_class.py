"""Two texts of one class, the class passed through a symmetric channel: real texts whose information is known exactly.

The classes are sources of the corpus or topics that its documents' ids tell; no label of a transfer task is read. A
view joins the texts of several places, each of a class of its own (see ``language.joined``). Views share what the
classes share, and a reader gets as much of it as it can tell classes by their texts; ``facts`` says how much that is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from infoviews.contracts import Corpus, Pairs, Ragged, slices
from infoviews.language.joined import CITATION, channel
from infoviews.language.joined import draw as draw_joined
from infoviews.views.materials import classes

__all__ = ["CITATION"]

DIAL = "nats"
SWEEP = (1.2, 0.6, 0.0)
REFUSED = -0.1


@dataclass(frozen=True)
class Params:
    """What the views share, and of which texts they are made.

    Attributes:
        nats: exact information of a pair, 0 or more. A view has the fewest places that can carry it, of at most log M
            each, where M is the number of classes.
        classes: ``sources`` (every source of the corpus), ``topics`` (of the source BBC News), or names of sources.
        tokens: of each text: what follows a sentence's beginning in its document.
        clear: texts are left out to whose own class a classifier gives less than this probability; 0 leaves out none.
            It is learned from train documents that give no text.
    """

    nats: float
    classes: str | tuple[str, ...] = "sources"
    tokens: int = 20
    clear: float = 0.9

    def __post_init__(self) -> None:
        if not self.nats >= 0:
            raise ValueError(f"same_class: nats is {self.nats}; it must be 0 or more")
        if isinstance(self.classes, str):
            if self.classes not in ("sources", "topics"):
                raise ValueError(f"same_class: classes is {self.classes!r}; give sources, topics or a list of sources")
        else:
            object.__setattr__(self, "classes", tuple(self.classes))
            if len(set(self.classes)) != len(self.classes) or len(self.classes) < 2:
                raise ValueError(f"same_class: classes is {list(self.classes)}; two or more are needed, each once")
        if self.tokens < 1:
            raise ValueError(f"same_class: tokens is {self.tokens}; it must be at least 1")
        if not 0 <= self.clear < 1:
            raise ValueError(f"same_class: clear is {self.clear}; it must be at least 0 and below 1")


def candidates(corpus: Corpus, split: int, params: Params) -> np.ndarray:
    """Sentences at which texts begin, as many of each class, so that an anchor's class is uniform."""
    texts = _texts(corpus, params)
    own = [np.flatnonzero((texts.split == split) & (texts.labels == label)) for label in range(len(texts.names))]
    few = min(len(rows) for rows in own)
    rng = np.random.default_rng([split, 0x636C6173])
    return np.sort(texts.sentences[np.concatenate([rng.permutation(rows)[:few] for rows in own])])


def draw(corpus: Corpus, anchors: np.ndarray, rng: np.random.Generator, params: Params) -> Pairs:
    """Joined texts; the anchor's own text stands at the first place of the first view."""
    texts = _texts(corpus, params)
    rows = np.searchsorted(texts.sentences, anchors)
    through = channel(len(texts.names), params.nats)
    same_split = np.flatnonzero(texts.split == texts.split[rows[0]]) if len(rows) else rows
    sides = draw_joined(through, texts.labels, same_split, len(rows), rng, rows) if len(rows) else (rows, rows)
    return Pairs(tuple(_joined(corpus, texts.sentences[side], params.tokens) for side in sides), anchors)


def facts(corpus: Corpus, params: Params) -> dict[str, Any]:
    """What is known of the views, in nats.

    ``information`` is what the classes share, and so the texts, since each text has one class; ``readable`` is what
    classes share as a classifier of single texts reads them on both sides, fitted on train documents and read on
    held-out ones, and ``accuracy`` how often it is right.
    """
    texts = _texts(corpus, params)
    through = channel(len(texts.names), params.nats)
    read = classes.confusion(corpus, texts)
    exact = {
        "information": through.information,
        "readable": through.readable(read),
        "accuracy": float(np.diag(read).mean()),
        "classes": list(texts.names),
        "places": through.places,
        "error": through.error,
    }
    return {"exact": exact}


def _texts(corpus: Corpus, params: Params) -> classes.Texts:
    return classes.texts_of(corpus, params.classes, params.tokens, params.clear)


def _joined(corpus: Corpus, sentences: np.ndarray, tokens: int) -> Ragged:
    """Texts (rows, places), each beginning at a sentence, as one row of ``places`` times ``tokens`` tokens."""
    starts = corpus.sentences.offsets[sentences].reshape(-1)
    ids = slices(corpus.sentences.ids, starts, np.full(len(starts), tokens)).ids
    width = tokens * (sentences.shape[1] if sentences.ndim == 2 else 1)
    return Ragged(ids, np.arange(0, len(ids) + 1, width))
