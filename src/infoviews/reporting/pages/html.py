"""The page that a reader opens: one file with answer, curve, figures, sortable tables, pairs and provenance."""

from __future__ import annotations

import base64
import gzip
import html
import re
from pathlib import Path
from typing import Any

import pandas as pd

from infoviews.files import write_text
from infoviews.pairs import SAMPLE, read_facts, read_sample
from infoviews.reporting.figures.interactive import curve_json
from infoviews.reporting.figures.main import information_label
from infoviews.reporting.inputs import Inputs
from infoviews.reporting.pages.curve import method, points_table, verdict_table
from infoviews.reporting.pages.information import CAPTION as INFORMATION
from infoviews.reporting.pages.information import information_table
from infoviews.reporting.pages.provenance import provenance, training_seconds
from infoviews.reporting.pages.questions import question_table
from infoviews.reporting.pages.robustness import TEXTS, robustness_tables
from infoviews.reporting.pages.summary import FIGURES, answer_sentence, best_sentence
from infoviews.reporting.pages.systems import (
    OTHERS,
    READING,
    comparability,
    published_table,
    systems_frame,
    systems_table,
)
from infoviews.reporting.pages.transfer import caption, transfer_table
from infoviews.reporting.wording import systems as systems_wording
from infoviews.tables import MISSING, Table

VARIES = re.compile(r'<section id="provenance">.*?</section>|<script id="library".*?</script>', re.DOTALL)
"""What may differ between two runs with the same results: the provenance, and how zlib packed the plotting library."""


def write_page(inputs: Inputs, transfer: pd.DataFrame, information: pd.DataFrame, out: Path) -> None:
    """Write ``index.html``; a page that would change in its provenance alone is left as it is.

    The provenance then tells which run first gave these results, and running the study again changes no file.
    """
    import jinja2
    from bokeh.resources import INLINE

    folder = Path(__file__).parent
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string((folder / "page.html.j2").read_text(encoding="utf-8"))
    page = template.render(
        study=inputs.study,
        title=inputs.spec.get("title") or inputs.study,
        verdict="void" if inputs.record.gate.void else inputs.record.verdict,
        answer=answer_sentence(inputs),
        best=best_sentence(inputs).replace("`", ""),
        protocol=inputs.protocol,
        across=information_label(inputs),
        style=raw((folder / "page.css").read_text(encoding="utf-8")),
        script=raw((folder / "page.js").read_text(encoding="utf-8")),
        library=packed(INLINE.js_raw[0]),
        still=picture(out / "sweetspot.png"),
        curve=raw(curve_json(inputs)),
        figures=[(picture(out / f"{n}.png"), what) for n, what in FIGURES.items() if (out / f"{n}.png").exists()],
        tables=[
            (name, title, text, raw(table_html(table)))
            for name, title, text, table in tables(inputs, transfer, information)
        ],
        questions=questions(inputs),
        absent=inputs.record.absent,
        samples=samples(inputs),
        provenance=provenance(inputs),
        seconds=raw(table_html(seconds)) if (seconds := training_seconds(inputs)) else "",
    )
    path = out / "index.html"
    if not path.exists() or VARIES.sub("", path.read_text(encoding="utf-8")) != VARIES.sub("", page):
        write_text(path, page)


def raw(text: str) -> Any:
    """Text that the template must not escape."""
    import markupsafe

    return markupsafe.Markup(text)


def tables(inputs: Inputs, transfer: pd.DataFrame, information: pd.DataFrame) -> list[tuple[str, str, str, Table]]:
    """Name, title, explanation and table, in the order of the page."""
    read = caption(inputs, transfer)
    found = [
        ("points", "The main curve's points", "", points_table(inputs)),
        ("verdicts", "Every curve", method(inputs), verdict_table(inputs)),
        ("transfer", "Transfer", f"Protocol: {inputs.protocol}. {read}", transfer_table(inputs, transfer)),
        ("information", "Information", INFORMATION, information_table(information)),
    ]
    if inputs.record.systems:
        text = f"{systems_wording.answer(inputs.record.systems).replace('`', '')} {READING} {comparability(inputs)}"
        found.insert(0, ("systems", "Systems of the field", text, systems_table(inputs, systems_frame(inputs))))
        papers = published_table(inputs)
        found += [("published", "Published rows", OTHERS, papers)] if papers else []
    found += [(name, *TEXTS[name][:2], table) for name, table in robustness_tables(inputs).items()]
    return found


def questions(inputs: Inputs) -> list[dict[str, Any]]:
    """Question, answer, note and table (empty without rows) of each."""
    found = []
    for answer in inputs.questions:
        table = question_table(answer)
        shown = raw(table_html(table)) if table else ""
        text = {"name": answer.name, "question": answer.question, "answer": answer.sentence.replace("`", "")}
        found.append({**text, "note": answer.note, "table": shown})
    return found


def table_html(table: Table) -> str:
    """A table whose headings sort it."""
    head = "".join(
        f'<th scope="col" class="{kind(table, i)}" aria-sort="none">'
        f'<button type="button">{html.escape(c)}</button></th>'
        for i, c in enumerate(table.columns)
    )
    rows = []
    for row in table.rows:
        cells = [re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", html.escape(cell)) for cell in row]
        marked = (f'<td class="{kind(table, i)}">{c}</td>' for i, c in enumerate(cells))
        rows.append(f"<tr>{''.join(marked)}</tr>")
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def kind(table: Table, column: int) -> str:
    """Class of a column's cells: numbers are aligned right and sort as numbers."""
    first = next((row[column].strip("*") for row in table.rows if row[column] not in ("", MISSING)), "")
    return "number" if column >= table.left and re.match(r"-?[\d.]", first) else "text"


def packed(script: str) -> str:
    """A script as base64 of gzip: plain, Bokeh's alone would fill the page."""
    return base64.b64encode(gzip.compress(script.encode(), mtime=0)).decode()


def picture(path: Path) -> str:
    """A PNG as a data address."""
    return "data:image/png;base64," + base64.b64encode(path.read_bytes()).decode()


def samples(inputs: Inputs, pairs: int = 3, length: int = 300) -> list[tuple[str, list[dict[str, str]]]]:
    """A few readable pairs of every setting; all ten are in ``views/<setting>.md``."""
    found = []
    for setting in inputs.spec["settings"]:
        folder = inputs.data / "views" / setting["name"]
        if (folder / "facts.json").exists() and SAMPLE in read_facts(folder)["files"]:
            cut = [{k: shortened(v, length) for k, v in pair.items()} for pair in read_sample(folder)[:pairs]]
            found.append((setting["name"], cut))
    return found


def shortened(text: str | None, length: int) -> str:
    """Text cut at a word, with an ellipsis."""
    text = text or ""
    return text if len(text) <= length else text[:length].rsplit(" ", 1)[0] + " …"
