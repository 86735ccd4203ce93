"""A reader's own pairs of texts: two columns of a file, or of a data set of the hub."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from infoviews.contracts import Corpus, Pairs
from infoviews.files import stamp
from infoviews.views.materials import own_pairs, word_pieces

DIAL = ""
CITATION = "The reader's own pairs; their card, or whoever made them, says whose texts they are"
SWEEP = ()
REFUSED = None


@dataclass(frozen=True)
class Params:
    """Where the pairs are. Sentences of transfer tasks among them are not removed: that is the reader's to see to.

    Attributes:
        file: CSV, tab-separated or JSON lines (.csv, .tsv, .jsonl, or one of them .gz), or None for a ``dataset``.
        columns: the two that hold the texts; a critic that is not symmetric takes the first as anchor.
        sha256: of the file; filled in when the study is planned, so that other contents are other views.
        dataset, revision, config, part: name on the hub, commit, configuration if it has several, and which part of it.
    """

    file: str | None = None
    columns: tuple[str, str] = ("first", "second")
    sha256: str | None = None
    dataset: str | None = None
    revision: str | None = None
    config: str | None = None
    part: str = "train"

    def __post_init__(self) -> None:
        object.__setattr__(self, "columns", tuple(self.columns))  # lists come from params.yaml
        if (self.file is None) == (self.dataset is None):
            raise ValueError(f"pairs: file is {self.file!r} and dataset is {self.dataset!r}; give one of the two")
        if len(self.columns) != 2 or len(set(self.columns)) != 2:
            raise ValueError(f"pairs: columns is {list(self.columns)}; give two, each with a name of its own")
        if self.dataset is not None and self.revision is None:
            raise ValueError(f"pairs: give the revision (a commit) of {self.dataset}; data sets change in place")


def candidates(corpus: Corpus, split: int, params: Params) -> np.ndarray:
    """Pairs of the split; they count down from -1, as rows of files do."""
    return -1 - np.flatnonzero(_pairs(params).split == split)


def draw(corpus: Corpus, anchors: np.ndarray, rng: np.random.Generator, params: Params) -> Pairs:
    """The two texts of each pair, in the order of the columns; pairs that share a text are of one document."""
    own = _pairs(params)
    texts = [own.texts[-1 - anchor] for anchor in anchors.tolist()]
    views = [word_pieces.encode(corpus, [pair[side] for pair in texts]) for side in (0, 1)]
    filled = np.flatnonzero((views[0].lengths > 0) & (views[1].lengths > 0))
    kept = anchors[filled]
    return Pairs((views[0].take(filled), views[1].take(filled)), kept, documents=-1 - own.groups[-1 - kept])


def _pairs(params: Params) -> own_pairs.Own:
    return _read(params, stamp(Path(params.file)) if params.file and Path(params.file).is_file() else ())


@lru_cache(maxsize=2)
def _read(params: Params, written: tuple[tuple[str, int, int], ...]) -> own_pairs.Own:
    """Kept for the next chunk, until the file is written anew."""
    if params.file is not None:
        return own_pairs.parted(own_pairs.of_file(Path(params.file), params.columns, params.sha256), params.file)
    assert params.dataset is not None and params.revision is not None
    found = own_pairs.of_hub(params.dataset, params.config, params.part, params.revision, params.columns)
    return own_pairs.parted(found, params.dataset)
