"""The stage: I(v1; v2) of one view setting, on the features of each named encoder, by each named estimator."""

from __future__ import annotations

import dataclasses
import logging
import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from infoviews import registry
from infoviews.contracts import SPLITS, Estimate
from infoviews.encoders.checkpoint import load
from infoviews.encoders.embed import embed_rows
from infoviews.information.critic import Fit
from infoviews.information.estimate import measure
from infoviews.information.fit import fit_critic
from infoviews.information.gaussian import canonical, gaussian_information
from infoviews.information.nearest import ksg, principal_components
from infoviews.information.preparation import Preparation, prepare
from infoviews.information.tokens import FEATURES, fit_tokens
from infoviews.information.words import padded
from infoviews.pairs import read_facts, read_pairs

log = logging.getLogger(__name__)

CLOSED = ("cca", "ksg")
"""Estimators that need no critic."""

DETERMINED = 1 - 1e-6
"""Canonical correlation above which one view tells a direction of the other exactly."""


@dataclass(frozen=True)
class Params:
    """The ``information`` part of a study.

    Attributes:
        features: bases whose features are used; named here for the workflow, which passes their folders.
        estimators: name → parameters; ``infonce``, ``dv``, ``nwj``, ``smile`` by critic, ``cca``, ``ksg`` without.
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


def run(spec: dict[str, Any], views: Path, encoders: dict[str, Path]) -> dict[str, Any]:
    """Measure one view setting.

    Args:
        spec: ``setting``, ``seed`` and ``information`` (see ``Params``).
        views: folder of the setting's pairs; the first two views are measured.
        encoders: name of the features → checkpoint folder. They are frozen, so each value is a lower bound of what
            the texts share, as far as features lose some of it.

    Returns:
        ``setting``, ``exact`` (known information of synthetic views, or ``None``) and ``estimates``, nats.
    """
    params = _params(spec["information"])
    facts = read_facts(views)
    found: list[Estimate] = []
    for name, folder in encoders.items():
        sides = {split: features(views, split, folder, facts, params, spec["seed"]) for split in ("critic", "heldout")}
        found += estimates(sides["critic"], sides["heldout"], name, params, spec["seed"])
        log.info("%s, %s: %s", spec["setting"], name, {e.estimator: round(e.estimate, 3) for e in found[-9:]})
    if params.tokens is not None and facts.get("dropout") is None:  # dropout views differ in masks, not in tokens
        found += by_tokens(views, params, spec["seed"])
    return {"setting": spec["setting"], "exact": facts.get("exact"), "estimates": [_plain(e) for e in found]}


def estimates(
    critic: tuple[np.ndarray, np.ndarray], heldout: tuple[np.ndarray, np.ndarray], name: str, params: Params, seed: int
) -> list[Estimate]:
    """All estimators on one kind of features.

    Args:
        critic, heldout: features x (n, d) and y (n, d) of the two splits.
        name: of the features.
    """
    learned = {e: given for e, given in params.estimators.items() if e not in CLOSED}
    closed = [e for e in params.estimators if e in CLOSED]
    scores = [prepare(side, whiten=False) for side in critic] if closed else []
    found = [_closed(e, scores, critic, heldout, name) for e in closed]
    if learned:
        ((kind, given),) = params.critic.items()
        how = Fit(kind, given, params.objective, steps=params.num_steps, batch=params.batch_size)
        fitted = fit_critic(*critic, how, seed)
        found += measure(fitted, *heldout, learned, name, params.k, params.bootstrap, seed)
    return found


def by_tokens(views: Path, params: Params, seed: int) -> list[Estimate]:
    """The estimators that read a critic, on one that is trained on the tokens themselves."""
    assert params.tokens is not None
    learned = {e: given for e, given in params.estimators.items() if e not in CLOSED}
    critic, heldout = (token_ids(views, split, params, seed) for split in SPLITS[1:])
    how = Fit(objective=params.objective, steps=params.num_steps, batch=params.batch_size)
    fitted = fit_tokens(*critic, how, params.tokens["dimension"], seed)
    return measure(fitted, *heldout, learned, FEATURES, params.k, params.bootstrap, seed)


def token_ids(views: Path, split: str, params: Params, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Padded token ids of both views, (n, T) and (n, T')."""
    pairs = read_pairs(views, split)
    rows = chosen_rows(len(pairs.anchors), split, params, seed)
    return padded(pairs.views[0].take(rows)), padded(pairs.views[1].take(rows))


def chosen_rows(n: int, split: str, params: Params, seed: int) -> np.ndarray:
    """Which of a split's n pairs are used, in order; the same for all features."""
    return np.sort(np.random.default_rng([seed, 0x726F7773]).permutation(n)[: params.pairs.get(split, n)])


def features(
    views: Path, split: str, folder: Path, facts: dict[str, Any], params: Params, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Features of both views (n, d); where dropout is what tells the views apart, each has its own dropout masks."""
    pairs = read_pairs(views, split)
    rows = chosen_rows(len(pairs.anchors), split, params, seed)
    encoder = load(folder)
    made = [
        embed_rows(encoder, view.take(rows), facts.get("dropout"), seed=1000 * seed + index)
        for index, view in enumerate(pairs.views[:2])
    ]
    return made[0], made[1]


def _closed(
    estimator: str,
    scores: list[Preparation],
    critic: tuple[np.ndarray, np.ndarray],
    heldout: tuple[np.ndarray, np.ndarray],
    name: str,
) -> Estimate:
    """Gaussian information of normal scores, or nearest neighbours on five principal components, with 95 % intervals.

    Intervals are asymptotic: the variance of Gaussian information is sum rho^2 / n, that of an average of local
    values their variance / n. Gaussian information has no value (flag ``determined``) where a direction of one view is
    a function of the other, as where both have the same features: it is infinite. Above log n it rests on the Gaussian
    form alone, since n pairs cannot show more (McAllester and Stratos, 2020), and is flagged so.
    """
    x, y = (score(side) for score, side in zip(scores, heldout, strict=True))
    n, flag = len(x), ""
    try:
        if estimator == "cca":
            value, notes = gaussian_information(x, y), {"reads": "Gaussian"}
            correlations = canonical(x, y)[2]
            if correlations.max(initial=0) > DETERMINED:
                return _absent(estimator, name, n, "determined", "a direction of one view is told by the other exactly")
            error = math.sqrt(float((correlations**2).sum()) / n)
            flag = "above log n" if value > math.log(n) else ""
        else:
            axes = [principal_components(score(side)) for score, side in zip(scores, critic, strict=True)]
            local = ksg(x @ axes[0], y @ axes[1])
            value, notes = float(local.mean()), {"reads": "lower bound: principal components only"}
            error = float(local.std()) / math.sqrt(n)
    except ValueError as problem:
        return _absent(estimator, name, n, "failed", str(problem))
    low, high = value - 1.96 * error, value + 1.96 * error
    return Estimate(estimator, name, value, low, high, n, n, math.inf, flag, 0, dict(notes))


def _absent(estimator: str, name: str, n: int, flag: str, why: str) -> Estimate:
    """An estimate without a value; only ``failed`` counts as a failure."""
    failures = int(flag == "failed")
    return Estimate(estimator, name, math.nan, math.nan, math.nan, n, n, math.inf, flag, failures, {"why": why})


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
