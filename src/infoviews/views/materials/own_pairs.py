"""A reader's own pairs: rows of a table or of a data set, parted so that no text is in two splits."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from infoviews.contracts import SPLITS
from infoviews.registry import nearest
from infoviews.sources import SourceError
from infoviews.views.materials.written import split_of

FORMATS = (".csv", ".tsv", ".jsonl")
"""Each may be packed by gzip, ``.gz`` after it."""

Rows = Iterator[tuple[str, Mapping[str, Any]]]
"""Where a row stands, in words, and its columns."""


@dataclass(frozen=True)
class Own:
    """Pairs, and what hangs together.

    Attributes:
        texts: of each pair, the two columns.
        groups: pairs that share a text with each other, directly or by way of others, have one number (pairs,).
        split: index into ``SPLITS``, one for a whole group (pairs,).
    """

    texts: list[tuple[str, str]]
    groups: np.ndarray
    split: np.ndarray


def parted(pairs: list[tuple[str, str]], where: str) -> Own:
    """Pairs without repetitions, in splits that share no text; case and spaces do not tell texts apart.

    A group's split depends on its texts alone, not on the order of the file or on other groups.

    Raises:
        ValueError: a split without any pair, since too many of them hang together.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    kept = list(dict.fromkeys(pairs))
    plain = [[" ".join(text.lower().split()) for text in pair] for pair in kept]
    number = {text: index for index, text in enumerate(dict.fromkeys(text for pair in plain for text in pair))}
    ends = np.array([[number[text] for text in pair] for pair in plain], dtype=np.int64).reshape(-1, 2)
    graph = coo_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), (len(number), len(number)))
    of_text = connected_components(graph, directed=False)[1]
    groups = of_text[ends[:, 0]].astype(np.int64)
    first: dict[int, str] = {}
    for text, group in zip(number, of_text.tolist(), strict=True):
        first[group] = min(text, first.get(group, text))
    splits = {group: split_of(text) for group, text in first.items()}
    split = np.array([splits[group] for group in groups.tolist()], dtype=np.int64)
    for index, name in enumerate(SPLITS):
        if not (split == index).any():
            raise ValueError(
                f"pairs: {where}: no pair is left for the {name} documents; {len(kept):,} pairs are {len(first):,} "
                f"groups that share no text, the largest of {np.bincount(groups, minlength=1).max():,} pairs, and a "
                "group is in one split; give more pairs, or pairs with other texts"
            )
    return Own(kept, groups, split)


def of_file(path: Path, columns: tuple[str, str], expected: str | None) -> list[tuple[str, str]]:
    """The pairs of a table: CSV or tab-separated with a header, or JSON lines, in UTF-8.

    Raises:
        SourceError: no file, or its sha256 is not the ``expected`` one.
        ValueError: what cannot be read; file, line and column are named.
    """
    kind = next((end for end in FORMATS if path.name.lower().removesuffix(".gz").endswith(end)), None)
    if kind is None:
        raise ValueError(f"pairs: file is {str(path)!r}; its name must end in {', '.join(FORMATS)}, or one of them .gz")
    if not path.is_file():
        raise SourceError(f"pairs: no file at {path}; give its path from the folder in which the study runs")
    content = path.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if expected is not None and found != expected:
        raise SourceError(f"pairs: {path} has sha256 {found}, not {expected}: it has changed since it was named")
    try:
        content = gzip.decompress(content) if path.name.lower().endswith(".gz") else content
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise ValueError(f"pairs: {path}, line {line}: no UTF-8; convert the file: iconv -t UTF-8") from error
    except (gzip.BadGzipFile, EOFError) as error:
        raise ValueError(f"pairs: {path}: no whole gzip file: {error}") from error
    rows = _json_lines(path, text) if kind == ".jsonl" else _table(path, text, "," if kind == ".csv" else "\t")
    return [_pair(row, columns, where) for where, row in rows]


def of_hub(
    dataset: str, config: str | None, part: str, revision: str, columns: tuple[str, str]
) -> list[tuple[str, str]]:
    """The pairs of one part of a data set of the hub; needs ``datasets`` and the network, or its cache.

    Raises:
        SourceError: the data set cannot be had. ValueError: a row without one of the columns.
    """
    try:
        from datasets import load_dataset

        rows = load_dataset(dataset, config, split=part, revision=revision)
    except Exception as error:  # the library raises some twenty kinds, its own and those of its back ends
        raise SourceError(f"pairs: the data set {dataset} at {revision} cannot be read: {error}") from error
    return [_pair(row, columns, f"{dataset}, row {number}") for number, row in enumerate(rows)]


def _table(path: Path, text: str, delimiter: str) -> Rows:
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        names = reader.fieldnames or []
        if len(set(names)) != len(names):
            raise ValueError(f"pairs: {path}, line 1: a column's name stands twice: {', '.join(names)}")
        for row in reader:
            where = f"{path}, line {reader.line_num}"
            if None in row or None in row.values():
                held = len(names) + len(row[None]) if None in row else sum(v is not None for v in row.values())
                raise ValueError(
                    f"pairs: {where}: {held} columns, but the header has {len(names)}; quote texts with separators"
                )
            yield where, row
    except csv.Error as error:
        raise ValueError(f"pairs: {path}, line {reader.reader.line_num}: {error}") from error


def _json_lines(path: Path, text: str) -> Rows:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                row = json.loads(line)
            except json.JSONDecodeError as error:
                raise ValueError(f"pairs: {path}, line {number}, column {error.colno}: {error.msg}") from error
            if not isinstance(row, dict):
                raise ValueError(f"pairs: {path}, line {number}: an object of columns is needed, not {line[:40]!r}")
            yield f"{path}, line {number}", row


def _pair(row: Mapping[str, Any], columns: tuple[str, str], where: str) -> tuple[str, str]:
    for column in columns:
        if column not in row:
            known = [str(name) for name in row]
            raise ValueError(f"pairs: {where}: no column {column!r}{nearest(column, known)}; has: {', '.join(known)}")
        if not isinstance(row[column], str) or not row[column].strip():
            raise ValueError(f"pairs: {where}, column {column!r}: a text is needed, not {row[column]!r}")
    return row[columns[0]], row[columns[1]]
