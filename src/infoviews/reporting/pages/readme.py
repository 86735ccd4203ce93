"""The first screen of the repository's README: what studies found, side by side, regenerated between two marks."""

from __future__ import annotations

import os
import re
from itertools import zip_longest
from pathlib import Path
from typing import Any

from infoviews.files import read_json, write_text
from infoviews.tables import Table

MARKS = re.compile(
    r"<!-- studies (?P<names>[\w, -]+): written by infoviews report -->.*?<!-- end of studies -->", re.DOTALL
)
FORM = "<!-- studies NAME, NAME: written by infoviews report --> … <!-- end of studies -->"


def refresh(readme: Path, report: Path) -> None:
    """Put figures and findings of the named studies, and how sure they are, between the marks of ``readme``.

    Args:
        readme: a Markdown file that holds marks of the form ``FORM`` once.
        report: the report folder of a study. If the marks do not name it, the file stays as it is. Reports of the
            others are next to it, or are left out.

    Raises:
        ValueError: the file lacks the marks.
    """
    text = readme.read_text(encoding="utf-8")
    found = list(MARKS.finditer(text))
    if len(found) != 1:
        raise ValueError(f"{readme} must hold marks of the form {FORM!r} once, found {len(found)} times")
    names = re.split(", *", found[0]["names"])
    if report.name not in names:
        return
    reports = [path for name in names if (path := report.with_name(name)).joinpath("summary.json").is_file()]
    words = [read_json(path / "summary.json") for path in reports]
    folders = [Path(os.path.relpath(path, readme.parent)).as_posix() for path in reports]
    new = "\n\n".join([found[0][0].partition("\n")[0], side_by_side(words, folders), "<!-- end of studies -->"])
    if new != found[0][0]:
        write_text(readme, text.replace(found[0][0], new))


def side_by_side(words: list[dict[str, Any]], folders: list[str]) -> str:
    """A column a study: title, figure, what its views are, its findings, and how sure they are.

    A report of older code may have no title and say nothing of its views.
    """
    titles, columns = [], []
    for found, folder in zip(words, folders, strict=True):
        titles.append(f"[{found.get('title', found['study'])}]({folder}/README.md)")
        figure = f"![Transfer against information]({folder}/sweetspot.svg)"
        sure = f"How sure: {found['sure']} {found['changes']}".rstrip()
        columns.append([figure, found.get("about", ""), *found["findings"], sure])
    rows = [list(row) for row in zip_longest(*columns, fillvalue="")]
    return Table(titles, rows, left=len(words)).markdown().rstrip()
