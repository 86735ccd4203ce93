"""Keys that bind each other in studies of the synthetic language, where all is known before it is written."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from infoviews import registry
from infoviews.corpus import spec as corpus
from infoviews.corpus.sources import language as source
from infoviews.language import tasks
from infoviews.transfer.folds import absent

Study = dict[str, Any]

SURE = 5
"""Standard deviations: documents fall into splits by a hash, so their numbers vary like draws."""

SAMPLE = 200


def faults(study: Study) -> Iterator[tuple[str, str]]:
    """Where in the study, and what is wrong there."""
    for setting, view in study["views"]["settings"].items():
        needed = getattr(registry.get("views", view["family"]), "SOURCE", None)
        if needed is not None and list(study["corpus"]["source"]) != [needed]:
            yield (
                f"views.settings.{setting}.family",
                f"given {view['family']!r}, which draws only from corpus.source {needed}; "
                f"given {', '.join(study['corpus']['source'])}",
            )
    if list(study["corpus"]["source"]) == ["language"]:
        yield from _documents(study)
    if study["tasks"]["source"] == "language":
        yield from _tasks(study)


def _documents(study: Study) -> Iterator[tuple[str, str]]:
    """One document gives one pair of family language, and has a few words only."""
    params = registry.parameters(source, study["corpus"]["source"]["language"])
    shares = registry.parameters(corpus, study["corpus"]).split
    shares = {"train": 1 - sum(shares.values())} | shares
    least = {"train": study["pretrain"]["batch_size"], "critic": 20, "heldout": 20}
    for split, count in study["views"]["counts"].items():
        share = shares.get(split, 0.0)
        expected = params.documents * share
        sure = expected - SURE * math.sqrt(expected * (1 - share))
        if expected < count or sure < least[split]:
            yield (
                "corpus.source.language.documents",
                f"given {params.documents}, of which {expected:.0f} or so are {split} documents; views.counts.{split} "
                f"asks for {count} pairs, one a document, and what follows for {least[split]} at least",
            )
    few = registry.parameters(source, {"documents": SAMPLE, "seed": params.seed})
    words = min(len(document.text.split()) for document in islice(source.documents(few, None), SAMPLE))
    asked = study["corpus"].get("minimum_words", 20)
    if asked > words:
        yield "corpus.minimum_words", f"given {asked}; allowed: at most {words}, what a text of the language has"


def _tasks(study: Study) -> Iterator[tuple[str, str]]:
    """Folds need a few examples of every class; they are written into a folder that is thrown away, and counted."""
    given, (protocol, how) = study["tasks"], (study["transfer"]["protocol"], study["transfer"].get("params"))
    module = registry.get("transfer.protocols", protocol)
    params = registry.parameters(module, how)
    number = params.folds if hasattr(params, "folds") else module.CONFIGURATIONS[params.configuration][0]
    with TemporaryDirectory() as folder:
        try:
            tasks.write(Path(folder), given.get("params", {}), study["seed"])
        except (TypeError, ValueError) as error:
            yield "tasks.params", str(error)
            return
        for name in given["names"]:
            task = registry.get("transfer.tasks", name).TASK
            parts = task.read(Path(folder))
            try:
                absent(task, parts.get("all", parts.get("train")).labels, number)
            except ValueError as error:
                yield "tasks.params.examples", str(error)
