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
    """One published method.

    Attributes:
        title: as people call it.
        citation: the paper.
        views: what it contrasts, or is trained on.
        critic: one module of ``infoviews.critics`` with its parameters.
        bound: module of ``infoviews.objectives``.
        params: its parameters.
        contrast: modules of ``infoviews.contrasts``. Weight 0: nothing is contrasted, the bound is only measured.
        additions: modules of ``infoviews.additions``.
        start: base that its cells start from; ``None`` for that of the study.
        departures: where this is not what the paper did, and why; a sentence each.
        published: method and encoder of its row in the published results; ``None`` where the paper has no such row.
    """

    title: str
    citation: str
    views: Views
    critic: Named
    bound: str = "infonce"
    params: dict[str, Any] = field(default_factory=dict)
    contrast: Named = field(default_factory=lambda: {"sentences": {}})
    additions: Named = field(default_factory=dict)
    start: str | None = None
    departures: tuple[str, ...] = ()
    published: tuple[str, str] | None = None

    @property
    def objective(self) -> dict[str, Any]:
        """The system's objective as it would stand in params.yaml."""
        written: dict[str, Any] = {"bound": self.bound, "critic": self.critic, "contrast": self.contrast}
        written |= {"params": self.params, "additions": self.additions, "start": self.start}
        return {key: value for key, value in written.items() if value}


SENTENCE_TWICE = Views("sentence-twice", "dropout", {"rate": 0.1})
"""One sentence, encoded twice under dropout: also for systems that contrast a sentence with its own parts."""

NEXT_SENTENCE = Views("next-sentence", "neighbours", {"step": 1})
"""A sentence and the one after it."""

MEASURED = {"sentences": {"weight": 0.0}}
"""No contrast is descended: the loss is that of the additions."""
