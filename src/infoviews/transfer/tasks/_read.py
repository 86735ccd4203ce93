"""Read SentEval's files as SentEval does: whitespace tokens, its encodings, its line ends, its empty sentences."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from pathlib import Path

import numpy as np

from infoviews.contracts import Split

Parts = dict[str, Split]
Reader = Callable[[Path], Parts]


def lines(path: Path, encoding: str) -> list[str]:
    """Lines parted by ``\\n`` only.

    ``str.splitlines`` would also cut at the byte 0x85 (NEL in latin-1), which makes 10,685 lines of MR's 10,662
    when the files were not passed through ``cat -v`` first.
    """
    text = path.read_bytes().removeprefix(codecs.BOM_UTF8).decode(encoding)
    return [line.removesuffix("\r") for line in text.removesuffix("\n").split("\n")]


def normal(text: str) -> str:
    """Tokens joined by one space, as every encoder sees them; an empty sentence stays an empty string."""
    return " ".join(text.split())


def single(texts: list[str], labels: list[int]) -> Split:
    """A part whose examples are single texts."""
    return Split(([normal(text) for text in texts],), np.asarray(labels, dtype=np.int64))


def paired(first: list[str], second: list[str], labels: list[int] | list[float]) -> Split:
    """A part whose examples are pairs; integer labels are classes, real ones are graded scores."""
    return Split(([normal(text) for text in first], [normal(text) for text in second]), np.asarray(labels))


def two_files(positive: str, negative: str) -> Reader:
    """One file for class 1, then one for class 0, one latin-1 sentence a line."""

    def read(folder: Path) -> Parts:
        first, second = (lines(folder / name, "latin-1") for name in (positive, negative))
        return {"all": single(first + second, [1] * len(first) + [0] * len(second))}

    return read


def columns(path: Path, encoding: str, least: int, skip: int = 0) -> list[list[str]]:
    """Tab-parted rows after ``skip`` header lines.

    Raises:
        ValueError: a row of fewer than ``least`` columns; file and line are named.
    """
    rows = [line.split("\t") for line in lines(path, encoding)[skip:]]
    for number, row in enumerate(rows, start=skip + 1):
        if len(row) < least:
            raise ValueError(f"{path}, line {number}: expected {least} tab-parted columns, found {len(row)}")
    return rows


def label(names: dict[str, int], given: str, path: Path) -> int:
    """The class id of a label.

    Raises:
        ValueError: a label that the task does not have.
    """
    if given not in names:
        raise ValueError(f"{path}: label {given!r} is none of {', '.join(names)}")
    return names[given]


def fine_sentiment(folder: Path) -> dict[str, tuple[list[str], list[int]]]:
    """SST's five-grade sentences, ``label text`` a line: part → texts and grades 0..4."""
    parts = {}
    grades = {str(grade): grade for grade in range(5)}
    for part in ("train", "dev", "test"):
        path = folder / f"SST/fine/sentiment-{part}"
        rows = [line.partition(" ") for line in lines(path, "utf-8")]
        parts[part] = ([text for _, _, text in rows], [label(grades, grade, path) for grade, _, _ in rows])
    return parts


def similarity(place: str, subsets: list[str]) -> Reader:
    """``STS.input.<subset>.txt`` with a pair a line and ``STS.gs.<subset>.txt`` with its score, or an empty line."""

    def read(folder: Path) -> Parts:
        parts = {}
        for subset in subsets:
            rows = columns(folder / place / f"STS.input.{subset}.txt", "utf-8", least=2)
            gold = lines(folder / place / f"STS.gs.{subset}.txt", "utf-8")
            if len(gold) != len(rows):
                raise ValueError(f"{folder / place}: {subset} has {len(rows)} pairs and {len(gold)} gold lines")
            scored = [(row[0], row[1], float(score)) for row, score in zip(rows, gold, strict=True) if score]
            first, second, scores = (list(column) for column in zip(*scored, strict=True))
            parts[subset] = paired(first, second, scores)
        return parts

    return read
