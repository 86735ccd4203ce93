"""What a transfer task is: its files with digests, how it is scored, how it is read (Conneau and Kiela, LREC 2018)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from infoviews.contracts import Split

MIRROR_FOLDER = "senteval/downstream"
"""SentEval's ``data/downstream`` in the mirror."""

ARCHIVE = (
    "https://huggingface.co/datasets/princeton-nlp/datasets-for-simcse/resolve/"
    "e145e8bb659b2aa2669f32ef79cb4cdef6c58fef/senteval.tar"
)
"""Public archive of the same files (90 MB), at a pinned revision: earlier revisions held other files."""

Scheme = Literal["nested", "folds", "dev", "relatedness", "similarity"]


@dataclass(frozen=True)
class TaskFile:
    """One file: its path below SentEval's ``downstream``, its digest and how many lines it holds."""

    path: str
    sha256: str
    rows: int


@dataclass(frozen=True)
class Task:
    """One transfer task.

    Attributes:
        name: the module's name, as used in params.yaml.
        title: the literature's name.
        scheme: how it is scored.
            ``nested``: cross-validation, regularisation chosen by cross-validation inside each fold;
            ``folds``: regularisation chosen by cross-validation on the train part, scored on the test part;
            ``dev``: regularisation chosen on the dev part, scored on the test part;
            ``relatedness``: a trained head that predicts a graded score;
            ``similarity``: cosine against a graded score, nothing trained.
        classes: names of the classes in the order of their ids; empty for graded scores.
        pair: whether an example is a pair of texts.
        f1: whether F1 of class 1 is reported next to accuracy.
        files: the published files; a generated study has files of the same names and other digests.
        counts: examples of each part in the published files.
        read: folder in SentEval's layout → the parts, each in file order. Parts are ``all`` for ``nested``,
            ``train`` and ``test``, with ``dev`` where there is one, else the subsets' names.
        citation: where the task comes from.
        url: where its authors, or SentEval's own script, publish the data; ``unknown`` if it is not known for certain.
            Servers of older tasks may be gone: the files are taken from the mirror or from ``ARCHIVE``.
        licence: of the data, as they state it; ``unknown`` if nothing is stated.
    """

    name: str
    title: str
    scheme: Scheme
    files: tuple[TaskFile, ...]
    counts: Mapping[str, int]
    read: Callable[[Path], dict[str, Split]]
    citation: str
    classes: tuple[str, ...] = ()
    pair: bool = False
    f1: bool = False
    url: str = "unknown"
    licence: str = "unknown"

    @property
    def metric(self) -> str:
        """The number reported for the task: ``accuracy`` or ``spearman``, both times 100."""
        return "accuracy" if self.classes else "spearman"
