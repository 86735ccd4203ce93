"""Captions that several people wrote for one image: more than two views of one scene (CMC: Tian and others, 2020)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from infoviews.contracts import Corpus, Pairs
from infoviews.views.materials import word_pieces, written

DIAL = "captions"
CITATION = "Tian, Krishnan and Isola (2020), Contrastive Multiview Coding, ECCV; Hodosh et al. (2013), Flickr8k"
SWEEP = (2, 5)
REFUSED = 6


@dataclass(frozen=True)
class Params:
    """How many views an image gives.

    Attributes:
        captions: views of each image, 2 to 5; which captions they are is drawn for each image.
        mirror: folder of raw files, filled by the command.
    """

    captions: int
    mirror: Path | None = None

    def __post_init__(self) -> None:
        if not 2 <= self.captions <= 5:
            raise ValueError(f"captions: captions is {self.captions}; an image has 5, and 2 are needed")


def makes(params: Params) -> tuple[int, int]:
    """Views of a pair, and classes of its labels."""
    return params.captions, 0


def candidates(corpus: Corpus, split: int, params: Params) -> np.ndarray:
    """Images that fall into the split."""
    return written.anchors_of(written.rows("flickr8k", params.mirror), split)


def draw(corpus: Corpus, anchors: np.ndarray, rng: np.random.Generator, params: Params) -> Pairs:
    """Captions of each image in random order; images with fewer than are asked for are skipped."""
    rows = written.rows("flickr8k", params.mirror)
    kept = [anchor for anchor in anchors.tolist() if len(rows[-1 - anchor].texts) >= params.captions]
    orders = [rng.permutation(len(rows[-1 - anchor].texts)) for anchor in kept]
    views = tuple(
        word_pieces.encode(
            corpus, [rows[-1 - anchor].texts[order[view]] for anchor, order in zip(kept, orders, strict=True)]
        )
        for view in range(params.captions)
    )
    return Pairs(views, np.array(kept, dtype=np.int64))
