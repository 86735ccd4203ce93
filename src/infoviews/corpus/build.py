"""The corpus phase as a whole: prepare in parallel, drop duplicates in order, train the tokenizer, tokenise once."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any

from infoviews import registry
from infoviews.contracts import SPLITS
from infoviews.corpus import spec as specification
from infoviews.corpus.documents import Document
from infoviews.corpus.overlap import evaluation_keys
from infoviews.corpus.pile import Pile, Tally
from infoviews.corpus.prepare import Preparation, Prepared, prepare
from infoviews.corpus.store import Tokenised, staging, write_into
from infoviews.corpus.tokenizer import encoder, from_hub, train
from infoviews.files import text_hash
from infoviews.seals import read_whole

log = logging.getLogger(__name__)
BATCH = 256
PROGRESS = 10_000


def build(
    given: dict[str, Any], out: Path, tasks: Path | None = None, mirror: Path | None = None, processes: int = 1
) -> dict[str, Any]:
    """Make the corpus folder ``out`` from a spec; the same spec and texts give the same bytes.

    Args:
        given: ``{"corpus": {parameters of infoviews.corpus.spec}, "seed": n}``; the seed decides the split.
        out: written whole or not at all.
        tasks: folder of the evaluation tasks; paragraphs that overlap its ``sentences.txt`` are dropped.
        mirror: folder that holds raw files.
        processes: parallel processes; their number changes nothing in the result.

    Returns:
        What ``statistics.json`` holds: counts in all, per source and per split, with the reason of every removal.

    Raises:
        KeyError, ValueError: the spec is wrong, or no document is left (for one of the splits).
        SourceError: raw files are missing or wrong.
        DamagedResult: the evaluation sentences are not those that were fetched.
        OSError: ``out`` cannot be written; what was there stays.
    """
    if missing := {"corpus", "seed"} - set(given):
        raise ValueError(f"corpus: the spec lacks {' and '.join(sorted(missing))}; it has {', '.join(sorted(given))}")
    params = registry.parameters(specification, given["corpus"])
    evaluation: frozenset[str] = frozenset()
    if tasks is not None:
        read_whole(tasks / "manifest.json")
        evaluation = evaluation_keys(tasks / "sentences.txt")
    with staging(out) as part:
        prepared = prepare(_documents(params.source, mirror), _preparation(params, evaluation), processes)
        pile = Pile(part / "pile.jsonl", params.minimum_words, params.exact_duplicates, params.near_duplicates)
        _fill(pile, prepared, given["seed"], params.split)
        tokenizer = (
            from_hub(params.tokenizer, params.tokenizer_revision)
            if params.tokenizer
            else train(lambda: _train_sentences(pile), params.vocabulary)
        )
        log.info("tokenizer with %s tokens", len(tokenizer))
        statistics: dict[str, Any] = {"vocabulary": len(tokenizer), "evaluation sentences compared": len(evaluation)}
        documents = _tokenised(pile, tokenizer, params.maximum_tokens, statistics)
        write_into(part, _checked(documents, pile.tally, params.split), tokenizer, statistics)
        pile.path.unlink()
    return statistics


def _preparation(params: specification.Params, evaluation: frozenset[str]) -> Preparation:
    return Preparation(params.splitter, evaluation, params.exact_duplicates, params.near_duplicates is not None)


def _fill(pile: Pile, prepared: Iterable[Prepared], seed: int, shares: dict[str, float]) -> None:
    for document in prepared:
        pile.add(document, split_of(document.fingerprint, seed, shares))
        if pile.tally.read % PROGRESS == 0:
            log.info("%s documents read", pile.tally.read)
    pile.close()
    log.info("%s documents read, %s on the pile", pile.tally.read, len(pile))


def split_of(fingerprint: int, seed: int, shares: dict[str, float]) -> str:
    """The split of a document: a seeded hash of its content, so that other documents never move it."""
    digest = text_hash(f"{seed} {fingerprint}")
    place = int.from_bytes(digest, "little") / 2**64
    for name in SPLITS[1:]:
        share = shares.get(name, 0.0)
        if place < share:
            return name
        place -= share
    return SPLITS[0]


def _documents(sources: dict[str, dict[str, Any] | None], mirror: Path | None) -> Iterator[Document]:
    modules = {name: registry.get("corpus.sources", name) for name in sources}
    wanted = {name: registry.parameters(modules[name], given) for name, given in sources.items()}
    return chain.from_iterable(modules[name].documents(wanted[name], mirror) for name in sources)


def _train_sentences(pile: Pile) -> Iterator[str]:
    return (
        sentence
        for document in pile.read(Tally())
        if document.split == SPLITS[0]
        for paragraph in document.paragraphs
        for sentence in paragraph
    )


def _tokenised(pile: Pile, tokenizer: Any, longest: int, statistics: dict[str, Any]) -> Iterator[Tokenised]:
    """Token ids of all documents that stay; fills ``statistics`` when the last one is through."""
    encode, unknown = encoder(tokenizer), tokenizer.unk_token_id
    documents = pile.read(pile.tally)
    while batch := list(islice(documents, BATCH)):
        found = iter(encode([s for document in batch for paragraph in document.paragraphs for s in paragraph]))
        for document in batch:
            rows: list[list[int]] = []
            count = pile.tally.counter(document.source, document.split)
            for ids in islice(found, sum(map(len, document.paragraphs))):
                count("sentences", "without tokens", not ids)
                count("sentences", "cut", len(ids) > longest)
                count("tokens", "unknown", ids.count(unknown))
                rows.extend(ids[start : start + longest] for start in range(0, len(ids), longest))
            count("documents", "kept", 1)
            count("paragraphs", "kept", len(document.paragraphs))
            count("sentences", "kept", len(rows))
            count("words", "kept", document.words)
            count("tokens", "kept", sum(map(len, rows)))
            yield Tokenised(document.id, document.source, document.title, document.split, rows)
    statistics.update(pile.tally.table())


def _checked(documents: Iterator[Tokenised], tally: Tally, shares: dict[str, float]) -> Iterator[Tokenised]:
    """Pass the documents on; an empty corpus, or an empty split that was asked for, is an error."""
    found = dict.fromkeys(SPLITS, 0)
    for document in documents:
        found[document.split] += 1
        yield document
    total = sum(found.values())
    for name, share in {SPLITS[0]: 1.0, **shares}.items():
        if share and not found[name]:
            raise ValueError(
                f"corpus: no document is left for the split {name!r} ({total} kept of {tally.read} read; left out: "
                f"{tally.reasons() or 'none'}); give more text, or a larger share of the split"
            )
