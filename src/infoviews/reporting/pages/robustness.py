"""The page on what the answer rests on: objectives, agreement of estimators, the test repeated."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from infoviews.files import write_text
from infoviews.names import label
from infoviews.reporting.inputs import Inputs, averages
from infoviews.tables import Table, number

TEXTS = {
    "objectives": (
        "Which objective transfers better?",
        "Difference in points to the objective under `against`, on the same view settings, seeds and start, at equal "
        "steps. That is the main objective or, where the study trains it, one with the main objective's bound and the "
        "row's own critic; `differs in` names the parts, with their parameters, that are not the same. 95 % intervals "
        "are over the unit under `over`, of results that scatter as the next table says. The error of the finite test "
        "sets is added, which more seeds do not shrink. Two encoders' errors are taken as if they were independent, "
        "which is on the safe side. p is that of the interval; those of the averages are corrected together, and so "
        "are those of single tasks (Holm). SMILE is trained by JSD's loss: with the same critic the two "
        "encoders are one, and its rows no second finding.",
        ["objective", "against", "differs", "task", "over", "settings", "pairs", "difference", "low", "high", "p_holm"],
    ),
    "scatter": (
        "How much do results scatter?",
        "Standard deviations of the average over tasks in points, pooled once and used by every interval of this "
        "report, with their degrees of freedom. An objective with at least four of its own has the spread of its own "
        "seeds. How objectives differ from setting to setting is a mixed model of family, setting and seed, fitted to "
        "all objectives together.",
        ["what", "of", "sd", "freedom"],
    ),
    "tightness": (
        "Does the tighter bound transfer better?",
        "Last training bound and how far it lies below the measured information (nats); τ between bound and average "
        "transfer over view settings. The values of JSD and NCE are no bounds on information: their gap means nothing. "
        "Tschannen et al. (2020) found tighter bounds with worse representations.",
        ["objective", "settings", "bound", "gap", "transfer", "tau"],
    ),
    "agreement": (
        "Do estimators agree?",
        "Kendall's τ between the orders in which two estimators put the view settings; 1 is the same order.",
        ["first", "second", "n", "tau", "p"],
    ),
    "sensitivity": (
        "Does the test's answer depend on how information is measured?",
        "The two-lines test: first of the main curve, then once per estimator, each on the settings whose value is "
        "not above log n, on ranks, and without censored settings. Censored ones are lower limits: they count as "
        "sharing at least so much; `limits` says how many there are among the settings. A peak needs p < 0.05, a rise "
        "before and a fall after.",
        ["variant", "n", "limits", "slope_low", "slope_high", "p"],
    ),
    "error": (
        "Does error in measuring information change the answer?",
        "Slopes of the two lines and place of the peak as measured, and extrapolated to no measurement error by SIMEX "
        "(Cook & Stefanski 1994); error is the mean standard error of information in nats. Exact information has none.",
        ["quantity", "measured", "corrected", "error"],
    ),
}
HEADINGS = {"p_holm": "p", "tau": "τ", "n": "settings", "slope_low": "slope before", "slope_high": "slope after"}
HEADINGS |= {"differs": "differs in", "sd": "standard deviation", "freedom": "degrees of freedom"}


def robustness_tables(inputs: Inputs) -> dict[str, Table]:
    """The tables that have rows, by name; of several tasks the average alone."""
    tables = {name: table(name, averages(getattr(inputs.record, name))) for name in TEXTS}
    return {name: found for name, found in tables.items() if found.rows}


def table(name: str, rows: list[dict[str, Any]]) -> Table:
    """Rows of the record as shown."""
    columns = TEXTS[name][2]
    cells = [[cell(column, row[column]) for column in columns] for row in rows]
    left = sum(isinstance(rows[0][column], str) for column in columns) if rows else 1
    return Table([HEADINGS.get(column, column) for column in columns], cells, left)


def cell(column: str, value: Any) -> str:
    """A value as shown."""
    if isinstance(value, str):
        return ", ".join(label(name) for name in value.split(", "))
    return number(value, 3 if column.startswith("p_") or column == "p" else 2)


def write_robustness(inputs: Inputs, out: Path) -> None:
    """Write ``robustness.md``, and one CSV and LaTeX file per table that has rows."""
    parts = [f"# What the answer rests on: {inputs.study}"]
    tables = robustness_tables(inputs)
    for name, (title, text, columns) in TEXTS.items():
        paths = [out / f"{name}{suffix}" for suffix in (".csv", ".tex")]
        if name not in tables:
            for path in paths:
                path.unlink(missing_ok=True)
            continue
        parts += [f"## {title}", text, tables[name].markdown().rstrip()]
        every = getattr(inputs.record, name)
        single = [row for row in every if row not in averages(every)]
        parts += [table(name, single).folded("The single tasks").rstrip()] if single else []
        frame = pd.DataFrame(getattr(inputs.record, name))[columns]
        write_text(paths[0], frame.to_csv(index=False, float_format="%.5f", lineterminator="\n"))
        write_text(paths[1], tables[name].latex(f"{title} {text}", f"tab:{name}-{inputs.study}"))
    if len(parts) == 1:
        parts.append("Nothing was measured in more than one way.")
    write_text(out / "robustness.md", "\n\n".join(parts) + "\n")
