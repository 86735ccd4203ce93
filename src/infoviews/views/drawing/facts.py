"""Cheap facts about drawn pairs, and a sample that a person can read."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from infoviews.contracts import Corpus, Pairs, Ragged
from infoviews.views.materials import word_pieces


@dataclass
class Tally:
    """Sums over the pairs seen so far, of their first two views; chunks are added one after another."""

    rows: int = 0
    overlap: float = 0.0
    identical: int = 0
    tokens: list[int] = field(default_factory=list)

    def add(self, pairs: Pairs) -> None:
        """Count the pairs of one chunk."""
        self.rows += len(pairs.anchors)
        self.overlap += float(jaccard(pairs.views[0], pairs.views[1]).sum())
        self.identical += int(identical(pairs.views[0], pairs.views[1]).sum())
        tokens = [int(view.lengths.sum()) for view in pairs.views]
        self.tokens = [a + b for a, b in zip(self.tokens or [0] * len(tokens), tokens, strict=True)]

    def facts(self) -> dict[str, Any]:
        """``overlap`` (mean Jaccard overlap of the two views' sets of tokens), ``lengths`` (mean tokens of each view)
        and ``identical`` (share of pairs whose views are the same text).
        """
        if not self.rows:
            return {"overlap": None, "lengths": [], "identical": None}
        return {
            "overlap": round(self.overlap / self.rows, 6),
            "lengths": [round(tokens / self.rows, 4) for tokens in self.tokens],
            "identical": round(self.identical / self.rows, 6),
        }


def jaccard(first: Ragged, second: Ragged) -> np.ndarray:
    """Shared distinct tokens over all distinct tokens, row by row; float array (rows,)."""
    a, b = _distinct(first), _distinct(second)
    base = max(_base(first), _base(second))
    shared = np.intersect1d(a[0] * base + a[1], b[0] * base + b[1], assume_unique=True) // base
    both = np.bincount(shared, minlength=len(first))
    either = np.bincount(a[0], minlength=len(first)) + np.bincount(b[0], minlength=len(first)) - both
    return both / np.maximum(either, 1)


def identical(first: Ragged, second: Ragged) -> np.ndarray:
    """Whether the two views of a row are the same ids; bool array (rows,)."""
    result = first.lengths == second.lengths
    a, b = first.take(np.flatnonzero(result)), second.take(np.flatnonzero(result))
    differs = np.bincount(_row_of(a), weights=a.ids != b.ids, minlength=len(a)) > 0
    result[result] = ~differs
    return result


def sample(corpus: Corpus, pairs: Pairs, sources: list[str] | None = None, count: int = 10) -> list[dict[str, str]]:
    """The first ``count`` pairs in readable text, with the title of the anchor's document where there is one."""
    documents = _documents(corpus.folder)
    of = np.where(pairs.anchors >= 0, corpus.document_of(np.maximum(pairs.anchors, 0)), -1)
    about = documents.loc[of]
    rows = np.arange(len(of)) if sources is None else np.flatnonzero(about["source"].isin(sources))
    decode = partial(word_pieces.core(corpus.folder).decode, skip_special_tokens=False)
    texts = [[decode(view[row].tolist()) for row in rows[:count]] for view in pairs.views[:2]]
    titles = about["title"].iloc[rows[:count]].tolist()
    return [{"title": t, "first": a, "second": b} for t, a, b in zip(titles, *texts, strict=True)]


@lru_cache(maxsize=2)
def _documents(folder: Path) -> pd.DataFrame:
    documents = pd.read_parquet(folder / "documents.parquet", columns=["source", "title"]).fillna("")
    documents.loc[-1] = ["", ""]  # for anchors that are not sentences of the corpus
    return documents


def _row_of(rows: Ragged) -> np.ndarray:
    return np.repeat(np.arange(len(rows)), rows.lengths)


def _distinct(rows: Ragged) -> tuple[np.ndarray, np.ndarray]:
    """Rows and ids of the distinct tokens of each row."""
    base = _base(rows)
    keys = np.unique(_row_of(rows) * base + rows.ids.astype(np.int64))
    return keys // base, keys % base


def _base(rows: Ragged) -> int:
    return int(rows.ids.max()) + 1 if len(rows.ids) else 1
