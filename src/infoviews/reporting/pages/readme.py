"""The first screen of the repository's README: a study's findings and figure, regenerated between two marks."""

from __future__ import annotations

import os
import re
from pathlib import Path

from infoviews.files import read_json, write_text

BEGIN, END = "<!-- study: written by infoviews report -->", "<!-- end of study -->"


def refresh(readme: Path, report: Path) -> None:
    """Put findings and figure of one study's report, and how sure they are, between the marks of ``readme``.

    Args:
        readme: a Markdown file that holds the marks ``BEGIN`` and ``END``.
        report: the study's report folder, already written.

    Raises:
        ValueError: the file lacks a mark.
    """
    text = readme.read_text(encoding="utf-8")
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        raise ValueError(f"{readme} must hold the line {BEGIN!r} and after it the line {END!r}, each once")
    found = read_json(report / "summary.json")
    folder = Path(os.path.relpath(report, readme.parent)).as_posix()
    lines = [
        f"![Transfer against information]({folder}/sweetspot.svg)",
        "\n".join(f"- {finding}" for finding in found["findings"]),
        f"How sure: {found['sure']} {found['changes']}".rstrip(),
        f"From study [`{found['study']}`]({folder}/README.md).",
    ]
    block = f"{BEGIN}\n" + "\n\n".join(lines) + f"\n{END}"
    new = re.sub(f"{re.escape(BEGIN)}.*?{re.escape(END)}", lambda _: block, text, flags=re.DOTALL)
    if new != text:
        write_text(readme, new)
