"""The stage: I(v1; v2) of one view setting, on the features of each named encoder, by each named estimator."""

from __future__ import annotations

import dataclasses
import logging
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from infoviews import registry
from infoviews.contracts import SPLITS, Estimate
from infoviews.encoders.checkpoint import load
from infoviews.encoders.embed import embed_rows
from infoviews.information.axis import IDENTICAL, QUANTITY, chosen, compared, floored, judged
from infoviews.information.closed import CLOSED, absent, closed
from infoviews.information.critic import Fit
from infoviews.information.estimate import measure
from infoviews.information.part import Sides
from infoviews.information.reading import Reading, equal, repeated
from infoviews.information.tokens import FEATURES
from infoviews.information.trust import trust, upper
from infoviews.information.words import padded
from infoviews.pairs import read_facts, read_pairs

log = logging.getLogger(__name__)

FAILURES = (ValueError, FloatingPointError, np.linalg.LinAlgError)
"""What an estimator raises where it cannot read a setting; another error is one of the program."""


@dataclass(frozen=True)
class Params:
    """The ``information`` part of a study.

    Attributes:
        features: bases whose features are used; named here for the workflow, which passes their folders.
        estimators: name → parameters; ``infonce``, ``dv``, ``nwj``, ``smile``, ``jsdbound`` by critic, ``cca``, ``ksg``
            without.
        critic: one module of ``critics`` and its parameters.
        objective: the bound that trains the critic.
        k: candidates of InfoNCE.
        pairs: most pairs of a split that are used; all where it is not named.
        steps, batch: of the critic's training. bootstrap: replicates of the intervals.
        tokens: ``dimension`` of a critic that is itself a small encoder trained on the tokens; its estimates stand
            beside those on frozen features, under the name ``tokens``. None where it is not named.
    """

    estimators: dict[str, dict[str, Any]]
    features: list[str] = field(default_factory=list)
    critic: dict[str, dict[str, Any]] = field(default_factory=lambda: {"separable": {}})
    objective: str = "infonce"
    k: int = 4096
    pairs: dict[str, int] = field(default_factory=dict)
    num_steps: int = 300
    batch_size: int = 256
    bootstrap: int = 200
    tokens: dict[str, int] | None = None

    def __post_init__(self) -> None:
        if len(self.critic) != 1:
            raise ValueError(f"information.critic names {len(self.critic)} critics; it must name one")
        if self.k < 2:
            raise ValueError(f"information.k is {self.k}; InfoNCE needs at least 2 candidates")
        if self.tokens is not None and (set(self.tokens) != {"dimension"} or self.tokens["dimension"] < 2):
            raise ValueError(f"information.tokens is {self.tokens}; it takes one key, dimension, of at least 2")

    @property
    def how(self) -> Fit:
        """How every critic is fitted; half of the steps may go by without a better one before it stops."""
        ((kind, given),) = self.critic.items()
        patience = max(Fit.patience, self.num_steps // (2 * Fit.every))
        return Fit(kind, given, self.objective, steps=self.num_steps, batch=self.batch_size, patience=patience)


def run(spec: dict[str, Any], views: Path, encoders: dict[str, Path]) -> dict[str, Any]:
    """Measure one view setting.

    Args:
        spec: ``setting``, ``seed`` and ``information`` (see ``Params``).
        views: folder of the setting's pairs; the first two views are measured.
        encoders: name of the features → checkpoint folder. They are frozen, so each value is a lower bound of what
            the views share, as far as features lose some of it.

    Returns:
        ``setting``, ``exact`` (known information of synthetic views, or ``None``), ``quantity`` (what is measured, in
        a sentence), ``texts`` (share of held-out pairs with ``equal`` texts, and of second texts that are
        ``repeated`` among the candidates) and ``estimates``, nats: every reading of the views, and ``chosen``, the
        one for the axis. A reading that fails on this setting is on record as such, and the others go on.
    """
    params, facts = _params(spec["information"]), read_facts(views)
    texts = {split: token_ids(views, split, params, spec["seed"]) for split in SPLITS[1:]}
    log.info("measuring %s", spec["setting"])
    readings = _readings(views, encoders, texts, params, spec["seed"])
    said = {"equal": equal(*texts["heldout"]), "repeated": repeated(texts["heldout"][1])}
    return {
        "setting": spec["setting"],
        "exact": None if counted(facts) else facts.get("exact"),  # known of the texts, not of what dropout leaves
        "quantity": QUANTITY,
        "texts": said,
        "estimates": [_plain(e) for e in judged_estimates(readings, params, spec["seed"])],
    }


def judged_estimates(readings: Iterable[Reading], params: Params, seed: int) -> list[Estimate]:
    """Every estimator on every reading, and those of the critic that did best once more as ``axis.CHOSEN``.

    Each has ``verdict`` and ``because`` in its notes (see ``axis.verdict``).
    """
    found: list[Estimate] = []
    made: dict[str, Reading] = {}
    for reading in readings:
        made[reading.name] = reading
        found += estimates_of(reading, params, seed)
        log.info("%s: %s", reading.name, {e.estimator: round(e.estimate, 3) for e in found[-9:]})
    found += _trusted(chosen(found), made, params, seed)
    return judged(compared([floored(e) for e in found]))


def estimates(
    critic: Sides,
    heldout: Sides,
    name: str,
    params: Params,
    seed: int,
    documents: np.ndarray | None = None,
) -> list[Estimate]:
    """All estimators on one kind of features; ``axis.chosen`` picks among the estimates of several kinds.

    Args:
        critic, heldout: features x (n, d) and y (n, d) of the two splits.
        name: of the features. documents: of the held-out pairs (n,), for the intervals.
    """
    return estimates_of(Reading(name, critic, heldout, None, documents), params, seed)


def by_tokens(
    critic: Sides, heldout: Sides, params: Params, seed: int, documents: np.ndarray | None = None
) -> list[Estimate]:
    """The estimators that read a critic, on one that is trained on padded token ids (n, T), -1 where a text ended."""
    assert params.tokens is not None
    return estimates_of(Reading(FEATURES, critic, heldout, params.tokens["dimension"], documents), params, seed)


def estimates_of(reading: Reading, params: Params, seed: int) -> list[Estimate]:
    """All estimators on one reading of the views; where one fails, its estimate says why."""
    found: list[Estimate] = []
    learned = {e: given for e, given in params.estimators.items() if e not in CLOSED}
    for name in () if reading.dimension is not None else CLOSED:
        if name in params.estimators:
            try:
                found.append(closed(name, reading.scores, reading.name))
            except FAILURES as problem:
                found.append(absent(name, reading.name, len(reading.heldout[0]), "failed", str(problem)))
    if learned:
        try:
            x, y = reading.heldout
            how = (learned, reading.name, params.k, params.bootstrap, seed, reading.documents)
            found += measure(reading.fit(params.how, seed), x, y, *how)
        except FAILURES as problem:
            found += [absent(e, reading.name, len(reading.heldout[0]), "failed", str(problem)) for e in learned]
    if reading.is_one():
        found = [e if e.flag in ("failed", "determined") else replace(e, flag=IDENTICAL) for e in found]
    return found


def _readings(
    views: Path, encoders: dict[str, Path], texts: dict[str, Sides], params: Params, seed: int
) -> Iterator[Reading]:
    """Features of every encoder and, unless the setting names a dropout that counts, the tokens, which have none."""
    rate, documents = counted(read_facts(views)), heldout_documents(views, params, seed)
    for name, folder in encoders.items():
        critic, heldout = (features(views, split, folder, rate, params, seed) for split in SPLITS[1:])
        yield Reading(name, critic, heldout, None, documents)
    if params.tokens is not None and rate is None:
        yield Reading(FEATURES, texts["critic"], texts["heldout"], params.tokens["dimension"], documents)


def _trusted(found: list[Estimate], made: dict[str, Reading], params: Params, seed: int) -> list[Estimate]:
    """The chosen estimates with the checks of ``trust`` in their notes, where InfoNCE is among them.

    They raise the upper end of InfoNCE's interval (see ``trust.upper``).
    """
    value = next((e for e in found if e.estimator == "infonce" and e.flag != IDENTICAL), None)
    if value is None:
        return found
    try:
        how = params.how if value.notes["fit"]["gaussian"] else params.how.alone()
        checked = trust(made[value.notes["by"]], value.estimate, how, params.k, seed)
    except FAILURES as problem:
        log.warning("no checks of the chosen estimate: %s", problem)
        return found
    notes = {"trust": {"value": value.estimate, **checked}}
    found = [replace(e, high=upper(e.high, e.estimate, checked, e.ceiling)) if e is value else e for e in found]
    return [replace(e, notes=e.notes | notes) for e in found]


def token_ids(views: Path, split: str, params: Params, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Padded token ids of both views, (n, T) and (n, T')."""
    pairs = read_pairs(views, split)
    rows = chosen_rows(len(pairs.anchors), split, params, seed)
    return padded(pairs.views[0].take(rows)), padded(pairs.views[1].take(rows))


def chosen_rows(n: int, split: str, params: Params, seed: int) -> np.ndarray:
    """Which of a split's n pairs are used, in order; the same for all features."""
    return np.sort(np.random.default_rng([seed, 0x726F7773]).permutation(n)[: params.pairs.get(split, n)])


def heldout_documents(views: Path, params: Params, seed: int) -> np.ndarray | None:
    """The document of each held-out pair that is used (n,), or ``None`` where the views do not say."""
    documents = read_pairs(views, "heldout").documents
    return None if documents is None else documents[chosen_rows(len(documents), "heldout", params, seed)]


def counted(facts: dict[str, Any]) -> float | None:
    """The dropout that is part of a setting's views: the rate that the setting names, where it is above 0."""
    return facts.get("dropout") or None


def features(
    views: Path, split: str, folder: Path, dropout: float | None, params: Params, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Features of both views (n, d); where dropout counts, each view has its own dropout masks."""
    pairs = read_pairs(views, split)
    rows = chosen_rows(len(pairs.anchors), split, params, seed)
    encoder = load(folder)
    made = [
        embed_rows(encoder, view.take(rows), dropout, seed=1000 * seed + index)
        for index, view in enumerate(pairs.views[:2])
    ]
    return made[0], made[1]


def _params(given: dict[str, Any]) -> Params:
    known = [f.name for f in dataclasses.fields(Params)]
    for key in given:
        if key not in known:
            raise KeyError(f"information: unknown key {key!r}{registry.nearest(key, known)}; known: {', '.join(known)}")
    return Params(**given)


def _plain(estimate: Estimate) -> dict[str, Any]:
    """A mapping for JSON, which has neither NaN nor infinity: absent values and ceilings are null."""
    record = dataclasses.asdict(estimate)
    return {k: None if isinstance(v, float) and not math.isfinite(v) else v for k, v in record.items()}
