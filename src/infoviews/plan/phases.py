"""The phases of a study: where each one starts, and the modules that it loads by name.

Import statements lead from the entry to most of a phase's code. What is loaded by name, since params.yaml names it, no
import shows; it is listed here, so that a digest covers all the code that a job can reach.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Study = dict[str, Any]

MEASURES = ["infoviews.objectives.mine", "infoviews.critics.separable"]
"""What the quality of a representation is measured with, whatever the study trains with."""


@dataclass(frozen=True)
class Phase:
    """One phase of the DAG.

    Attributes:
        entry: the module of its command.
        named: study → modules that any of its jobs loads by name.
    """

    entry: str
    named: Callable[[Study], list[str]]


def bound_of(name: str, objective: dict[str, Any]) -> str:
    """An objective is named after its bound unless it says which bound it uses."""
    return objective.get("bound", name)


def contrasts_of(objective: dict[str, Any]) -> dict[str, Any]:
    """What an objective scores against what, name → parameters: sentence vectors, unless it says otherwise."""
    return objective.get("contrast", {"sentences": {}})


def readers(study: Study) -> list[str]:
    """Readers of the study's tasks, which also know their titles."""
    return [f"infoviews.transfer.tasks.{name}" for name in study["tasks"]["names"]]


def tasks(study: Study) -> list[str]:
    """Readers of the study's tasks, and the language that writes them if it does."""
    return readers(study) + (["infoviews.language.tasks"] if study["tasks"]["source"] == "language" else [])


def sources(study: Study) -> list[str]:
    """Where the corpus comes from."""
    return [f"infoviews.corpus.sources.{name}" for name in study["corpus"]["source"]]


def family(view: dict[str, Any]) -> list[str]:
    """The family that draws the pairs of one view setting."""
    return [f"infoviews.views.{view['family']}"]


def initial_of(study: Study, base: str) -> str | None:
    """The base that another base starts from, if it starts from one."""
    ((_, given),) = study["bases"][base].items()
    return (given or {}).get("initial")


def base(study: Study, name: str) -> list[str]:
    """The kind of one base, and the architectures of the encoders that it is made from."""
    return [*(f"infoviews.bases.{kind}" for kind in study["bases"][name]), *architecture(study, name)]


def architecture(study: Study, name: str) -> list[str]:
    """Architectures other than the study's in a base and in those that it starts from, one after another."""
    chain: list[str] = []
    following: str | None = name
    while following is not None and following not in chain:  # the DAG refuses bases in a circle
        chain.append(following)
        following = initial_of(study, following)
    given = [params or {} for base in chain for params in study["bases"][base].values()]
    return [f"infoviews.encoders.architectures.{own}" for params in given for own in params.get("encoder", {})]


def objective(name: str, given: dict[str, Any]) -> list[str]:
    """Bound, critic, contrasts and additions of one objective."""
    return [
        f"infoviews.objectives.{bound_of(name, given)}",
        *(f"infoviews.critics.{critic}" for critic in given["critic"]),
        *(f"infoviews.contrasts.{contrast}" for contrast in contrasts_of(given)),
        *(f"infoviews.additions.{addition}" for addition in given.get("additions", {})),
    ]


def information(study: Study) -> list[str]:
    """The critic that measures information, the bound that fits it, and architectures of the encoders in use."""
    given = study["information"]
    critics = [f"infoviews.critics.{name}" for name in given["critic"]]
    encoders = [module for name in given["features"] for module in architecture(study, name)]
    return [f"infoviews.objectives.{given['objective']}", *critics, *encoders]


def transfer(study: Study) -> list[str]:
    """The protocol with its solvers, the readers of the tasks, and the architectures of the encoders scored."""
    return [f"infoviews.transfer.protocols.{study['transfer']['protocol']}", *readers(study), *architectures(study)]


def architectures(study: Study) -> list[str]:
    """Every architecture that a base of the study has instead of the study's."""
    return [module for name in study["bases"] for module in architecture(study, name)]


def representation(study: Study) -> list[str]:
    """Readers of the tasks, architectures of the encoders compared, and what measures them."""
    return [*readers(study), *architectures(study), *MEASURES]


def analysis(study: Study) -> list[str]:
    """Titles of tasks and kinds of bounds."""
    return [*readers(study), *(f"infoviews.objectives.{bound_of(*given)}" for given in study["objectives"].items())]


PHASES = {
    "tasks": Phase("infoviews.commands.tasks", tasks),
    "corpus": Phase("infoviews.commands.corpus", sources),
    "views": Phase(
        "infoviews.commands.views", lambda s: [m for view in s["views"]["settings"].values() for m in family(view)]
    ),
    "base": Phase("infoviews.commands.base", lambda s: [m for name in s["bases"] for m in base(s, name)]),
    "pretrain": Phase(
        "infoviews.commands.pretrain",
        lambda s: [m for name, given in s["objectives"].items() for m in objective(name, given)] + architectures(s),
    ),
    "transfer": Phase("infoviews.commands.transfer", transfer),
    "information": Phase("infoviews.commands.information", information),
    "representation": Phase("infoviews.commands.representation", representation),
    "sweetspot": Phase("infoviews.commands.sweetspot", analysis),
    "report": Phase("infoviews.commands.report", readers),
}
