"""LaTeX tables compile as they are, and lie within the page."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from infoviews.tables import PAGE, Table

DOCUMENT = r"\documentclass{article}\usepackage{booktabs,graphicx}\begin{document}\input{table}\end{document}"


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs pdflatex (Debian: texlive-latex-recommended)")
@pytest.mark.parametrize(("columns", "rows"), [(3, 2), (24, 4), (5, PAGE + 1)])
def test_tables_compile_and_fit(tmp_path: Path, columns: int, rows: int) -> None:
    cells = ["a_b & 50 %", "**1.0** [0.9, 1.1]", r"x < y | τ ≥ 2² ≤ → − ∫ é ± – × `c` … α ~^#{}\$", *["1,000"] * 21]
    table = Table([f"column {i}" for i in range(columns)], [cells[:columns]] * rows)
    (tmp_path / "table.tex").write_text(table.latex("What 50 % of it_is", "tab:x"), "utf-8")
    (tmp_path / "all.tex").write_text(DOCUMENT, "utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "all.tex"]
    made = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, errors="replace")
    assert made.returncode == 0, made.stdout[-2000:]
    assert [word for word in ("Overfull", "too large", "Missing character") if word in made.stdout] == []
