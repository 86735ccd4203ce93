"""Draw one view setting chunk by chunk and write its folder; the result does not depend on the number of workers.

Beside what ``contracts.ViewFamily`` asks for, a family names ``SWEEP``, dial values from the most to the least shared,
and ``REFUSED``, a value out of range (``SOURCE`` too if it needs the corpus of one source): the contract tests use
them. It may offer more: ``candidates(corpus, split, params)`` says what may be an anchor where that is not any sentence
of the corpus (negative numbers: rows of files of the family's own); ``facts(corpus, params)`` adds what only the family
knows (dropout rate, exact information); ``makes(params)`` says how many views a pair has, and how many classes its
labels, where that is not two and none; a field ``mirror`` of ``Params`` is filled with the folder of raw files.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from infoviews import registry
from infoviews.contracts import SPLITS, Corpus, Pairs, Ragged, concatenated, slices
from infoviews.files import write_json
from infoviews.pairs import writing_pairs
from infoviews.views.drawing.facts import Tally, sample

log = logging.getLogger(__name__)

CHUNK = 4096
SAMPLE = 10
SHORTEST_ANCHOR = 4
SPECIAL_TOKENS = 2  # [CLS] and [SEP] count towards max_tokens


@dataclass(frozen=True)
class Setting:
    """A view family at one dial value.

    Attributes:
        family: module name in ``infoviews.views``.
        params: its parameters.
        max_tokens: longest view, [CLS] and [SEP] included; longer views are cut.
        seed: seed of anchors and draws.
        dropout: of the encoder while it trains on the pairs; ``None`` leaves it its own. Pairs do not depend on it.
    """

    family: str
    params: Any
    max_tokens: int
    seed: int
    dropout: float | None = None


def setting(
    family: str,
    given: dict[str, Any] | None,
    max_tokens: int = 64,
    seed: int = 0,
    mirror: Path | None = None,
    dropout: float | None = None,
) -> Setting:
    """A checked setting; ``mirror`` goes to the families that read raw files.

    Raises:
        KeyError: unknown family or parameter.
        ValueError: a dial out of range, or ``max_tokens`` too small to hold a word.
    """
    if max_tokens <= SPECIAL_TOKENS:
        raise ValueError(f"max_tokens is {max_tokens}; it must be at least {SPECIAL_TOKENS + 1} ([CLS], [SEP], a word)")
    params = registry.parameters(registry.get("views", family), given)
    if any(field.name == "mirror" for field in fields(params)) and mirror is not None:
        params = replace(params, mirror=mirror)
    return Setting(family, params, max_tokens, seed, dropout)


def dialled(family: str, dial: Any) -> dict[str, Any]:
    """Parameters of a family at one dial value; ``None`` where it has no dial.

    Raises:
        KeyError: unknown family.
        ValueError: a dial that is missing, or one for a family that has none.
    """
    name = registry.get("views", family).DIAL
    if bool(name) != (dial is not None):
        raise ValueError(
            f"views: {family} has the dial {name!r}; give its value"
            if name
            else f"views: {family} has no dial; given {dial!r}"
        )
    return {name: dial} if name else {}


@dataclass(frozen=True)
class Drawn:
    """Pairs of one split or chunk, with the anchors that gave none and the views that were longer than allowed."""

    pairs: Pairs
    skipped: int
    cut: int


def build(
    corpus: Corpus,
    setting: Setting,
    counts: dict[str, int],
    out: Path,
    workers: int = 1,
    sample_sources: list[str] | None = None,
) -> dict[str, Any]:
    """Write ``counts[split]`` pairs of every split, ``facts.json`` and ``sample.json`` into ``out``.

    Where a split has too few anchors, fewer pairs are written and the shortfall is logged.

    Args:
        workers: threads that draw; the pairs are the same for any number.
        sample_sources: draw the readable sample only from documents of these sources (``None``: all).

    Returns:
        The facts written.

    Raises:
        KeyError: a split without a count.
        ValueError: a split that gives no pair at all, or views that hold exact information and would be cut.
    """
    missing = [name for name in SPLITS if name not in counts]
    if missing:
        raise KeyError(f"views: no count for {', '.join(missing)}; counts are needed for {', '.join(SPLITS)}")
    tally = Tally()
    shown: list[dict[str, str]] = []
    skipped, cut, found = (dict.fromkeys(SPLITS, 0) for _ in range(3))
    with writing_pairs(out) as writer:
        for split, name in enumerate(SPLITS):
            for drawn in draw_chunks(corpus, setting, split, counts[name], workers):
                writer.append(name, drawn.pairs)
                tally.add(drawn.pairs)
                skipped[name], cut[name] = skipped[name] + drawn.skipped, cut[name] + drawn.cut
                found[name] += len(drawn.pairs.anchors)
                if split == 0 and len(shown) < SAMPLE:
                    shown += sample(corpus, drawn.pairs, sample_sources, SAMPLE - len(shown))
            _check(setting, name, found[name], counts[name])
        facts: dict[str, Any] = {"family": setting.family, "max_tokens": setting.max_tokens, "skipped": skipped}
        facts |= {"cut": cut, "dropout": setting.dropout, "exact": None, **tally.facts(), **_own_facts(corpus, setting)}
        if facts["exact"] is not None and any(cut.values()):
            raise ValueError(f"views: {setting.family} has exact information only uncut; raise max_tokens")
        write_json(out / "sample.json", shown)
        writer.facts = facts
    return facts


def draw_split(corpus: Corpus, setting: Setting, split: int, count: int, workers: int = 1) -> Drawn:
    """The pairs of ``draw_chunks`` in one piece, for counts that fit in memory."""
    parts = list(draw_chunks(corpus, setting, split, count, workers))
    pairs = _join([part.pairs for part in parts])
    return Drawn(pairs, sum(part.skipped for part in parts), sum(part.cut for part in parts))


def draw_chunks(corpus: Corpus, setting: Setting, split: int, count: int, workers: int = 1) -> Iterator[Drawn]:
    """The first ``count`` pairs that the split's shuffled anchors give; later anchors replace skipped ones."""
    order = np.random.default_rng([setting.seed, split]).permutation(candidates(corpus, setting, split))
    chunks = [order[at : at + CHUNK] for at in range(0, max(len(order), 1), CHUNK)]  # one empty chunk if no anchor
    found = 0
    for chunk, drawn in zip(chunks, _in_order(corpus, setting, split, chunks, workers), strict=False):
        kept = min(len(drawn.pairs.anchors), count - found)
        found += kept
        if found == count:
            skipped = _skipped_before(chunk, drawn.pairs.anchors, kept)
            yield Drawn(_head(drawn.pairs, kept), skipped, drawn.cut)
            return
        yield drawn


def candidates(corpus: Corpus, setting: Setting, split: int) -> np.ndarray:
    """What may be an anchor in a split: by default its sentences of at least ``SHORTEST_ANCHOR`` tokens."""
    module = registry.get("views", setting.family)
    if hasattr(module, "candidates"):
        return module.candidates(corpus, split, setting.params)
    of_split = np.repeat(corpus.split == split, np.diff(corpus.documents))
    return np.flatnonzero(of_split & (corpus.sentences.lengths >= SHORTEST_ANCHOR))


def _check(setting: Setting, name: str, found: int, count: int) -> None:
    if count and not found:
        raise ValueError(f"views: {setting.family} drew no pair from the {name} documents; are they too short?")
    if found < count:
        log.warning("%s: %d of %d pairs in %s, no more anchors", setting.family, found, count, name)


def _own_facts(corpus: Corpus, setting: Setting) -> dict[str, Any]:
    module = registry.get("views", setting.family)
    return module.facts(corpus, setting.params) if hasattr(module, "facts") else {}


def _in_order(corpus: Corpus, setting: Setting, split: int, chunks: list[np.ndarray], workers: int) -> Iterator[Drawn]:
    """Chunks drawn in their order, at most ``2 * workers`` ahead of the one that is used."""
    waiting: deque[Future[Drawn]] = deque()
    with ThreadPoolExecutor(workers) as executor:
        for number, anchors in enumerate(chunks):
            waiting.append(executor.submit(_draw_chunk, corpus, setting, split, number, anchors))
            if len(waiting) == 2 * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _draw_chunk(corpus: Corpus, setting: Setting, split: int, number: int, anchors: np.ndarray) -> Drawn:
    rng = np.random.default_rng([setting.seed, split, number])
    pairs = registry.get("views", setting.family).draw(corpus, anchors, rng, setting.params)
    longest = setting.max_tokens - SPECIAL_TOKENS
    dtype = corpus.sentences.ids.dtype
    views = tuple(_clip(view, longest, dtype) for view in pairs.views)
    cut = sum(int((view.lengths > longest).sum()) for view in pairs.views)
    own = np.asarray(pairs.anchors)
    documents = np.where(own < 0, own, corpus.document_of(own)) if pairs.documents is None else pairs.documents
    made = replace(pairs, views=views, anchors=own, documents=documents)
    return Drawn(made, len(anchors) - len(own), cut)


def _skipped_before(chunk: np.ndarray, anchors: np.ndarray, kept: int) -> int:
    """Anchors of the chunk that were passed over before the last pair that is kept."""
    return int(np.flatnonzero(chunk == anchors[kept - 1])[0]) + 1 - kept if kept else 0


def _clip(rows: Ragged, longest: int, dtype: np.dtype) -> Ragged:
    cut = slices(rows.ids, rows.offsets[:-1], np.minimum(rows.lengths, longest))
    return Ragged(cut.ids.astype(dtype, copy=False), cut.offsets)


def _head(pairs: Pairs, count: int) -> Pairs:
    if count == len(pairs.anchors):
        return pairs
    views = tuple(view.take(np.arange(count)) for view in pairs.views)
    labels, documents = (None if rows is None else rows[:count] for rows in (pairs.labels, pairs.documents))
    return Pairs(views, pairs.anchors[:count], labels, documents)


def _join(parts: list[Pairs]) -> Pairs:
    views = [concatenated(same) for same in zip(*(part.views for part in parts), strict=True)]
    labels = [part.labels for part in parts if part.labels is not None]
    documents = [part.documents for part in parts if part.documents is not None]
    return Pairs(
        tuple(views),
        np.concatenate([part.anchors for part in parts]),
        np.concatenate(labels) if labels else None,
        np.concatenate(documents) if documents else None,
    )
