"""Digest of just the code that a job uses, blind to comments, docstrings and blank lines."""

from __future__ import annotations

import ast
import hashlib
import io
import tokenize
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT.name


def digest(modules: Iterable[str]) -> str:
    """Digest of the given modules and of all of ours that they import, directly or not.

    Args:
        modules: dotted names, such as ``infoviews.commands.corpus``.
    """
    return _digest(frozenset(modules))


@cache  # a study has hundreds of specs and some dozens of sets of modules
def _digest(modules: frozenset[str]) -> str:
    content = hashlib.sha256()
    for module in closure(modules):
        content.update(f"{module}\n{_bare(module)}\n".encode())
    return content.hexdigest()[:16]


def of_package() -> str:
    """Digest of all our code, reachable by name or by import."""
    files = sorted(path.relative_to(ROOT.parent).with_suffix("") for path in ROOT.rglob("*.py"))
    return digest(".".join(path.parts).removesuffix(".__init__") for path in files)


def closure(modules: Iterable[str]) -> list[str]:
    """The given modules and every module of ours reachable from them by import statements, sorted."""
    found: set[str] = set()
    waiting = list(modules)
    while waiting:
        module = waiting.pop()
        if module not in found:
            found.add(module)
            waiting += imports(module)
    return sorted(found)


@cache
def imports(module: str) -> tuple[str, ...]:
    """Modules of ours that a module imports anywhere, also inside functions; packages count as their submodules do."""
    names: set[str] = set()
    for node in statements(path_of(module).read_text(encoding="utf-8")):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return tuple(sorted(name for name in names if name.startswith(f"{PACKAGE}.") and _exists(name)))


def path_of(module: str) -> Path:
    """The file of one of our modules.

    Raises:
        KeyError: there is no such module.
    """
    base = ROOT.joinpath(*module.split(".")[1:])
    for path in (base.with_suffix(".py"), base / "__init__.py"):
        if path.is_file():
            return path
    raise KeyError(f"no module named {module!r} in {PACKAGE}")


def _exists(module: str) -> bool:
    try:
        return path_of(module).is_file()
    except KeyError:
        return False


@cache
def _bare(module: str) -> str:
    return bare(path_of(module).read_text(encoding="utf-8"))


def bare(source: str) -> str:
    """Source text without comments, docstrings and blank lines; the same under every version of Python.

    Any statement that is only a string counts as a docstring: Python drops it, and those after a name document it.
    """
    lines = source.splitlines()
    for token in tokenize.generate_tokens(io.StringIO(source).readline) if "#" in source else ():
        if token.type == tokenize.COMMENT:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column]
    strings = [
        node
        for node in statements(source)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    ]
    for node in sorted(strings, key=lambda n: (n.lineno, n.col_offset), reverse=True):  # columns before stay valid
        first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
        head, tail = lines[first].encode(), lines[last].encode()  # ast counts columns in bytes
        rest = head[: node.col_offset] + tail[node.end_col_offset :]
        lines[first : last + 1] = [rest.decode()]
    return "\n".join(line.rstrip() for line in lines if line.strip())


def statements(source: str) -> Iterator[ast.stmt]:
    """Every statement of a source text, nested ones too; expressions hold none and are most of what ast.walk visits."""
    waiting: list[ast.AST] = [ast.parse(source)]
    while waiting:
        for node in ast.iter_child_nodes(waiting.pop()):
            if isinstance(node, ast.stmt):
                yield node
            if isinstance(node, ast.stmt | ast.excepthandler | ast.match_case):
                waiting.append(node)


@cache
def fields(module: str) -> dict[str, str]:
    """Fields of a module's ``Params`` dataclass, name → annotation, read without importing the module."""
    for node in ast.parse(path_of(module).read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef) and node.name == "Params":
            return {
                part.target.id: ast.unparse(part.annotation)
                for part in node.body
                if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name)
            }
    raise KeyError(f"{module} has no Params")
