"""Every estimator and critic on joined real texts of known information; one small file a run, as in ``calibrate``."""

from __future__ import annotations

import hashlib
import math
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from rich.progress import track

from infoviews import registry
from infoviews.calibration import joined, labelled
from infoviews.calibration.calibrate import Training, read, trainings
from infoviews.contracts import Estimate
from infoviews.files import read_json, write_json
from infoviews.information.axis import CHOSEN, floored
from infoviews.information.closed import CLOSED, closed, scored
from infoviews.information.critic import Fit
from infoviews.information.estimate import STATISTICS, measure
from infoviews.information.fit import fit_critic
from infoviews.information.measure import Params, judged_estimates
from infoviews.information.reading import Reading
from infoviews.information.tokens import fit_tokens
from infoviews.language.joined import channel, draw

LEVELS = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0)
"""Nats that the classes of the two sides share."""

PAIRS, K, BOOTSTRAP = 8192, 2048, 200
"""Pairs that fit one critic alone, held-out pairs (all of them candidates), and replicates behind an interval."""

STAGE_PAIRS, STAGE_K, STAGE_STEPS = 65536, 8192, 1500
"""The same pairs for what the ``information`` stage does, and steps of its critics: those of a study of real texts."""

DIMENSION = 64
"""Most axes of the critic on tokens."""


@dataclass(frozen=True)
class Critic:
    """How one critic is fitted, and to how many times ``PAIRS``."""

    how: Fit = Fit(steps=300)
    more: int = 1


def stage() -> Params:
    """What the ``information`` stage is told of features, for the axis alone."""
    return Params({"infonce": {}}, num_steps=STAGE_STEPS, k=STAGE_K, bootstrap=BOOTSTRAP)


def intervals() -> dict[str, Critic]:
    """Single critics whose estimates come with intervals: on features with and without a start, and on tokens.

    ``features-plain`` has neither normal scores nor a Gaussian to start from: texts of two classes are two clouds, and
    a Gaussian is not close to that. ``…-more-pairs`` is fitted to eight times the pairs, for longer.
    """
    plain = replace(Critic().how.alone(), steps=600, patience=12)
    return {
        "features": Critic(),
        "features-plain": Critic(plain),
        "tokens": Critic(),
        "features-more-pairs": Critic(replace(Critic().how, steps=1500, patience=20), more=8),
        "features-plain-more-pairs": Critic(replace(plain, steps=1500, patience=20), more=8),
    }


def bounds() -> dict[str, Training]:
    """The critics of ``calibrate``, one for each bound, on features; bare estimates, for the bias alone."""
    found = {f"bound-{name}": training for name, training in trainings().items() if training.widest == math.inf}
    return {name: training for name, training in found.items() if name not in ("bound-infonce", "bound-infonce-plain")}


def critics() -> list[str]:
    """Names of everything that is fitted: the stage's choice, the ones with intervals, and the other bounds."""
    return [CHOSEN, *intervals(), *bounds()]


@dataclass(frozen=True)
class Run:
    """One fit: the collection, the information of its classes, the critic and the repetition."""

    kind: str
    level: float
    critic: str
    seed: int

    @property
    def key(self) -> str:
        """Changes with what is fitted and drawn: results on file stay good till then."""
        how = intervals().get(self.critic) or bounds().get(self.critic) or (stage(), STAGE_PAIRS, stage().how)
        texts = (labelled.WIDTH, labelled.EPOCHS, labelled.VOCABULARY, labelled.LEARNED, labelled.MOST)
        kind = labelled.kinds()[self.kind]
        given = (PAIRS, K, BOOTSTRAP, DIMENSION, tuple(STATISTICS), how, texts, kind.words, kind.clear)
        return hashlib.blake2b(repr(given).encode(), digest_size=4).hexdigest()

    @property
    def file(self) -> str:
        return f"{self.kind}/{self.critic}-{self.level:g}-s{self.seed}.json"


def study(
    work: Path,
    mirror: Path,
    runs: list[Run],
    earlier: list[dict[str, Any]] | None = None,
) -> list[dict[str, Any]]:
    """Make what is on file neither in ``work`` nor among ``earlier`` records; one record an estimate.

    Raises:
        KeyError: an unknown collection or critic. SourceError: the mirror lacks the texts.
    """
    for run in runs:
        for given, known in ((run.kind, list(labelled.kinds())), (run.critic, critics())):
            if given not in known:
                near = registry.nearest(given, known)
                raise KeyError(f"calibrate-texts: no {given!r}{near}; known: {', '.join(known)}")
    past: dict[tuple, list[dict[str, Any]]] = {}
    for record in earlier or []:
        past.setdefault((record["kind"], record["level"], record["critic"], record["seed"], record["key"]), []).append(
            record
        )
    records: list[dict[str, Any]] = []
    for run in track(runs, transient=True):
        file = work / run.file
        made = past.get((run.kind, run.level, run.critic, run.seed, run.key))
        if made is None and file.is_file():
            made = read_json(file)
        if not made or made[0]["key"] != run.key:
            made = one(run, labelled.load(labelled.kinds()[run.kind], mirror, work / f"{run.kind}.npz"))
            write_json(file, made)
        records += made
    return records


def one(run: Run, texts: labelled.Texts) -> list[dict[str, Any]]:
    """Draw a repetition's pairs from documents parted anew, fit one critic and read it."""
    through = channel(int(texts.labels.max()) + 1, run.level)
    rng = np.random.default_rng([run.seed, round(1000 * run.level)])
    critic, heldout = texts.halves(run.seed)
    more = intervals()[run.critic].more if run.critic in intervals() else 1
    fitting, k = (STAGE_PAIRS, STAGE_K) if run.critic == CHOSEN else (more * PAIRS, K)
    sizes = ((critic, fitting), (heldout, k))
    drawn = [draw(through, texts.labels, part, n, rng) for part, n in sizes]
    began = time.perf_counter()
    if run.critic == CHOSEN:
        made = _by_stage(drawn, texts, run.seed)
    elif run.critic in bounds():
        made = _bare(drawn, texts, bounds()[run.critic], run.seed)
    else:
        made = _with_intervals(drawn, texts, run.critic, run.seed)
    shared = {"kind": run.kind, "level": run.level, "critic": run.critic, "seed": run.seed, "key": run.key}
    seconds = round(time.perf_counter() - began, 3)
    return [{**shared, "seconds": seconds, **record} for record in made]


Drawn = list[tuple[np.ndarray, np.ndarray]]


def _with_intervals(drawn: Drawn, texts: labelled.Texts, critic: str, seed: int) -> list[dict[str, Any]]:
    given, tokens = intervals()[critic], critic == "tokens"
    join = joined.joined_tokens if tokens else joined.joined_features
    fitting, measured = ((join(texts, x), join(texts, y)) for x, y in drawn)
    fitted = fit_tokens(*fitting, given.how, DIMENSION, seed) if tokens else fit_critic(*fitting, given.how, seed)
    read_by: dict[str, dict[str, Any]] = {name: {} for name in STATISTICS}
    found = measure(fitted, *measured, read_by, critic, K, BOOTSTRAP, seed)
    if critic == "features":
        scores = scored(fitting, measured)
        found += [closed(name, scores, critic) for name in CLOSED]
    return [_record(floored(e)) for e in found]


def _by_stage(drawn: Drawn, texts: labelled.Texts, seed: int) -> list[dict[str, Any]]:
    fitting, measured = ((joined.joined_features(texts, x), joined.joined_features(texts, y)) for x, y in drawn)
    found = judged_estimates([Reading("features", fitting, measured)], stage(), seed)
    return [{**_record(e), "verdict": e.notes["verdict"]} for e in found if e.features == CHOSEN]


def _bare(drawn: Drawn, texts: labelled.Texts, training: Training, seed: int) -> list[dict[str, Any]]:
    sides = [(joined.joined_features(texts, x), joined.joined_features(texts, y)) for x, y in drawn]
    values = read(fit_critic(*sides[0], training.how, seed), *sides[1], training)
    empty = {"low": None, "high": None, "flag": "", "validation": None}
    return [{"estimator": name, "estimate": _finite(value), **empty} for name, value in values.items()]


def _record(estimate: Estimate) -> dict[str, Any]:
    validation = estimate.notes.get("fit", {}).get("validation", math.nan)
    return {
        "estimator": estimate.estimator,
        "estimate": _finite(estimate.estimate),
        "low": _finite(estimate.low),
        "high": _finite(estimate.high),
        "flag": estimate.flag,
        "validation": _finite(-validation),
    }


def _finite(value: float) -> float | None:
    return round(value, 6) if math.isfinite(value) else None
