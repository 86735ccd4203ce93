"""Two texts that people judged, or wrote, to mean the same; symmetric, as entailment both ways is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from infoviews.contracts import Corpus, Pairs
from infoviews.views.materials import word_pieces, written

DIAL = "sets"
CITATION = (
    "Wieting and Gimpel (2018), ParaNMT, ACL, for the idea; QQP (Iyer et al., 2017), ASSET (Alva-Manchego et al., "
    "2020), TurkCorpus (Xu et al., 2016), MRPC (Dolan and Brockett, 2005)"
)
LABELS = {"qqp": "paraphrase", "mrpc": "paraphrase", "asset": "simplification_group", "turkcorpus": None}
SWEEP = (("turkcorpus",), ("asset",))
REFUSED = ("snli",)


@dataclass(frozen=True)
class Params:
    """Where the pairs come from.

    Attributes:
        sets: some of ``qqp``, ``asset``, ``turkcorpus`` and ``mrpc``. The last is the train part of a transfer task:
            name it only where that task is left out of the average.
        mirror: folder of raw files, filled by the command.
    """

    sets: tuple[str, ...] = ("qqp", "asset", "turkcorpus")
    mirror: Path | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "sets", written.checked_sets("paraphrase", self.sets, tuple(LABELS)))


def candidates(corpus: Corpus, split: int, params: Params) -> np.ndarray:
    """Rows of the files that fall into the split."""
    return written.anchors_of(_rows(params), split)


def draw(corpus: Corpus, anchors: np.ndarray, rng: np.random.Generator, params: Params) -> Pairs:
    """Two texts of each row, in random order: the first and one of its paraphrases."""
    rows = _rows(params)
    found = [rows[-1 - anchor].texts for anchor in anchors.tolist()]
    other = [1 + int(share * (len(texts) - 1)) for texts, share in zip(found, rng.random(len(found)), strict=True)]
    swapped = rng.random(len(found)) < 0.5
    pairs = [(texts[0], texts[one]) for texts, one in zip(found, other, strict=True)]
    sides = [[pair[int(swap) ^ side] for pair, swap in zip(pairs, swapped, strict=True)] for side in (0, 1)]
    return Pairs(tuple(word_pieces.encode(corpus, side) for side in sides), anchors)


def _rows(params: Params) -> tuple[written.Row, ...]:
    return tuple(row for name in params.sets for row in written.chosen((name,), LABELS[name], params.mirror))
