"""A tokenised corpus on disk: flat memory-mapped arrays with offsets, written as a stream, all or nothing."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.lib import format as npy

from infoviews.contracts import SPLITS, Corpus, Ragged
from infoviews.files import read_array, write_array
from infoviews.seals import read_whole, seal, write_record

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
ARRAYS = ("tokens", "sentences", "documents", "split")
DOCUMENTS = "documents.parquet"
RECORD = "statistics.json"
"""Counts of what was kept and left out, and the seals of the other files."""

SCHEMA = pa.schema([("id", pa.string()), ("source", pa.string()), ("title", pa.string())])


@dataclass(frozen=True)
class Tokenised:
    """One document ready to be stored.

    Attributes:
        id, source, title: as in ``infoviews.corpus.documents.Document``.
        split: one of ``contracts.SPLITS``.
        sentences: token ids of each sentence, no special tokens.
    """

    id: str
    source: str
    title: str
    split: str
    sentences: list[list[int]]


def open_corpus(folder: Path | str) -> Corpus:
    """Open a corpus folder; arrays stay on disk and are memory-mapped.

    Raises:
        FileNotFoundError: ``folder`` is not a finished corpus; the message names the missing file.
        DamagedResult: a file is not the one that was written.
    """
    folder = Path(folder)
    arrays = {name: folder / f"{name}.npy" for name in ARRAYS}
    for path in arrays.values():
        if not path.is_file():
            raise FileNotFoundError(f"{path}: missing; {folder} is not a finished corpus, run the corpus stage")
    read_whole(folder / RECORD)
    tokens, sentences, documents, split = (read_array(path) for path in arrays.values())
    return Corpus(Ragged(tokens, sentences), np.asarray(documents), np.asarray(split), folder)


def write_corpus(
    folder: Path | str, documents: Iterable[Tokenised], tokenizer: Any, statistics: dict[str, Any] | None = None
) -> None:
    """Write a corpus folder in one pass with bounded memory; ``folder`` appears whole or not at all.

    Args:
        folder: replaced if it exists.
        documents: in reading order; consumed once.
        tokenizer: a transformers fast tokenizer; its length decides between uint16 and int32 ids.
        statistics: written to ``statistics.json``; may still be filled while ``documents`` is consumed.
    """
    with staging(folder) as part:
        write_into(part, documents, tokenizer, statistics or {})


def write_into(part: Path, documents: Iterable[Tokenised], tokenizer: Any, statistics: dict[str, Any]) -> None:
    """What ``write_corpus`` does, inside a folder that ``staging`` gave."""
    dtype = np.dtype(np.uint16 if len(tokenizer) <= 2**16 else np.int32)
    _write_arrays(part, documents, dtype)
    tokenizer.save_pretrained(part / "tokenizer")
    names = [*(f"{name}.npy" for name in ARRAYS), DOCUMENTS]
    names += [path.relative_to(part).as_posix() for path in (part / "tokenizer").iterdir()]
    write_record(part / RECORD, {**statistics, "files": seal(part, names)})


@contextmanager
def staging(folder: Path | str) -> Iterator[Path]:
    """A folder next to ``folder`` that replaces it if the block succeeds and is removed if it fails.

    Raises:
        OSError: the place cannot be written to, or its disk is full; ``folder`` is as it was.
    """
    folder = Path(folder).absolute()
    part, old = (folder.with_name(f".{folder.name}.{end}") for end in ("part", "old"))
    for left_over in (part, old):  # of a run that was killed
        shutil.rmtree(left_over, ignore_errors=True)
    try:
        part.mkdir(parents=True)
    except OSError as error:
        raise OSError(f"cannot write to {folder.parent}: {error.strerror}; choose another folder") from error
    try:
        yield part
        for path in filter(Path.is_file, part.rglob("*")):
            with path.open("rb+") as written:
                os.fsync(written.fileno())
        if folder.exists():
            os.replace(folder, old)
        os.replace(part, folder)
    except OSError as error:
        if error.errno in FULL:
            raise OSError(f"no room to write {folder}: {error.strerror}; it is as it was before") from error
        raise
    finally:
        shutil.rmtree(part, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def _write_arrays(part: Path, documents: Iterable[Tokenised], dtype: np.dtype) -> None:
    """Stream token ids behind a header that is filled in at the end; offsets are small enough to be held."""
    sentences, starts, split = [np.zeros(1, np.int64)], [0], []
    total = count = 0
    with (part / "tokens.npy").open("wb") as file, pq.ParquetWriter(part / DOCUMENTS, SCHEMA) as table:
        _header(file, dtype, 0)
        rows: list[dict[str, str]] = []
        for document in documents:
            lengths = np.array([len(ids) for ids in document.sentences], dtype=np.int64)
            file.write(np.array([i for ids in document.sentences for i in ids], dtype=dtype).tobytes())
            sentences.append(total + np.cumsum(lengths))
            total += int(lengths.sum())
            count += len(lengths)
            starts.append(count)
            split.append(SPLITS.index(document.split))
            rows.append({"id": document.id, "source": document.source, "title": document.title})
            if len(rows) == 10_000:
                table.write_table(pa.Table.from_pylist(rows, SCHEMA))
                rows = []
        table.write_table(pa.Table.from_pylist(rows, SCHEMA))
        file.seek(0)
        _header(file, dtype, total)
    write_array(part / "sentences.npy", np.concatenate(sentences))
    write_array(part / "documents.npy", np.array(starts, dtype=np.int64))
    write_array(part / "split.npy", np.array(split, dtype=np.uint8))


def _header(file: Any, dtype: np.dtype, total: int) -> None:
    """NumPy pads a header so that the first axis can grow in place; its size does not depend on ``total``."""
    npy.write_array_header_1_0(file, {"descr": dtype.str, "fortran_order": False, "shape": (total,)})
