"""Two spans of one document at a set distance: DeCLUTR (Giorgi, Nitski, Wang and Bader, ACL 2021).

The distance is the text analogue of the offset between two crops of one image (Tian et al., NeurIPS 2020, InfoMin).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from infoviews.contracts import Corpus, Pairs, slices

DIAL = "distance"
CITATION = (
    "Giorgi, Nitski, Wang and Bader (2021), DeCLUTR: Deep Contrastive Learning for Unsupervised Textual Reps, ACL"
)
SWEEP = (-32, -16, -4, 0, 16, 64)
REFUSED = -33
STRATEGIES = ("any", "overlapping", "subsuming")


@dataclass(frozen=True)
class Params:
    """Where the second span is and how long the spans are.

    Attributes:
        distance: tokens between the spans; 0 is adjacent, a negative number is the tokens that they share (at most
            the shorter span). Or a strategy: ``subsuming`` (inside the anchor), ``overlapping`` (by one token or
            more), ``any`` (nearer than the longest span, DeCLUTR's default).
        shortest, longest: tokens of a span; equal for a fixed length.
        anchor_shape, positive_shape: Beta distribution of the place between shortest and longest; the defaults
            are DeCLUTR's, which make anchors long and positives short.
    """

    distance: int | str
    shortest: int = 8
    longest: int = 32
    anchor_shape: tuple[float, float] = (4.0, 2.0)
    positive_shape: tuple[float, float] = (2.0, 4.0)

    def __post_init__(self) -> None:
        if not 1 <= self.shortest <= self.longest:
            raise ValueError(f"spans: shortest {self.shortest}, longest {self.longest}; need 1 <= shortest <= longest")
        if min(*self.anchor_shape, *self.positive_shape) <= 0:
            raise ValueError(
                f"spans: anchor_shape and positive_shape must be positive; given {self.anchor_shape} and "
                f"{self.positive_shape}"
            )
        if isinstance(self.distance, str):
            if self.distance not in STRATEGIES:
                raise ValueError(f"spans: distance is {self.distance!r}; give tokens or one of {', '.join(STRATEGIES)}")
        elif self.distance < -self.longest:
            raise ValueError(f"spans: distance is {self.distance}; it must be at least -longest = {-self.longest}")


def draw(corpus: Corpus, anchors: np.ndarray, rng: np.random.Generator, params: Params) -> Pairs:
    """An anchor span at each anchor sentence and a positive span before or after it, whichever fits.

    Anchors whose document has room on neither side are skipped. Spans may begin inside a word, as in DeCLUTR.
    """
    document = corpus.document_of(anchors)
    low = corpus.sentences.offsets[corpus.documents[document]]
    high = corpus.sentences.offsets[corpus.documents[document + 1]]
    first = _lengths(len(anchors), params, params.anchor_shape, rng)
    second = _lengths(len(anchors), params, params.positive_shape, rng)
    start = np.minimum(corpus.sentences.offsets[anchors], high - first)
    other = _place(start, first, second, low, high, params.distance, params.longest, rng)
    fits = (start >= low) & (other >= low) & (other + second <= high)
    ids = corpus.sentences.ids
    views = (slices(ids, start[fits], first[fits]), slices(ids, other[fits], second[fits]))
    return Pairs(views, anchors[fits])


def _lengths(count: int, params: Params, shape: tuple[float, float], rng: np.random.Generator) -> np.ndarray:
    share = rng.beta(*shape, size=count)
    return params.shortest + np.floor(share * (params.longest - params.shortest + 1)).astype(np.int64)


def _place(
    start: np.ndarray,
    first: np.ndarray,
    second: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    distance: int | str,
    longest: int,
    rng: np.random.Generator,
) -> np.ndarray:
    """Where the second span starts; out of the document where it does not fit."""
    side, share = rng.random(len(start)) < 0.5, rng.random(len(start))
    if distance == "subsuming":
        inside = start + np.floor(share * np.maximum(first - second + 1, 1)).astype(np.int64)
        return np.where(second <= first, inside, -1)
    if distance == "overlapping":
        gap = -1 - np.floor(share * np.minimum(first, second)).astype(np.int64)
    elif distance == "any":
        nearest = -np.minimum(first, second)
        gap = nearest + np.floor(share * (longest + 1 - nearest)).astype(np.int64)
    else:
        gap = np.maximum(int(distance), -np.minimum(first, second))
    after, before = start + first + gap, start - gap - second
    fits_after, fits_before = after + second <= high, before >= low
    return np.where(np.where(side, fits_after, ~fits_before), after, before)
