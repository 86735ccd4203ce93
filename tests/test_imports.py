"""The shape of the package: who may import whom, and what library code never does."""

from __future__ import annotations

import ast
import graphlib
from collections.abc import Iterator
from pathlib import Path

import pytest

import infoviews
from infoviews import registry

ROOT = Path(infoviews.__file__).parent
FILES = sorted(ROOT.rglob("*.py"))
LAYERS = (
    {
        "contracts",
        "registry",
        "files",
        "sources",
        "pairs",
        "names",
        "numbers",
        "provenance",
        "seals",
        "tables",
        "fixed",
        "devices",
    },
    {"language"},
    {"corpus", "views", "encoders", "critics", "objectives", "transfer.tasks"},
    {"training", "contrasts", "additions", "systems", "bounds"},
    {"bases", "pretrain", "transfer", "information"},
    {"calibration", "representation", "api"},
    {"analysis"},
    {"reporting"},
    {"plan"},
    {"commands"},
)
"""From the ground up; a package imports only from lower layers. The modules of the ground may use each other."""

CONCEPTS = ("views", "critics", "objectives", "contrasts", "additions", "systems", "corpus.sources", "transfer.tasks")
ENTRANCES = {"__init__", "__main__"}


def _name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _part(module: str) -> str:
    """The package, or ground module, that a module belongs to: ``transfer.tasks.mr`` → ``transfer.tasks``."""
    parts = module.split(".")
    return "transfer.tasks" if parts[:2] == ["transfer", "tasks"] else parts[0]


def _imported(path: Path) -> Iterator[str]:
    """Modules of this package that a file imports anywhere, relative to it: ``corpus.store``, ``contracts``."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{_name(path)}: relative import; write the whole name"
            found = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        yield from (name.removeprefix("infoviews.") for name in found if name.startswith("infoviews."))


def _modules(path: Path) -> set[str]:
    """What a file imports, each name also without its last part: ``pairs.Pairs`` may be a name in ``pairs``."""
    names = set(_imported(path))
    return names | {name.rpartition(".")[0] for name in names}


def _layer(part: str) -> int:
    return next(level for level, parts in enumerate(LAYERS) if part in parts)


def test_every_part_has_its_layer():
    parts = {_part(_name(path)) for path in FILES} - ENTRANCES
    assert parts <= set().union(*LAYERS), "name the new part in LAYERS"


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_imports_point_downwards(path):
    own = _part(_name(path))
    if own in ENTRANCES:
        return
    others = {_part(name) for name in _imported(path)} - {own}
    if _layer(own) == 0:
        assert others <= LAYERS[0]
    else:
        assert {other: _layer(other) for other in others if _layer(other) >= _layer(own)} == {}


def test_no_import_goes_round_in_a_circle():
    """Not even inside a function or for types alone; packages' own files are left out, they import nothing."""
    modules = {_name(path) for path in FILES if path.name != "__init__.py"}
    graph = {_name(path): {name for name in _modules(path) if name in modules} for path in FILES}
    graphlib.TopologicalSorter(graph).prepare()  # raises CycleError with the circle


@pytest.mark.parametrize("concept", CONCEPTS)
def test_modules_of_a_concept_do_not_know_each_other(concept):
    names = {f"{concept}.{name}" for name in registry.names(concept)}
    for path in (ROOT / concept.replace(".", "/")).rglob("*.py"):
        seen = {name for given in _imported(path) for name in names if f"{given}.".startswith(f"{name}.")}
        assert seen - {_name(path)} == set(), path.name


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_files_are_short_and_say_what_they_are(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 250 and (not text or ast.get_docstring(ast.parse(text)))


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_nothing_is_pickled_and_only_commands_print(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = {alias.name for alias in node.names} | {getattr(node, "module", None)}
            assert not names & {"pickle", "cPickle", "dill", "cloudpickle", "joblib"}, f"line {node.lineno}"
        elif isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            assert called != "torch.load", f"line {node.lineno}: save safetensors or .npy"
            for keyword in node.keywords:
                assert keyword.arg != "allow_pickle" or ast.unparse(keyword.value) == "False", f"line {node.lineno}"
            assert called != "print" or _part(_name(path)) == "commands", f"line {node.lineno}: use logging"


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_only_entrances_read_the_environment(path):
    """``sources`` holds the one function that does, for the commands to call; specs carry everything else.

    ``seals`` reads whether to look at files at all, which changes no result.
    """
    readers = {"sources", "commands", "provenance", "seals", "__main__"}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and ast.unparse(node) in (
            "os.environ",
            "os.getenv",
            "os.getcwd",
            "Path.cwd",
        ):
            assert _part(_name(path)) in readers, f"line {node.lineno}: take it from the arguments"
