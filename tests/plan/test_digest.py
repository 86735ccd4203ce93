"""The code digest sees code and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from infoviews.plan import digest


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of two modules in place of ours; ``a`` imports ``b`` inside a function."""
    (tmp_path / "a.py").write_text(
        '"""A."""\n\n\ndef f():\n    """F."""\n    from infoviews.b import g  # late\n\n    return g()\n'
    )
    (tmp_path / "b.py").write_text("def g():\n    return 1\n")
    (tmp_path / "c.py").write_text("def h():\n    return 3\n")
    monkeypatch.setattr(digest, "ROOT", tmp_path)
    return tmp_path


def fresh_digest() -> str:
    digest.imports.cache_clear()
    digest._bare.cache_clear()
    digest._digest.cache_clear()
    return digest.digest(["infoviews.a"])


def test_imports_inside_functions_belong_to_the_closure(package: Path) -> None:
    digest.imports.cache_clear()
    assert digest.closure(["infoviews.a"]) == ["infoviews.a", "infoviews.b"]


def test_comments_docstrings_and_blank_lines_change_nothing(package: Path) -> None:
    before = fresh_digest()
    lines = ['"""Another."""', "", "", "", "def f():", '    """Another,', "", '    and longer."""', "    # why"]
    (package / "a.py").write_text("\n".join([*lines, "    from infoviews.b import g", "    return g()", ""]))
    assert fresh_digest() == before


def test_a_change_in_an_imported_module_changes_the_digest(package: Path) -> None:
    before = fresh_digest()
    (package / "b.py").write_text("def g():\n    return 2\n")
    assert fresh_digest() != before


def test_a_module_that_is_not_used_changes_nothing(package: Path) -> None:
    before = fresh_digest()
    (package / "c.py").write_text("def h():\n    return 4\n")
    assert fresh_digest() == before


def test_code_that_shares_a_line_with_a_documenting_string_counts() -> None:
    assert digest.bare('class E(Exception): """D."""') != digest.bare('class F(Exception): """D."""')
    assert digest.bare('"""D."""; x = 1') != digest.bare('"""D."""; x = 2')
    assert digest.bare('class E(Exception): """É."""; x = 1') == digest.bare('class E(Exception): """Other."""; x = 1')
    assert digest.bare('x = """D."""') != digest.bare('x = """Other."""')


@pytest.fixture(autouse=True)
def clean_caches():
    yield
    digest.imports.cache_clear()
    digest._bare.cache_clear()
    digest._digest.cache_clear()
