"""View pairs on disk: one folder per view setting, token ids in memory-mapped arrays."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.lib import format as npy

from infoviews.contracts import SPLITS, Pairs, Ragged, concatenated, offsets
from infoviews.files import read_array, read_json, replacing, write_array
from infoviews.seals import DamagedResult, check, count, read_record, remedy, seal, write_record

ARRAYS = ("ids.npy", "offsets.npy", "anchors.npy", "labels.npy", "documents.npy")
SAMPLE = "sample.json"
"""A few pairs as text, for readers of the report."""


class PairsWriter:
    """Writes pairs chunk by chunk: tokens go to disk at once, memory holds a few numbers a row."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._dtype: np.dtype | None = None
        self._lengths: list[np.ndarray] = []
        self._anchors: list[np.ndarray] = []
        self._labels: list[np.ndarray] = []
        self._documents: list[np.ndarray] = []
        self._counts = dict.fromkeys(SPLITS, 0)
        self._views = 0
        self.facts: dict[str, Any] = {}
        """What the report says about the setting; ``views`` and ``counts`` are added on writing."""

    def append(self, split: str, pairs: Pairs) -> None:
        """Add pairs of a split; splits come in the order of ``SPLITS``, every chunk with the same number of views.

        Raises:
            ValueError: a split out of order, another number of views than before, or labels on some pairs only.
        """
        at = SPLITS.index(split)
        if any(self._counts[later] for later in SPLITS[at + 1 :]):
            raise ValueError(f"pairs: {split} came after a later split; the order is {', '.join(SPLITS)}")
        if self._dtype is None:
            self._dtype, self._views = pairs.views[0].ids.dtype, len(pairs.views)
            self._header(0)
        if len(pairs.views) != self._views:
            raise ValueError(
                f"pairs: {len(pairs.views)} views in {split} after {self._views}; a setting has one number"
            )
        if self._anchors and (pairs.labels is not None) != bool(self._labels):
            raise ValueError("pairs: some pairs of the setting carry labels and others none")
        if self._anchors and (pairs.documents is not None) != bool(self._documents):
            raise ValueError("pairs: some pairs of the setting name their documents and others do not")
        order = np.arange(len(pairs.anchors) * self._views).reshape(self._views, -1).T.ravel()  # view v of pair i
        rows = concatenated(pairs.views).take(order)
        self._file.write(rows.ids.astype(self._dtype).tobytes())
        self._lengths.append(rows.lengths)
        self._anchors.append(np.asarray(pairs.anchors, dtype=np.int64))
        if pairs.labels is not None:
            self._labels.append(np.asarray(pairs.labels, dtype=np.int64))
        if pairs.documents is not None:
            self._documents.append(np.asarray(pairs.documents, dtype=np.int64))
        self._counts[split] += len(pairs.anchors)

    def finish(self, folder: Path) -> None:
        """Write the other arrays and put the number of tokens into their file's header."""
        if self._dtype is None:
            raise ValueError("pairs: nothing was appended")
        lengths = np.concatenate(self._lengths)
        write_array(folder / "offsets.npy", offsets(lengths))
        write_array(folder / "anchors.npy", np.concatenate(self._anchors))
        for name, given in (("labels.npy", self._labels), ("documents.npy", self._documents)):
            (folder / name).unlink(missing_ok=True)
            if given:
                write_array(folder / name, np.concatenate(given))
        self._file.seek(0)
        self._header(int(lengths.sum()))

    def record(self, folder: Path) -> None:
        """Write ``facts.json``, when all other files are in their places."""
        found = [name for name in (*ARRAYS, SAMPLE) if (folder / name).is_file()]
        own = {"setting": folder.name, "views": self._views, "counts": self._counts, "files": seal(folder, found)}
        write_record(folder / "facts.json", {**self.facts, **own})

    def _header(self, total: int) -> None:
        """NumPy pads a header so that the first axis can grow in place; its size does not depend on ``total``."""
        assert self._dtype is not None
        shape = {"descr": self._dtype.str, "fortran_order": False, "shape": (total,)}
        npy.write_array_header_1_0(self._file, shape)


@contextmanager
def writing_pairs(folder: Path) -> Iterator[PairsWriter]:
    """A writer of ``ids.npy``, ``offsets.npy``, ``anchors.npy``, ``labels.npy`` and ``documents.npy`` (where pairs
    carry labels, and name documents) and ``facts.json``; on an error no ids are left."""
    with replacing(folder / "ids.npy") as temporary, temporary.open("wb") as file:
        writer = PairsWriter(file)
        yield writer
        writer.finish(folder)
    writer.record(folder)


def write_pairs(folder: Path, splits: dict[str, Pairs], facts: dict[str, Any]) -> None:
    """Write pairs that are all in memory: one chunk for each name in ``SPLITS``."""
    with writing_pairs(folder) as writer:
        for name in SPLITS:
            writer.append(name, splits[name])
        writer.facts = facts


def write_missing(folder: Path, reason: str) -> None:
    """``facts.json`` of a setting whose pairs could not be made; pairs of an earlier draw are removed."""
    for name in (*ARRAYS, SAMPLE):
        (folder / name).unlink(missing_ok=True)
    write_record(folder / "facts.json", {"setting": folder.name, "missing": reason, "files": {}})


def read_facts(folder: Path) -> dict[str, Any]:
    """What is known about a setting's pairs; where there are none, only its name and ``missing``, the reason.

    Raises:
        DamagedResult: the record is damaged, or is that of another folder.
    """
    path = folder / "facts.json"
    facts = read_record(path)
    if facts.get("setting") != folder.name:
        raise DamagedResult(f"{path}: expected setting {folder.name}, found {facts.get('setting')}. {remedy(path)}")
    for split, number in facts.get("counts", {}).items():
        count(path, f"counts.{split}", number)
    return facts


def read_sample(folder: Path) -> list[dict[str, str]]:
    """A few pairs of a setting as text: ``title``, ``first`` and ``second``.

    Raises:
        DamagedResult: it is not the one that was drawn.
    """
    files = read_facts(folder)["files"]
    check(folder, {SAMPLE: files[SAMPLE]} if SAMPLE in files else {})
    return read_json(folder / SAMPLE)


def read_pairs(folder: Path, split: str) -> Pairs:
    """The pairs of one split; the token ids stay on disk until they are used.

    Raises:
        KeyError: ``split`` is not one of ``SPLITS``.
        DamagedResult: a file is not the one that was drawn.
    """
    facts = read_facts(folder)
    check(folder, facts["files"])
    if split not in SPLITS:
        raise KeyError(f"no split named {split!r}; known: {', '.join(SPLITS)}")
    before = sum(facts["counts"][name] for name in SPLITS[: SPLITS.index(split)])
    count, views = facts["counts"][split], facts["views"]
    ids, offsets = read_array(folder / "ids.npy"), read_array(folder / "offsets.npy")
    starts = offsets[before * views : (before + count) * views + 1]
    rows = Ragged(ids, starts)
    more = [folder / name for name in ("labels.npy", "documents.npy")]
    return Pairs(
        tuple(_every(rows, view, views) for view in range(views)),
        read_array(folder / "anchors.npy")[before : before + count],
        *(read_array(file)[before : before + count] if file.is_file() else None for file in more),
    )


def _every(rows: Ragged, first: int, step: int) -> Ragged:
    return rows.take(np.arange(first, len(rows), step))
