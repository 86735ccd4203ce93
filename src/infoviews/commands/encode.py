"""Embed sentences from standard input, one a line, to a .npy array on standard output."""

from __future__ import annotations

import codecs
import sys
from collections.abc import Iterable
from typing import Annotated

import typer


def run(
    checkpoint: Annotated[str, typer.Option(help="checkpoint folder or hub name")],
    revision: Annotated[str | None, typer.Option(help="commit or tag, for hub names")] = None,
    pooling: Annotated[
        str | None, typer.Option(help="cls, mean, max, pooler, …: of a plain transformers folder")
    ] = None,
) -> None:
    import numpy as np

    import infoviews

    sentences = read_lines(sys.stdin.buffer)
    vectors = infoviews.load(checkpoint, revision, pooling).encode(sentences)
    if not np.isfinite(vectors).all():
        raise ValueError(f"{checkpoint} gives vectors that are not finite; its weights are damaged")
    np.save(sys.stdout.buffer, vectors, allow_pickle=False)


def read_lines(lines: Iterable[bytes]) -> list[str]:
    r"""UTF-8 lines without their ends, ``\n`` or ``\r\n``; any other separator belongs to its sentence.

    ``str.splitlines`` would also cut at U+2028 and its like, and the rows would no longer be those of the lines.

    Args:
        lines: a binary file, which gives lines up to and with ``\n``.

    Raises:
        ValueError: a line that is not UTF-8, by its number from 1.
    """
    found = []
    for number, line in enumerate(lines, start=1):
        if number == 1:
            line = line.removeprefix(codecs.BOM_UTF8)  # which Windows' editors put there
        try:
            found.append(line.removesuffix(b"\n").removesuffix(b"\r").decode("utf-8"))
        except UnicodeDecodeError as error:
            raise ValueError(
                f"standard input, line {number}: not UTF-8 ({error}); convert it: iconv -f ENCODING -t UTF-8"
            ) from error
    return found
