"""A premise and a hypothesis that it entails; contradictions of the same premise as hard negatives (SimCSE, 2021).

Entailment has a direction: the first view is the premise, so that a critic that is not symmetric can use it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from infoviews.contracts import Corpus, Pairs
from infoviews.views.materials import word_pieces, written

DIAL = "sets"
CITATION = "Gao, Yao and Chen (2021), SimCSE, EMNLP, section 4; Bowman et al. (2015), SNLI, EMNLP"
SETS = ("snli", "rte", "med", "sick")
LABELS = ("entailment", "neutral", "contradiction")
"""Classes of labelled pairs, by number."""
SWEEP = (("med",), ("snli",))
REFUSED = ("qqp",)


@dataclass(frozen=True)
class Params:
    """Where the pairs come from.

    Attributes:
        sets: some of ``snli`` (dev and test: train is not available), ``rte``, ``med`` and ``sick``. The last is the
            train part of a transfer task: name it only where that task is left out of the average.
        negatives: add a contradiction of the premise as third view; premises without one are left out.
        labelled: all judged pairs with their labels (``LABELS``) instead of the entailed ones alone, for the ``nli``
            addition. They are then no views that share a meaning: give the contrast weight 0. Of ``rte``, whose other
            class is plain non-entailment, only the entailed pairs have one of the labels.
        mirror: folder of raw files, filled by the command.
    """

    sets: tuple[str, ...] = ("snli", "rte", "med")
    negatives: bool = False
    labelled: bool = False
    mirror: Path | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "sets", written.checked_sets("entailment", self.sets, SETS))
        if self.negatives and self.labelled:
            raise ValueError("entailment: negatives and labelled exclude each other; give one of them")


def candidates(corpus: Corpus, split: int, params: Params) -> np.ndarray:
    """Entailed rows of the files, or all labelled ones, that fall into the split."""
    return written.anchors_of(_rows(params), split)


def draw(corpus: Corpus, anchors: np.ndarray, rng: np.random.Generator, params: Params) -> Pairs:
    """Premise, hypothesis and, where asked for, a contradiction of the premise drawn at random, or the label."""
    found = _rows(params)
    texts = [found[-1 - anchor].texts for anchor in anchors.tolist()]
    if params.negatives:
        against = _contradictions(params.sets, params.mirror)
        share = rng.random(len(texts))
        kept = [number for number, (premise, _) in enumerate(texts) if premise in against]
        texts = [(*texts[n], against[texts[n][0]][int(share[n] * len(against[texts[n][0]]))]) for n in kept]
        anchors = anchors[kept]
    views = range(3 if params.negatives else 2)
    encoded = tuple(word_pieces.encode(corpus, [row[view] for row in texts]) for view in views)
    if not params.labelled:
        return Pairs(encoded, anchors)
    labels = [LABELS.index(found[-1 - anchor].label) for anchor in anchors.tolist()]
    return Pairs(encoded, anchors, np.array(labels, dtype=np.int64))


def makes(params: Params) -> tuple[int, int]:
    """Views of a pair, and classes of its labels."""
    return 3 if params.negatives else 2, len(LABELS) if params.labelled else 0


def facts(corpus: Corpus, params: Params) -> dict[str, Any]:
    """That the pairs have a direction, and how many of the last views are hard negatives."""
    return {"directed": True, "negatives": int(params.negatives)}


def _rows(params: Params) -> tuple[written.Row, ...]:
    if not params.labelled:
        return written.chosen(params.sets, "entailment", params.mirror)
    return tuple(row for row in written.chosen(params.sets, None, params.mirror) if row.label in LABELS)


@lru_cache(maxsize=4)
def _contradictions(sets: tuple[str, ...], mirror: Path | None) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in written.chosen(sets, "contradiction", mirror):
        found.setdefault(row.texts[0], []).append(row.texts[1])
    return found
