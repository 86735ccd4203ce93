"""Embed sentences from standard input, one a line, to a .npy array on standard output."""

from __future__ import annotations

import sys
from typing import Annotated

import typer


def run(
    checkpoint: Annotated[str, typer.Option(help="checkpoint folder or hub name")],
    revision: Annotated[str | None, typer.Option(help="commit or tag, for hub names")] = None,
) -> None:
    import numpy as np

    import infoviews

    sentences = sys.stdin.read().splitlines()
    vectors = infoviews.load(checkpoint, revision).encode(sentences)
    np.save(sys.stdout.buffer, vectors, allow_pickle=False)
