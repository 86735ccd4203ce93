"""What a system is made of, and view settings that several systems have in common."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Named = dict[str, dict[str, Any]]
"""Names of modules with their parameters."""


@dataclass(frozen=True)
class Views:
    """A view setting that is drawn once for all systems that name it.

    Attributes:
        name: of the setting; equal settings have equal names.
        family: module of ``infoviews.views``.
        params: its parameters.
    """

    name: str
    family: str
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class System:
    """One published method, of one of three kinds.

    ``cells``: trained on ``views``, one cell a seed. ``static``: nothing of ours is trained on pairs; each seed, where
    one is drawn from, is a base. ``chosen``: neither, for it is one of the study's own view settings, picked by the
    analysis.

    Attributes:
        title: as people call it.
        citation: the paper.
        views: what it contrasts, or is trained on; ``None`` for static and chosen systems.
        critic: one module of ``infoviews.critics`` with its parameters.
        bound: module of ``infoviews.objectives``.
        params: its parameters.
        contrast: modules of ``infoviews.contrasts``. Weight 0: nothing is contrasted, the bound is only measured.
        additions: modules of ``infoviews.additions``.
        start: base that its cells start from; ``None`` for that of the study.
        encoder: another architecture than the study's, one module of ``infoviews.encoders`` with what is its own; its
            size is the study's, and it takes over the word embeddings of the base that it would have started from.
        static: one module of ``infoviews.bases`` with its parameters; its ``seed``, if it has one, is the study's.
        departures: where this is not what the paper did, and why; a sentence each.
        published: method and encoder of its row in the published results; ``None`` where the paper has no such row.
    """

    title: str
    citation: str
    views: Views | None = None
    critic: Named = field(default_factory=dict)
    bound: str = "infonce"
    params: dict[str, Any] = field(default_factory=dict)
    contrast: Named = field(default_factory=lambda: {"sentences": {}})
    additions: Named = field(default_factory=dict)
    start: str | None = None
    encoder: Named = field(default_factory=dict)
    static: Named = field(default_factory=dict)
    departures: tuple[str, ...] = ()
    published: tuple[str, str] | None = None

    def __post_init__(self) -> None:
        if (self.views is None) != (not self.critic) or (self.static and self.views is not None):
            raise ValueError(
                f"system {self.title}: views and critic come together and make cells; a static system has neither"
            )

    @property
    def kind(self) -> str:
        """``cells``, ``static`` or ``chosen``."""
        return "static" if self.static else "chosen" if self.views is None else "cells"

    @property
    def objective(self) -> dict[str, Any]:
        """The system's objective as params.yaml would give it."""
        written: dict[str, Any] = {"bound": self.bound, "critic": self.critic, "contrast": self.contrast}
        written |= {"params": self.params, "additions": self.additions, "start": self.start}
        return {key: value for key, value in written.items() if value}

    @property
    def parts(self) -> dict[str, str]:
        """What it is made of, part → modules with their parameters, to be read."""
        if self.kind == "chosen":
            return {"chosen": "among the study's own view settings, by development scores"}
        if self.views is None:
            return {"encoder": _named(self.static)}
        return {
            "views": _named({self.views.family: self.views.params}),
            "bound": _named({self.bound: self.params}),
            "critic": _named(self.critic),
            "contrast": _named(self.contrast),
            "additions": _named(self.additions) or "none",
            "encoder": _named(self.encoder) or "that of the study",
            "start": self.start or ("word embeddings of the study's start" if self.encoder else "that of the study"),
        }


def _named(modules: Named) -> str:
    """``cosine (temperature 0.05), dot``."""
    return ", ".join(name + (f" ({_values(given)})" if given else "") for name, given in modules.items())


def _values(given: dict[str, Any]) -> str:
    """``words 5, sizes 1 3 5``."""
    return ", ".join(
        f"{key} {' '.join(map(str, value)) if isinstance(value, list) else value}" for key, value in given.items()
    )


SENTENCE_TWICE = Views("sentence-twice", "dropout", {"rate": 0.1})
"""One sentence, encoded twice under dropout: also for systems that contrast a sentence with its own parts."""

NEXT_SENTENCE = Views("next-sentence", "neighbours", {"step": 1})
"""A sentence and the one after it."""

MEASURED = {"sentences": {"weight": 0.0}}
"""No contrast is descended: the loss is that of the additions."""
