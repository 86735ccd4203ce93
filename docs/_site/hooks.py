"""What MkDocs does not do by itself: README as home page, reports beside the docs and numbers out of them, formulas."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any

from latex2mathml.converter import convert
from mkdocs.structure.files import File, Files
from numbers_of_reports import environment

TOP = Path(__file__).parents[2]
LINK = re.compile(r"(\]\()([^)\s#:]+)(#[^)\s]*)?(?=\))")
"""Targets of Markdown links and images within the repository."""


def on_files(files: Files, config: Any) -> Files:
    """Add the README as home page, and whatever of the repository pages link to, and those link to in turn."""
    files.append(File.generated(config, "index.md", content=(TOP / "README.md").read_text("utf-8")))
    waiting = [page.src_uri for page in files.documentation_pages()]
    while waiting:
        source = waiting.pop()
        found = files.get_file_from_path(source)
        assert found is not None
        for target in re.findall(LINK, found.content_string):
            uri = _uri(source, target[1])
            if files.get_file_from_path(uri) is None and (TOP / uri).is_file():
                files.append(File.generated(config, uri, abs_src_path=str(TOP / uri)))
                waiting += [uri] * uri.endswith(".md")
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Files) -> str:
    """Fill in numbers of a page of docs/, and point links out of docs/ to the copies in the site."""
    source = page.file.src_uri
    if (TOP / "docs" / source).is_file():
        markdown = environment().from_string(markdown).render()
    here = posixpath.dirname(source)
    text = LINK.sub(lambda m: m[1] + posixpath.relpath(_uri(source, m[2]), here or ".") + (m[3] or ""), markdown)
    return text.replace("<details>", "<details markdown>")


def on_page_content(html: str, page: Any, config: Any, files: Files) -> str:
    """Formulas as MathML, which browsers show without any script."""
    html = re.sub(
        r'<span class="arithmatex">\\\((.*?)\\\)</span>', lambda m: _formula(m[1], "inline"), html, flags=re.S
    )
    return re.sub(r'<div class="arithmatex">\\\[(.*?)\\\]</div>', lambda m: _formula(m[1], "block"), html, flags=re.S)


def on_post_build(config: Any) -> None:
    """The theme's script would fetch what old browsers lack, and diagrams, which no page has."""
    for script in Path(config.site_dir, "assets/javascripts").glob("bundle.*"):
        if script.suffix == ".map":
            script.unlink()
        else:
            script.write_text(script.read_text("utf-8").replace("https://unpkg.com/", ""), "utf-8")
    for page in Path(config.site_dir).rglob("*.html"):
        asked = re.search(
            r"<(?:script|img|iframe|link rel=.?stylesheet)[^>]+=.?(?:https?:)?//[^>]*>", page.read_text("utf-8")
        )
        if asked is not None:
            raise ValueError(f"{page} asks the network: {asked[0]}")


def _uri(source: str, target: str) -> str:
    """Where a link of a page leads in the site; a study's README is its one page, if it has one."""
    uri = posixpath.normpath(posixpath.join(posixpath.dirname(source), target))
    uri = uri.removeprefix("../").removeprefix("docs/")
    page = posixpath.join(posixpath.dirname(uri), "index.html")
    return page if uri.startswith("reports/") and uri.endswith("/README.md") and (TOP / page).is_file() else uri


def _formula(latex: str, display: str) -> str:
    latex = latex.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()
    return convert(latex, display=display).replace("<mi>log</mi>", '<mi>log</mi><mspace width="0.17em"/>')
