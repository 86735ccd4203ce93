"""Pairs that people wrote: rows of the mirror's files, parted into splits by their first text."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from infoviews.files import text_hash
from infoviews.sources import SourceFile, held

SHARES = (0.8, 0.9)
"""Rows whose hash, in [0, 1), is below the first train, below the second fit critics, the others are held out."""


@dataclass(frozen=True)
class Row:
    """One row of a file.

    Attributes:
        texts: the texts that mean the same, or premise and hypothesis.
        label: as the file gives it.
        split: index into ``contracts.SPLITS``.
    """

    texts: tuple[str, ...]
    label: str
    split: int


FILES = {
    "asset": SourceFile(
        "pairs/asset/groups.jsonl.gz", "b8dfe663dcf12d73603d867719bcd71f8bc5a5c255a99c87dc68dbedbff01872"
    ),
    "flickr8k": SourceFile(
        "pairs/flickr8k_captions/groups.jsonl.gz", "fa4df5b7acf3469b3f363a4953640c83d02eaf8eb6eeadda242de263d927d8b6"
    ),
    "med": SourceFile("pairs/med/pairs.jsonl.gz", "5e8ad89c23472e298bfc890386a09f3dd826b8811486a8fd464515c8d2b0e369"),
    "mrpc": SourceFile(
        "pairs/msrp_train/pairs.jsonl.gz", "97d550cfaca3dd4255ca3891a6927f15664958ac2991da59cf9b0799a9661ddd"
    ),
    "qqp": SourceFile(
        "pairs/qqp_subset/pairs.jsonl.gz", "14d3e9f0ce60eb90ed37239f562363815225294ba83685c1849cdc11ac857c39"
    ),
    "rte": SourceFile(
        "pairs/rte123/pairs.jsonl.gz", "0713b5108bf62d05fd527c8b17a08df3dc703a2335b911e53eba22bc687b8c84"
    ),
    "sick": SourceFile(
        "pairs/sick_train/pairs.jsonl.gz", "e6bca495f2d974aa4146d55422d805aa9df47e8b21a41d5b3e7fc60cffb0e4ec"
    ),
    "snli": SourceFile(
        "pairs/snli_dev_test/pairs.jsonl.gz", "f18a7347d08977cfab58aabf60c965e5db883af18567dc91cc2d18042c19d325"
    ),
    "turkcorpus": SourceFile(
        "pairs/turkcorpus/groups.jsonl.gz", "4525ad68f9da107da2d1dfb5332b6c2da0ebe7f657fbb21b5d3c271a887d4b08"
    ),
}


OWN_PART = {"mrpc": {"MRPC-train"}, "sick": {"SICK-train"}}
"""Sets that are the train part of a transfer task: that overlap is theirs by nature and is not counted."""


def checked_sets(family: str, given: tuple[str, ...] | list[str] | str, allowed: tuple[str, ...]) -> tuple[str, ...]:
    """The names of sets as a tuple.

    Raises:
        ValueError: none, or one that the family cannot use.
    """
    sets = (given,) if isinstance(given, str) else tuple(given)
    wrong = [name for name in sets if name not in allowed]
    if wrong or not sets:
        raise ValueError(f"{family}: sets is {list(sets)}; give one or more of {', '.join(allowed)}")
    return sets


@lru_cache(maxsize=16)
def rows(name: str, mirror: Path | None) -> tuple[Row, ...]:
    """The rows of a set in file order, less those that share a sentence with the evaluation.

    Raises:
        SourceError: see ``sources.held``.
        ValueError: a row without a field that it must have; file, line and field are named.
    """
    path = held(FILES[name], mirror)
    found = []
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            given = json.loads(line)
            if set(given.get("eval_overlap", ())) <= OWN_PART.get(name, set()):
                found.append(_row(given, f"{path}, line {number}"))
    return tuple(found)


@lru_cache(maxsize=16)
def chosen(sets: tuple[str, ...], label: str | None, mirror: Path | None) -> tuple[Row, ...]:
    """Rows of several sets, one after another, with the label (``None``: with any)."""
    return tuple(row for name in sets for row in rows(name, mirror) if label is None or row.label == label)


def anchors_of(found: tuple[Row, ...], split: int) -> np.ndarray:
    """Anchors of a split's rows: they count down from -1, so that no stage takes them for sentences of the corpus."""
    return -1 - np.flatnonzero([row.split == split for row in found])


def _row(given: dict[str, Any], where: str) -> Row:
    if "captions" in given:
        texts = given["captions"]
    elif "refs" in given:
        texts = [given.get("s1"), *given["refs"]]
    else:
        for name in ("s1", "s2", "label"):
            if not given.get(name):
                raise ValueError(f"{where}: the field {name!r} is missing or empty")
        texts = [given["s1"], given["s2"]]
    if len(texts) < 2 or not all(isinstance(text, str) and text.strip() for text in texts):
        raise ValueError(f"{where}: two or more texts are needed and none may be empty")
    return Row(tuple(texts), given.get("label", ""), split_of(texts[0]))


def split_of(text: str) -> int:
    """Rows with the same first text (a premise, a question) are never in two splits."""
    number = int.from_bytes(text_hash(" ".join(text.lower().split())), "big")
    return int(np.searchsorted(SHARES, number / 2**64, side="right"))
