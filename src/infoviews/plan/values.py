"""Values of a study that its modules, or each other, do not allow: found before any job starts.

Importing this, and every module that a study names, takes seconds; ``params.validate`` does what needs neither.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from infoviews import registry
from infoviews.corpus import spec as corpus
from infoviews.encoders.architectures import bert
from infoviews.information import measure
from infoviews.plan import made_up, phases
from infoviews.plan.cells import cells
from infoviews.plan.params import named_modules
from infoviews.plan.specs import start_of, written_out
from infoviews.pretrain.rehearsal import rehearse
from infoviews.training.loop import Optimisation
from infoviews.training.passes import Passes

Study = dict[str, Any]
Faults = Iterator[tuple[str, str]]
"""Where in the study, and what is wrong there."""

FEWEST = 20
"""Pairs of the critic's and of the held-out documents that a measurement needs."""


def check(where: str, study: Study) -> None:
    """Fill every ``Params`` that the study names, and compare the keys that bind each other.

    Raises:
        ValueError: the first fault: where, what was given and what is allowed.
    """
    for faults in (_parameters, _lengths, _counts, _information, _training, _bases, _files, made_up.faults, _cells):
        for path, message in faults(study):
            raise ValueError(f"{where}.{path}: {message}")


def _attempt(path: str, act: Callable[..., Any], *given: Any) -> Faults:
    """The fault that an error of ``act`` tells of, if there is one."""
    try:
        act(*given)
    except (KeyError, ValueError, RuntimeError) as error:
        yield path, str(error.args[0]).splitlines()[0]


def _parameters(study: Study) -> Faults:
    for path, concept, name, given in named_modules(study):
        yield from _attempt(path, registry.parameters, registry.get(concept, name), given)
    for part, module in (("corpus", corpus), ("information", measure)):
        yield from _attempt(part, registry.parameters, module, study[part])
    settings = dict(study["pretrain"])
    passes = {key: settings.pop(key) for key in ("chunk", "recompute") if key in settings}
    steps = {key: value for key, value in settings.items() if key not in ("batch_size", "mask_duplicates", "compile")}
    for kind, values in ((Optimisation, steps), (Passes, passes)):
        yield from _attempt("pretrain", registry.filled, kind, kind.__name__, values)


def _lengths(study: Study) -> Faults:
    given, read = study["views"]["max_tokens"], shape_of(study).max_tokens
    if given > read:
        yield (
            "views.max_tokens",
            f"given {given}, but the encoder reads {read} (encoder.bert.max_tokens), so that information would be "
            f"measured on longer texts than it sees; allowed: at most {read}, or a longer encoder",
        )


def _counts(study: Study) -> Faults:
    counts, batch, processes = study["views"]["counts"], study["pretrain"]["batch_size"], study["gpu"]
    if batch > counts["train"]:
        yield "pretrain.batch_size", f"given {batch}; allowed: at most views.counts.train, {counts['train']} pairs"
    if processes > 1 and batch % processes:
        yield "pretrain.batch_size", f"given {batch}; allowed: multiples of gpu, {processes}, which share each batch"
    for split in ("critic", "heldout"):
        if counts[split] < FEWEST:
            yield f"views.counts.{split}", f"given {counts[split]}; allowed: at least {FEWEST}, to measure information"
        if study["corpus"].get("split", {}).get(split) == 0:
            yield f"corpus.split.{split}", f"given 0, but views.counts.{split} asks for {counts[split]} pairs"


def _information(study: Study) -> Faults:
    given, counts = study["information"], study["views"]["counts"]
    for split, pairs in given.get("pairs", {}).items():
        if not FEWEST <= pairs <= counts[split]:
            yield (
                f"information.pairs.{split}",
                f"given {pairs}; allowed: {FEWEST} to views.counts.{split}, {counts[split]} pairs",
            )
    measured = given.get("pairs", {}).get("heldout", counts["heldout"])
    if given.get("k", 2) > measured:
        yield (
            "information.k",
            f"given {given['k']}; allowed: at most {measured}, the held-out pairs that are measured, since InfoNCE "
            "draws its candidates from them",
        )
    sweetspot = study["sweetspot"]
    if sweetspot.get("features") == "tokens" and sweetspot.get("estimator", "infonce") in ("cca", "ksg"):
        yield "sweetspot.estimator", f"given {sweetspot['estimator']!r}, which is not measured on features tokens"


def _training(study: Study) -> Faults:
    """Keys of an objective that the batch or the critic binds."""
    batch = study["pretrain"]["batch_size"]
    for name, objective in study["objectives"].items():
        queue = objective.get("additions", {}).get("queue", {})
        size = None if queue is None else queue.get("size")
        if size is not None and size < batch:
            yield (
                f"objectives.{name}.additions.queue.size",
                f"given {size}; allowed: at least a batch, pretrain.batch_size {batch}",
            )
        ((_, critic),) = objective["critic"].items()
        layers = objective.get("contrast", {}).get("layers", {"clip": None}) or {}
        if (critic or {}).get("clip") is not None and layers.get("clip", 10.0) is not None:
            yield f"objectives.{name}.contrast.layers.clip", "the critic has a clip, too; give one of the two"


def _bases(study: Study) -> Faults:
    for base, kinds in study["bases"].items():
        ((kind, given),) = kinds.items()
        following, chain = phases.initial_of(study, base), [base]
        while following is not None:
            chain.append(following)
            if following in chain[:-1]:
                yield f"bases.{base}.initial", f"bases start from each other in a circle: {' from '.join(chain)}"
                return
            following = phases.initial_of(study, following)
        initial = phases.initial_of(study, base)
        if initial is not None and static(study, initial):
            yield f"bases.{base}.initial", f"given {initial!r}, which holds word vectors alone; take another base"
        if initial is not None and kind in ("average", "mlm") and phases.architecture(study, initial):
            yield f"bases.{base}.initial", f"given {initial!r}, but {kind} takes only encoders like BERT"
    for name in study["objectives"]:
        start = start_of(study, name)
        if static(study, start):
            yield (
                "start" if start == study["start"] else f"objectives.{name}.start",
                f"given {start!r}, which holds word vectors alone, with nothing to pretrain; take another base",
            )


def _files(study: Study) -> Faults:
    """Paths that the study itself names must be there."""
    paths = [
        (f"bases.{base}.folder.path", (kinds.get("folder") or {}).get("path")) for base, kinds in study["bases"].items()
    ]
    paths += [
        (f"views.settings.{name}.params.file", (view.get("params") or {}).get("file"))
        for name, view in study["views"]["settings"].items()
    ]
    paths.append(("corpus.source.text.path", (study["corpus"]["source"].get("text") or {}).get("path")))
    for where, path in paths:
        if path is not None and not Path(path).exists():
            yield where, f"given {path!r}, where there is nothing"
    if study["corpus"].get("tokenizer") and "vocabulary" in study["corpus"]:
        yield "corpus.vocabulary", "a tokenizer is given, which has its own vocabulary; leave one of the two out"
    if study["corpus"].get("tokenizer_revision") and not study["corpus"].get("tokenizer"):
        yield "corpus.tokenizer_revision", "no tokenizer is given that it could be the revision of"


def _cells(study: Study) -> Faults:
    """Every objective takes one step on made-up texts of each kind of views that it meets."""
    tried = set()
    for cell in cells(study):
        objective = written_out(cell.objective, study["objectives"][cell.objective])
        own_architecture = architecture(study, start_of(study, cell.objective))
        views, classes = makes(study["views"]["settings"][cell.setting])
        case = json.dumps([objective, own_architecture, views, classes], sort_keys=True)
        if case not in tried:
            tried.add(case)
            where = f"objectives.{cell.objective} on views.settings.{cell.setting}"
            yield from _attempt(where, rehearse, objective, shape_of(study), own_architecture, views, classes)


def shape_of(study: Study) -> bert.Params:
    """The study's encoder."""
    shape: bert.Params = registry.parameters(bert, study["encoder"]["bert"])
    return shape


def makes(view: dict[str, Any]) -> tuple[int, int]:
    """Views of a pair of a setting, and classes of its labels."""
    family = registry.get("views", view["family"])
    count = getattr(family, "makes", lambda params: (2, 0))
    return count(registry.parameters(family, view.get("params")))


def static(study: Study, base: str) -> bool:
    """Whether a base holds word vectors alone."""
    ((kind, given),) = study["bases"][base].items()
    module = registry.get("bases", kind)
    return hasattr(module, "static") and module.static(registry.parameters(module, given))


def architecture(study: Study, base: str) -> dict[str, Any]:
    """Name → parameters of the architecture that a base has instead of the study's, or nothing."""
    following: str | None = base
    while following is not None:
        ((_, given),) = study["bases"][following].items()
        if (given or {}).get("encoder"):
            return given["encoder"]
        following = phases.initial_of(study, following)
    return {}
