"""The page that a reader opens: one file whose first screen has question, answer, figure and how sure they are."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any

import pandas as pd

from infoviews.files import write_text
from infoviews.names import label
from infoviews.pairs import SAMPLE, read_facts, read_sample
from infoviews.reporting.figures.every import FIGURES, inlined
from infoviews.reporting.inputs import Inputs
from infoviews.reporting.pages.curve import method, points_table, verdict_table
from infoviews.reporting.pages.information import on_axis, reading, settings_table
from infoviews.reporting.pages.provenance import provenance, training_seconds
from infoviews.reporting.pages.questions import question_table
from infoviews.reporting.pages.robustness import TEXTS, robustness_tables
from infoviews.reporting.pages.summary import first_words
from infoviews.reporting.pages.systems import comparability, published_table, systems_frame, systems_table
from infoviews.reporting.pages.transfer import caption, transfer_table
from infoviews.reporting.wording import glossary
from infoviews.reporting.wording import systems as systems_wording
from infoviews.reporting.wording.systems import OTHERS, READING
from infoviews.tables import MISSING, Table

VARIES = re.compile(r'<section id="provenance">.*?</section>', re.DOTALL)
"""What may differ between two runs with the same results."""

FEW = 10
"""Rows of a table that are seen before a reader asks for the rest; the page's style knows it too."""

PARTS: tuple[tuple[str, str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("tasks", "Tasks", ("tasks",), ("transfer",)),
    ("systems", "Systems", ("systems",), ("systems", "published")),
    ("curves", "Curves", (), ("points", "verdicts")),
    ("objectives", "Objectives", ("objectives",), ("objectives", "tightness", "scatter")),
    ("information", "Information", ("estimators", "dials"), ("information", "agreement")),
    ("robustness", "Robustness", (), ("sensitivity", "error")),
    ("encoders", "Encoders", ("learning", "plane", "embeddings", "similarity"), ()),
)
"""Name, heading, figures and tables of each part of the page."""


def write_page(inputs: Inputs, transfer: pd.DataFrame, out: Path) -> None:
    """Write ``index.html``; a page that would change in its provenance alone is left as it is.

    The provenance then tells which run first gave these results, and running the study again changes no file.
    """
    import jinja2

    folder = Path(__file__).parent
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string((folder / "page.html.j2").read_text(encoding="utf-8"))
    seconds = training_seconds(inputs)
    figures = {name: raw(inlined(inputs, out, name)) for name in FIGURES}
    page = template.render(
        study=inputs.study,
        title=inputs.title,
        about=coded(inputs.about),
        **first_screen(inputs),
        terms=glossary.TERMS,
        artificial=inputs.artificial,
        tasks=[label(task) for task in inputs.spec["tasks"]],
        style=raw((folder / "page.css").read_text(encoding="utf-8")),
        script=raw((folder / "page.js").read_text(encoding="utf-8")),
        figures=figures,
        captions={name: what for name, (_, what) in FIGURES.items()},
        parts=parts(inputs, transfer, figures),
        questions=questions(inputs),
        unasked=[(question.question, question.needs) for question in inputs.unasked],
        absent=inputs.record.absent,
        samples=samples(inputs),
        provenance=provenance(inputs),
        seconds=raw(table_html(seconds)) if seconds else "",
    )
    path = out / "index.html"
    if not path.exists() or VARIES.sub("", path.read_text(encoding="utf-8")) != VARIES.sub("", page):
        write_text(path, page)


def raw(text: str) -> Any:
    """Text that the template must not escape."""
    import markupsafe

    return markupsafe.Markup(text)


def coded(text: str) -> Any:
    """A text as HTML, with the names and numbers that it marks as code or bold set as such, and its links."""
    marked = re.sub(r"`(.+?)`", r"<code>\1</code>", html.escape(text))
    marked = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", marked)
    return raw(re.sub(r"\[([^\]]+)\]\((#\w+)\)", r'<a href="\2">\1</a>', marked))


def parts(inputs: Inputs, transfer: pd.DataFrame, drawings: dict[str, Any]) -> list[dict[str, Any]]:
    """The parts of the page that have something to show."""
    known = {
        name: {"title": title, "text": coded(text), "table": raw(table_html(table)), "name": name}
        for name, (title, text, table) in tables(inputs, transfer).items()
    }
    found = []
    for name, heading, figures, names in PARTS:
        shown = [known[key] for key in names if key in known]
        drawn = [figure for figure in figures if drawings[figure]]
        if shown or drawn:
            found.append({"name": name, "heading": heading, "figures": drawn, "tables": shown})
    return found


def tables(inputs: Inputs, transfer: pd.DataFrame) -> dict[str, tuple[str, str, Table]]:
    """Title, explanation and table by name."""
    read = f"Protocol: {inputs.protocol}. {caption(inputs, transfer)}"
    settings = settings_table(on_axis(inputs))
    found = {
        "transfer": ("Transfer of every encoder", read, transfer_table(inputs, transfer)),
        "points": ("The main curve's points", "", points_table(inputs)),
        "verdicts": ("Every curve", method(inputs), verdict_table(inputs)),
        "information": ("Information of every view setting", reading(settings), settings),
    }
    if inputs.record.systems:
        text = f"{systems_wording.answer(inputs.record.systems)} {READING} {comparability(inputs)}"
        found["systems"] = ("Systems of the field", text, systems_table(inputs, systems_frame(inputs)))
        papers = published_table(inputs)
        found |= {"published": ("Published rows", OTHERS, papers)} if papers else {}
    return found | {name: (*TEXTS[name][:2], table) for name, table in robustness_tables(inputs).items()}


def questions(inputs: Inputs) -> list[dict[str, Any]]:
    """Question, answer, note and table of each that the study asks."""
    found = []
    for words in inputs.questions:
        text = {"name": words.found.name, "question": words.question, "answer": coded(words.sentence)}
        table = raw(table_html(question_table(words.found)))
        found.append({**text, "note": coded(words.note), "table": table})
    return found


def first_screen(inputs: Inputs) -> dict[str, Any]:
    """The sentences that come first, with each term linked where it comes first."""
    words = first_words(inputs)
    texts = [*words.pop("findings"), *words.values()]
    linked = [coded(text) for text in glossary.linked("\n".join(texts), "#terms").split("\n")]
    return {"findings": linked[: -len(words)], **dict(zip(words, linked[-len(words) :], strict=True))}


def table_html(table: Table) -> str:
    """A table whose headings sort it, its first rows in sight, with a link to its content as CSV."""
    head = "".join(
        f'<th scope="col" class="{kind(table, i)}" aria-sort="none">'
        f'<button type="button">{html.escape(c)}</button></th>'
        for i, c in enumerate(table.columns)
    )
    rows = []
    for row in table.rows:
        cells = (f'<td class="{kind(table, i)}">{coded(cell)}</td>' for i, cell in enumerate(row))
        rows.append(f"<tr>{''.join(cells)}</tr>")
    rest = f'<details class="rest"><summary>All {len(rows)} rows</summary></details>' if len(rows) > FEW else ""
    return (
        f'<div class="table"><div class="scroll"><table><thead><tr>{head}</tr></thead>'
        f'<tbody>{"".join(rows)}</tbody></table></div><div class="under">{rest}'
        '<a class="csv" href="#" download>CSV</a></div></div>'
    )


def kind(table: Table, column: int) -> str:
    """Class of a column's cells: numbers are aligned right and sort as numbers."""
    first = next((row[column].strip("*") for row in table.rows if row[column] not in ("", MISSING)), "")
    return "number" if column >= table.left and re.match(r"-?[\d.]", first) else "text"


def samples(inputs: Inputs) -> list[tuple[str, list[dict[str, str]]]]:
    """Three readable pairs of every setting, long texts cut; all ten are in ``views/<setting>.md``."""
    found = []
    for setting in inputs.spec["settings"]:
        folder = inputs.data / "views" / setting["name"]
        if (folder / "facts.json").exists() and SAMPLE in read_facts(folder)["files"]:
            cut = [{k: shortened(v, 300) for k, v in pair.items()} for pair in read_sample(folder)[:3]]
            found.append((setting["name"], cut))
    return found


def shortened(text: str | None, length: int) -> str:
    """Text cut at a word, with an ellipsis."""
    text = text or ""
    return text if len(text) <= length else text[:length].rsplit(" ", 1)[0] + " …"
