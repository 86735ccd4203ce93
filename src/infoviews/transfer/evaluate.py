"""Score one encoder on transfer tasks under a named protocol."""

from __future__ import annotations

import importlib
import logging
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from infoviews import registry
from infoviews.contracts import Encode
from infoviews.transfer.embed import Task as Parts
from infoviews.transfer.embed import doubts, encode_tasks
from infoviews.transfer.fetch import get_task, read_task
from infoviews.transfer.score import Outcome, averages

log = logging.getLogger(__name__)

PROTOCOLS = ("converged", "senteval")
"""Names of the modules of this package that score a task: ``Params`` and ``score(task, parts, params, seed)``."""


def evaluate(
    encode: Encode,
    folder: Path,
    names: list[str],
    protocol: str = "converged",
    params: Mapping[str, Any] | None = None,
    seed: int = 0,
) -> dict[str, Any]:
    """Encode every distinct sentence once and score all named tasks.

    Args:
        encode: sentences → float array (n, d).
        folder: tasks in SentEval's layout with their manifest.
        names: task names.
        protocol: a name of ``PROTOCOLS``.
        params: the protocol's settings.
        seed: of the bootstrap over test examples.

    Returns:
        What ``report`` gives.

    Raises:
        KeyError: an unknown task, protocol or parameter, with the nearest known one.
        ValueError: a damaged task file, a parameter out of range, or embeddings that are not finite.
    """
    resolve(protocol, params)  # before hours of encoding, not after
    tasks = encode_tasks(encode, {name: read_task(folder, name) for name in names})
    return report(tasks, protocol, params, seed)


def resolve(protocol: str, params: Mapping[str, Any] | None) -> tuple[ModuleType, Any]:
    """The protocol's module and its settings.

    Raises:
        KeyError: an unknown protocol or parameter, with the nearest known one.
        ValueError: a parameter out of range.
    """
    if protocol not in PROTOCOLS:
        near = registry.nearest(protocol, list(PROTOCOLS))
        raise KeyError(f"no protocol named {protocol!r}{near}; known: {', '.join(PROTOCOLS)}")
    module = importlib.import_module(f"infoviews.transfer.protocols.{protocol}")
    return module, registry.parameters(module, dict(params or {}))


def report(tasks: dict[str, Parts], protocol: str, params: Mapping[str, Any] | None, seed: int) -> dict[str, Any]:
    """Score embedded tasks.

    Returns:
        JSON-able: ``protocol``, its ``params``, ``dimension`` of the embeddings, ``tasks`` (see
        ``score.Outcome.to_json``; scores times 100, 95 % intervals over test examples), ``averages`` over six and
        seven tasks (``None`` if a task is missing) and, where there is cause to doubt the scores, ``notes``.

    Raises:
        KeyError: an unknown protocol or parameter, with the nearest known one.
        ValueError: a parameter out of range, embeddings of more than one dimension, or a class with too few examples
            for the folds.
    """
    module, settings = resolve(protocol, params)
    widths = {side.shape[1] for parts in tasks.values() for part in parts.values() for side in part.vectors}
    if len(widths) != 1:
        raise ValueError(f"embeddings of different dimensions: {sorted(widths)}; all must come from one encoder")
    outcomes: dict[str, Outcome] = {}
    for name, parts in tasks.items():
        task = get_task(name)
        if task.classes:
            outcomes[name] = module.score(task, parts, settings, seed)
        else:
            from infoviews.transfer import graded  # takes scipy.stats along, which no classification needs

            outcomes[name] = graded.score(task, parts, seed)
        log.info("%s: %s %.2f on test (%s)", name, outcomes[name].metric, outcomes[name].test, protocol)
    notes = list(dict.fromkeys(note for name, parts in tasks.items() for note in doubts(name, parts)))
    for note in notes:
        log.warning(note)
    return ({"notes": notes} if notes else {}) | {
        "protocol": protocol,
        "params": {key: getattr(settings, key) for key in module.Params.__dataclass_fields__},
        "dimension": widths.pop(),
        "tasks": {name: outcome.to_json() for name, outcome in outcomes.items()},
        "averages": averages(outcomes),
    }
