"""The pages of docs/: links lead somewhere, code runs, tables of examples and of numbers are what the program gives."""

from __future__ import annotations

import re
import runpy
from pathlib import Path
from typing import Any

import pytest
import yaml

import infoviews
from infoviews import registry

TOP = Path(infoviews.__file__).parents[2]
PAGES = sorted(page.relative_to(TOP).as_posix() for page in [*TOP.glob("*.md"), *TOP.glob("docs/*.md")])
LINK = re.compile(r"\]\(([^)\s#]*)(?:#([^)\s]+))?\)")
COMMANDS = {path.stem.replace("_", "-") for path in (TOP / "src/infoviews/commands").glob("[!_]*.py")}


def blocks(page: str, kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", (TOP / page).read_text("utf-8"), re.S | re.M)


def anchors(page: Path) -> set[str]:
    """Anchors of the headings of a Markdown file, as GitHub and the site name them."""
    heads = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_to_files_and_headings(page: str) -> None:
    for target, anchor in LINK.findall((TOP / page).read_text("utf-8")):
        if "://" not in target:
            file = (TOP / page).parent / target if target else TOP / page
            assert file.is_file(), f"{page}: {target}"
            assert not anchor or anchor in anchors(file), f"{page}: {target}#{anchor}"


def test_every_page_is_in_the_navigation() -> None:
    text = re.sub(r"^hooks:.*$", "", (TOP / "mkdocs.yml").read_text("utf-8"), flags=re.M)
    named = {page for page in re.findall(r"[\w/]+\.md", str(yaml.safe_load(text)["nav"]))}
    assert named == {"index.md", *(page.removeprefix("docs/") for page in PAGES if page.startswith("docs/"))}


@pytest.mark.parametrize("page", [page for page in PAGES if page != "README.md" and blocks(page, "python")])
def test_code_runs(page: str) -> None:
    names: dict[str, Any] = {}
    for block in blocks(page, "python"):
        exec(compile(block, page, "exec"), names)


def test_examples_of_views_are_what_the_program_draws() -> None:
    page = (TOP / "docs/views.md").read_text("utf-8")
    names: dict[str, Any] = {}
    exec(blocks("docs/views.md", "python")[0], names)
    table = page.split("## Views of any text")[1].split("\n## ")[0].replace("\\[", "[")
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \| (.+?) \| (.+?) \|$", table, re.M)
    assert len(rows) >= 10
    for family, dial, first, second in rows:
        name, value = re.fullmatch(r"`(\w+)` (\S+)", dial).groups() if dial != "–" else ("", "null")  # type: ignore[union-attr]
        assert registry.get("views", family).DIAL == name
        drawn = infoviews.draw_views(family, names["texts"], dial=yaml.safe_load(value))
        assert drawn[0] == (first, second), family


def test_every_view_family_bound_and_critic_is_told_of() -> None:
    for room, page in (("views", "views"), ("objectives", "bounds"), ("critics", "bounds")):
        told = set(re.findall(r"`(\w+)`", (TOP / f"docs/{page}.md").read_text("utf-8")))
        assert set(registry.names(room)) - told == set()


def test_numbers_come_out_of_the_reports() -> None:
    """Every placeholder of the pages is filled, as when the site is built."""
    environment = runpy.run_path(str(TOP / "docs/_site/numbers_of_reports.py"))["environment"]()
    for page in PAGES:
        if page.startswith("docs/"):
            text = environment.from_string((TOP / page).read_text("utf-8")).render()
            assert "{{" not in text and "{%" not in text
    tutorial = environment.from_string((TOP / "docs/tutorial.md").read_text("utf-8")).render()
    assert re.search(r"peaks at\s+\d+\.\d\d nats", tutorial) and "| iso-tasks | iso |" in tutorial


@pytest.mark.parametrize("page", PAGES)
def test_commands_exist(page: str) -> None:
    text = (TOP / page).read_text("utf-8")
    targets = set(re.findall(r"^([a-z]+):", (TOP / "Makefile").read_text("utf-8"), re.M))
    assert set(re.findall(r"(?:^|`)make ([a-z]+)", text, re.M)) - targets == set()
    called = re.findall(r"(?:python -m infoviews|^infoviews|`infoviews) ([a-z][\w-]*)", text, re.M)
    assert set(called) - COMMANDS - {"show"} == set()
