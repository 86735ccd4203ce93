"""The file trees of the README and docs/map.md and the sections of docs/extend.md name what is there, and all of it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import infoviews

PACKAGE = Path(infoviews.__file__).parent
TOP = PACKAGE.parents[1]
SECTIONS = {
    "objectives": "An estimator",
    "critics": "A critic",
    "contrasts": "A contrast or an addition",
    "additions": "A contrast or an addition",
    "systems": "A system",
    "views": "A view family",
    "bases": "A base",
    "encoders.architectures": "An architecture",
    "transfer.tasks": "A transfer task",
    "transfer.protocols": "A protocol",
    "corpus.sources": "A corpus source",
    "commands": "A command",
    "analysis.answers": "A question of the analysis",
}
"""Folder of modules that are found or listed by name → the section of docs/extend.md that says how to add one."""


def tree(page: str, heading: str) -> list[str]:
    """The lines of the file tree under a heading of a page."""
    found = re.search(rf"^## {heading}\n.*?```\n(.*?)```", (TOP / page).read_text("utf-8"), re.S | re.M)
    assert found is not None
    return found[1].splitlines()


def sections() -> set[str]:
    return set(re.findall(r"^## (.+)$", (TOP / "docs/extend.md").read_text("utf-8"), re.M))


def concepts() -> set[str]:
    """Packages whose modules are looked up by name: by ``registry.get`` and ``names``, or as params.yaml names them."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("registry.get", "registry.names"):
                found |= {given.value for given in node.args[:1] if isinstance(given, ast.Constant)}
            elif isinstance(node, ast.FunctionDef) and node.name == "named_modules":
                tuples = (part.elts for part in ast.walk(node) if isinstance(part, ast.Tuple) and len(part.elts) == 4)
                found |= {second.value for _, second, _, _ in tuples if isinstance(second, ast.Constant)}
    return found


def _is_package(word: str) -> bool:
    return re.fullmatch(r"[a-z.]+", word) is not None and (PACKAGE / word.replace(".", "/") / "__init__.py").is_file()


def test_the_tree_names_every_room_and_no_other():
    named = [line.split()[0] for line in tree("docs/map.md", "The rooms") if line.startswith("  ")]
    rooms = {f"{path.parent.name}/" for path in PACKAGE.glob("*/__init__.py")}
    files = {path.name for path in PACKAGE.glob("*.py")} - {"__init__.py", "__main__.py"}
    assert sorted(named) == sorted(rooms | files)


def test_the_top_level_of_the_tree_exists():
    named = [line.split()[0] for line in tree("README.md", "Where things are")]
    assert len(named) >= 8
    assert [name for name in named if not (TOP / name).exists()] == []


def test_extend_has_a_section_for_every_concept_and_for_a_study():
    assert concepts() >= {"views", "critics", "objectives", "systems", "transfer.tasks"}
    assert concepts() - set(SECTIONS) == set(), "name the section of docs/extend.md in SECTIONS"
    assert sections() == {*SECTIONS.values(), "A study"}
    assert [name for name in SECTIONS if not _is_package(name)] == []


def test_extend_names_only_files_that_exist():
    text = (TOP / "docs/extend.md").read_text(encoding="utf-8")
    for path in re.findall(r"`((?:src|tests|workflow|\w+)/[\w/]+\.(?:py|yaml|csv))`", text):
        assert any((root / path).exists() for root in (TOP, PACKAGE)), path
