"""Embeddings given as files: ``FOLDER/<task>/<part>.npy``, or ``<part>.1.npy`` and ``<part>.2.npy`` for pairs.

Each is a real array (n, d), row i the embedding of the part's i-th text in file order. Parts are ``all`` for MR, CR,
SUBJ and MPQA; ``train`` and ``test``, with ``dev`` where the task has one; the subset's name for STS12-16.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from infoviews.files import read_array
from infoviews.transfer.embed import Task as Parts
from infoviews.transfer.embed import checked, with_vectors
from infoviews.transfer.fetch import read_task

MAGIC = b"\x93NUMPY"
"""First bytes of every ``.npy`` file."""


def array_names(part: str, texts: int) -> list[str]:
    """File names of one part."""
    return [f"{part}.npy"] if texts == 1 else [f"{part}.{side}.npy" for side in range(1, texts + 1)]


def load_embedded(embeddings: Path, tasks: Path, names: list[str]) -> dict[str, Parts]:
    """Join the arrays with the tasks' labels.

    Args:
        embeddings: folder of arrays.
        tasks: folder of task files with their manifest.
        names: task names.

    Raises:
        FileNotFoundError: an array is missing; the message names its path.
        ValueError: a file that is not a whole ``.npy`` array, or an array that ``embed.checked`` refuses.
    """
    found: dict[str, Parts] = {}
    for name in names:
        found[name] = {}
        for part, split in read_task(tasks, name).items():
            vectors = []
            for file in array_names(part, len(split.texts)):
                path = embeddings / name / file
                if not path.is_file():
                    raise FileNotFoundError(f"{path}: no such array; expected one row per text in file order")
                vectors.append(checked(_array(path), len(split.labels), str(path)))
            found[name][part] = with_vectors(split, vectors)
    return found


def _array(path: Path) -> np.ndarray:
    """The array in a ``.npy`` file, memory-mapped.

    Raises:
        ValueError: the file is empty, cut short or of another format, or holds Python objects.
    """
    advice = 'write it with numpy.save(path, vectors), vectors an array (n, d) of "float32"'
    with path.open("rb") as file:
        start = file.read(len(MAGIC))
    if start != MAGIC:
        raise ValueError(f"{path}: {f'begins with {start!r}' if start else 'is empty'}, not a .npy file; {advice}")
    try:
        return read_array(path)
    except (ValueError, EOFError) as error:
        raise ValueError(f"{path}: cannot be read as an array ({error}); {advice}") from error
