"""Bounds and estimates of mutual information for any training loop, each a function by its name: ``bounds.infonce``.

``bounds.<name>(scores, state=None, **parameters)`` takes scores (B, B), ``S[i, j] = f(x_i, y_j)`` with the joint pairs
on the diagonal, from a critic of ``infoviews.critics`` or any other function, and gives a ``Bound``: its ``value`` in
nats (to report), its ``loss`` (to descend) and the ``state`` to hand to the next call (``mine`` and ``tuba``; otherwise
``None``). ``dir(bounds)`` lists the names, ``help(bounds.infonce)`` shows one's parameters and source.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from infoviews import registry

if TYPE_CHECKING:
    import torch

    from infoviews.contracts import Bound


def __dir__() -> list[str]:
    return registry.names("objectives")


def __getattr__(name: str) -> Callable[..., Bound]:
    """The bound of that name.

    Raises:
        AttributeError: there is none; the nearest is named.
    """
    known = registry.names("objectives")
    if name not in known:
        raise AttributeError(
            f"no bound named {name!r}{registry.nearest(name, known)}; known: {', '.join(known)}", name=name
        )
    return _function(name)


@cache
def _function(name: str) -> Callable[..., Bound]:
    module = registry.get("objectives", name)

    def bound(scores: torch.Tensor, state: Any = None, **parameters: Any) -> Bound:
        return module.bound(scores, registry.parameters(module, parameters), state)

    bound.__name__ = bound.__qualname__ = name
    told = (module.__doc__, module.bound.__doc__, f"Parameters: {module.Params.__doc__}", f"Source: {module.CITATION}.")
    bound.__doc__ = "\n\n".join(inspect.cleandoc(str(part)) for part in (*told, f"A {module.KIND}."))
    own = [inspect.Parameter("state", inspect.Parameter.POSITIONAL_OR_KEYWORD, default=None)]
    own += [p.replace(kind=p.KEYWORD_ONLY) for p in inspect.signature(module.Params).parameters.values()]
    scores = inspect.Parameter("scores", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    bound.__signature__ = inspect.Signature([scores, *own])  # type: ignore[attr-defined]
    return bound
