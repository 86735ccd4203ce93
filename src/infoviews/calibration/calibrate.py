"""Run every estimator on every task and seed; one small file per run, so that a run broken off goes on."""

from __future__ import annotations

import hashlib
import logging
import math
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from rich.progress import track

from infoviews import devices, registry
from infoviews.calibration.tasks import Task, tasks
from infoviews.files import read_json, write_json
from infoviews.information.critic import Fit
from infoviews.information.estimate import STATISTICS, measure
from infoviews.information.fit import Fitted, fit_critic
from infoviews.information.gaussian import gaussian_information
from infoviews.information.nearest import ksg, principal_components
from infoviews.information.preparation import prepare

log = logging.getLogger(__name__)

PAIRS, FITTED = 10_000, 5_900
"""Pairs of each task, and how many of them fit the critic (900 of these choose its step); the rest are measured."""

FIT = Fit(validation=900)


CHOSEN, CHOICES = "infonce-chosen", ("infonce", "infonce-plain", "infonce-cosines", "infonce-radius")
"""Of these critics, each fitted anyway, the one with the best InfoNCE on the pairs that choose the step is read."""


@dataclass(frozen=True)
class Training:
    """One fitted critic, the estimates that are read from it (name → bound), and the widest sides that it is given."""

    how: Fit
    readings: dict[str, str]
    widest: float = math.inf

    @property
    def key(self) -> str:
        """Changes with what is fitted and read, and with nothing else: results on file stay good till then."""
        return hashlib.blake2b(repr((PAIRS, FITTED, self)).encode(), digest_size=4).hexdigest()


def trainings() -> dict[str, Training]:
    """Every critic that is fitted, with what is read from it; the cheap and telling ones first.

    Each bound trains a critic of its own and reads it; bounds added later join by themselves. ``dv@infonce`` is the
    Donsker-Varadhan reading of a critic that InfoNCE trained, which is how the ``information`` stage measures. A
    critic trained by Jensen-Shannon has no information value of its own; SMILE is a reading of it by definition.
    ``infonce-plain`` has neither normal scores nor a Gaussian start; the networks of ``infonce-cosines`` and
    ``infonce-radius`` see more of each side (see ``information.inputs``). ``infonce-concat`` is one network over the
    pair: a pass for each of 17 million pairs, so it is kept to one coordinate a side.
    """
    found = {
        "infonce": Training(FIT, {"infonce": "infonce", **{f"{b}@infonce": b for b in ("dv", "nwj", "smile")}}),
        "jsd": Training(replace(FIT, objective="jsd"), {"smile": "smile", "dv@jsd": "dv", "nwj@jsd": "nwj"}),
        "infonce-plain": Training(replace(FIT, transform="none", gaussian=False), {"infonce-plain": "infonce"}),
        "infonce-cosines": Training(
            replace(FIT, inputs="cosines", steps=600, patience=12), {"infonce-cosines": "infonce"}
        ),
        "infonce-radius": Training(replace(FIT, inputs="radius"), {"infonce-radius": "infonce"}),
    }
    for name in registry.names("objectives"):
        if name not in {"infonce", "jsd", "smile"}:
            found[name] = Training(replace(FIT, objective=name), {name: name})
    concat = replace(
        FIT, critic="concat", critic_params={"hidden": 32}, transform="none", rate=1e-2, batch=128, steps=600
    )
    return found | {"infonce-concat": Training(concat, {"infonce-concat": "infonce"}, widest=1)}


CLOSED = ("cca", "copula", "ksg")
"""Estimators without a critic: Gaussian, Gaussian after normal scores, and nearest neighbours."""


def estimators() -> list[str]:
    """Names of everything that is compared, critics first."""
    return [name for training in trainings().values() for name in training.readings] + [CHOSEN, *CLOSED]


def calibrate(
    work: Path, names: list[str], wanted: list[str], seeds: int, earlier: list[dict[str, Any]] | None = None
) -> list[dict[str, Any]]:
    """Run what is not on file yet and return one record per task, seed and estimator.

    Args:
        work: folder of the single results.
        names: tasks. wanted: estimators. seeds: 0 .. seeds - 1, each with a sample and weights of its own.
        earlier: records of an earlier run, which count as on file where what is fitted has not changed since.

    Raises:
        KeyError: an unknown task or estimator.
    """
    known = tasks()
    for name, existing in [*((t, list(known)) for t in names), *((e, estimators()) for e in wanted)]:
        if name not in existing:
            raise KeyError(f"calibrate: no {name!r}{registry.nearest(name, existing)}; known: {', '.join(existing)}")
    needed = set(wanted) | (set(CHOICES) if CHOSEN in wanted else set())
    jobs = [job for job, made in _jobs().items() if set(made) & needed]
    past: dict[tuple, list[dict[str, Any]]] = {}
    for record in earlier or []:
        past.setdefault((record["task"], record["seed"], record["job"], record["key"]), []).append(record)
    records: list[dict[str, Any]] = []
    fits = {job: [name for name in names if _width(known[name]) <= _widest(job)] for job in jobs}
    for seed, job, name in track([(s, j, n) for s in range(seeds) for j in jobs for n in fits[j]], transient=True):
        file, key = work / name / f"{job}-s{seed}.json", _key(job)
        made = read_json(file) if file.is_file() else past.get((name, seed, job, key), [])
        if not made or any(record.get("key") != key for record in made):
            made = run_one(name, known[name], job, seed)
            write_json(file, made)
        records += made
    return [record for record in records + chosen(records) if record["estimator"] in wanted]


def chosen(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One record more for each task and seed of which all ``CHOICES`` are there: the one that validation prefers."""
    groups: dict[tuple, list[dict[str, Any]]] = {}
    for record in records:
        if record["estimator"] in CHOICES:
            groups.setdefault((record["task"], record["seed"]), []).append(record)
    found = []
    for group in groups.values():
        if len(group) == len(CHOICES):
            best = max(group, key=lambda record: -math.inf if record["validation"] is None else record["validation"])
            spent = sum(record["seconds"] for record in group)
            found.append({**best, "estimator": CHOSEN, "seconds": spent, "choice": best["estimator"]})
    return found


def run_one(name: str, task: Task, job: str, seed: int) -> list[dict[str, Any]]:
    """Draw a task's pairs and make every estimate of one job; a failed one has no value."""
    key = int.from_bytes(hashlib.blake2b(name.encode(), digest_size=4).digest())
    x, y = task.draw(PAIRS, np.random.default_rng([seed, key]))
    began = time.perf_counter()
    if job in CLOSED:
        values, failures, best = {job: _closed(job, x, y)}, 0, math.nan
    else:
        x, y = _same_width(x, y)
        training = trainings()[job]
        fitted = fit_critic(x[:FITTED], y[:FITTED], training.how, seed)
        values, failures = read(fitted, x[FITTED:], y[FITTED:], training), fitted.failures
        best = -fitted.facts.get("validation", math.nan)
    seconds = round(time.perf_counter() - began, 3)
    shared = {"task": name, "seed": seed, "job": job, "key": _key(job), "seconds": seconds, "failures": failures}
    shared["validation"] = round(best, 6) if math.isfinite(best) else None
    return [{**shared, "estimator": e, "estimate": v if math.isfinite(v) else None} for e, v in values.items()]


def _width(task: Task) -> int:
    return max(side.shape[1] for side in task.draw(2, np.random.default_rng(0)))


def _widest(job: str) -> float:
    return math.inf if job in CLOSED else trainings()[job].widest


def _key(job: str) -> str:
    return "closed" if job in CLOSED else trainings()[job].key


def _jobs() -> dict[str, list[str]]:
    """Job → the estimators that it makes."""
    critics = {name: list(training.readings) for name, training in trainings().items()}
    return critics | {name: [name] for name in CLOSED}


def read(fitted: Fitted, x: np.ndarray, y: np.ndarray, training: Training) -> dict[str, float]:
    """Every reading of one critic on the measured pairs, in one matrix."""
    shared: dict[str, dict[str, Any]] = {bound: {} for bound in training.readings.values() if bound in STATISTICS}
    found = {e.estimator: e.estimate for e in measure(fitted, x, y, shared, "", len(x), bootstrap=0)} if shared else {}
    values = {}
    for reading, bound in training.readings.items():
        if bound in found:  # the same as below, in chunks, as the information stage reads it
            values[reading] = found[bound]
            continue
        module = registry.get("objectives", bound)
        try:
            fitted = fitted.to(devices.best())
            sides = [torch.from_numpy(prepared).to(fitted.device) for prepared in (fitted.x(x), fitted.y(y))]
            scores = fitted.scores(*sides) + module.OPTIMUM
            values[reading] = module.bound(scores, module.Params(), fitted.state).value.item()
        except FloatingPointError as error:
            log.warning("%s: %s", reading, error)
            values[reading] = math.nan
    return values


def _closed(name: str, x: np.ndarray, y: np.ndarray) -> float:
    """Estimators without a critic: maps from the first part; Gaussian values from the whole sample."""
    if name == "cca":
        return gaussian_information(x, y)
    if name == "copula":
        return gaussian_information(prepare(x)(x), prepare(y)(y))
    sides = [prepare(side[:FITTED], whiten=False)(side) for side in (x, y)]
    px, py = (side if side.shape[1] <= 5 else side @ principal_components(side[:FITTED]) for side in sides)
    return float(ksg(px[FITTED:], py[FITTED:]).mean())


def _same_width(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pad the narrower side with zeros: critics take both sides of one width."""
    width = max(x.shape[1], y.shape[1])
    padded = [np.pad(side, ((0, 0), (0, width - side.shape[1]))) for side in (x, y)]
    return padded[0], padded[1]
