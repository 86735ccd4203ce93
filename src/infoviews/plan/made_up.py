"""Keys that bind each other in studies of the synthetic language, where all is known before it is written."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from infoviews import registry
from infoviews.corpus import spec as corpus
from infoviews.corpus.build import split_of
from infoviews.corpus.prepare import Preparation
from infoviews.corpus.sources import language as source
from infoviews.corpus.tokenizer import train
from infoviews.language import tasks
from infoviews.language.grammar import WORDS
from infoviews.transfer.folds import absent

Study = dict[str, Any]

MANY = 5000
"""Documents that are prepared to see what a corpus will hold."""

CLOSE = 0.97
"""Share of the asked-for pairs that must be there where only the beginning of a corpus was prepared."""

FEWEST = 20
"""Pairs that a measurement needs."""


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
    """One document gives one pair of family language, has a few words only, and all of them must become tokens.

    The corpus is prepared here as far as that takes, or its beginning where it is long.
    """
    params = registry.parameters(source, study["corpus"]["source"]["language"])
    how = registry.parameters(corpus, study["corpus"])
    few = dataclasses.replace(params, documents=min(params.documents, MANY))
    prepared = Preparation(how.splitter, frozenset(), how.exact_duplicates, near=False)(
        list(source.documents(few, None))
    )
    words = min(document.words for document in prepared)
    if how.minimum_words > words:
        yield "corpus.minimum_words", f"given {how.minimum_words}; allowed: at most {words}, a text of the language"
        return
    splits = [split_of(document.fingerprint, study["seed"], how.split) for document in prepared]
    least = {"train": study["pretrain"]["batch_size"], "critic": FEWEST, "heldout": FEWEST}
    for split, count in study["views"]["counts"].items():
        found = splits.count(split) * params.documents // few.documents
        if found < least[split] or found < CLOSE * count:
            yield (
                "corpus.source.language.documents",
                f"given {params.documents}, of which {found} or so are {split} documents; views.counts.{split} "
                f"asks for {count} pairs, one a document, and what follows for {least[split]} at least",
            )
    texts = [d.paragraphs for d, split in zip(prepared, splits, strict=True) if split == "train"]
    sentences = [sentence for paragraphs in texts for paragraph in paragraphs for sentence in paragraph]
    if how.tokenizer is None:
        missing = sorted(set(WORDS) - set(train(lambda: sentences, how.vocabulary).get_vocab()))
        if missing:
            yield (
                "corpus",
                f"a vocabulary of {how.vocabulary} tokens, made from {len(texts)} train documents, lacks "
                f"{len(missing)} words of the language, such as {missing[0]!r}; give more documents or vocabulary",
            )


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
