"""Every sentence that a report prints is short, has few numbers, and uses words that a reader can know."""

from __future__ import annotations

import importlib
import itertools
import pkgutil
import re
from pathlib import Path

import pandas as pd
import pytest

from infoviews.analysis.answers.entailment import less
from infoviews.analysis.record import ALL, AVERAGE, Answer, Curve, Gate, Peak, Verdict
from infoviews.reporting import wording
from infoviews.reporting.figures.every import FIGURES
from infoviews.reporting.wording import gate, glossary, peaks, summary, systems, tables
from infoviews.reporting.wording.questions import QUESTIONS, worded
from prose import faults, prose, sentences

MODULES = [
    importlib.import_module(f"{wording.__name__}.{found.name}") for found in pkgutil.iter_modules(wording.__path__)
]
WAYS = {
    "better": (2.0, 1.0, 3.0),
    "worse": (-2.0, -3.0, -1.0),
    "unclear": (0.5, -1.0, 2.0),
    "unknown": (0.5, None, None),
}


def change(way: str = "better", **more) -> dict:
    """A difference of one kind with its interval."""
    difference, low, high = WAYS[way]
    return {"difference": difference, "low": low, "high": high, **more}


def curve(**more) -> Curve:
    given = {"objective": "infonce", "family": ALL, "task": AVERAGE, "n": 28, "limits": 2, "censored": 3}
    given |= {"unmeasured": 2, "absent": 1, "seeds": 3, "reason": "", "p": 0.012, "p_holm": 0.012, "best": 86.7}
    given |= {"verdict": Verdict.PEAK, "peak": Peak(4.13, 1.89, 4.78, 90.6, 85.0, 97.6, 0.9)}
    given |= {"power": {"at_one_point": 0.12, "detectable": 27.1}, "smooth": {"information": [0.0, 4.78]}}
    return Curve(**given | more)


def curves() -> list[Curve]:
    """One of every kind of verdict."""
    twins = [
        {"setting": "iso-a", "twin": "a", "information": 1.5, **change(way)} for way in ("better", "worse", "unclear")
    ]
    alone = {"setting": "iso-b", "twin": None, "information": 1.5, **change("unknown")}
    lost = {"reason": "the test needs 7 fully measured settings, and this study has 3", "p": None, "p_holm": None}
    found = [curve(), curve(peak=None), curve(best=95.0), curve(iso=[*twins, alone]), curve(iso=[twins[2]])]
    found += [curve(iso=[alone]), curve(task="sst2", family="spans", limits=0)]
    found += [curve(verdict=verdict) for verdict in (Verdict.NONE, Verdict.OPEN)]
    found += [curve(verdict=Verdict.OPEN, power={"at_one_point": 0.0, "detectable": None})]
    return [*found, curve(verdict=Verdict.OPEN, power=None, seeds=0, **lost)]


def peak_rows(n: int) -> list[dict]:
    families = [ALL, *(f"family-{i}" for i in range(n))]
    return [
        {"task": task, "family": family, "verdict": verdict}
        for (task, family), verdict in zip(
            itertools.product((AVERAGE, "sst2", "mr"), families), itertools.cycle(Verdict), strict=False
        )
    ]


def answers() -> list[Answer]:
    """Answers of every question, with every kind of row."""
    found = []
    few = {"few": {f"family-{i}": i for i in range(9)}, "alone": ["crop"], "unmeasured": 3, "absent": 2, "left_out": 4}
    found += [Answer("peaks", ["x"], peak_rows(n), few | {"one_seed": True}) for n in (0, 12)]
    none = {"few": {}, "alone": [], "unmeasured": 0, "absent": 0, "left_out": 0, "one_seed": False}
    found.append(Answer("peaks", ["x"], [{"task": AVERAGE, "family": ALL, "verdict": Verdict.OPEN}], none))
    wants = [{"task": task, "amount": at, "low": 0.8, "high": 2.1} for task, at in (("trec", 1.2), ("sst2", 4.0))]
    found += [Answer("amounts", ["x"], wants, {"p": p, "common": common}) for p, common in ((0.01, 2.0), (0.5, 2.0))]
    found.append(Answer("amounts", ["x"], wants[:1], {"p": None, "common": None}))
    dial = {"task": AVERAGE, "setting": "crop-0.5", "height": 80.1}
    for ties in (None, 1, 3):
        found.append(Answer("dials", ["x"], [dial | {"family": f"family-{i}", "ties": ties} for i in range(9)]))
    design = {"objective": "infonce-64d", "dimension": 64, "from": "tasks-said-once", "to": "style-said-once"}
    rows = [design | change(way) for way in WAYS]
    found += [Answer("excess", ["x"], rows[:n]) for n in (1, 4)]
    again = {"from": "crop-0.3", "to": "crop-0.3-dropout-0", "p_holm": 0.5}
    for way, p in itertools.product(("better", "worse", "unclear"), (0.01, 0.5)):
        found.append(Answer("variants", ["x"], [again | change(way, p_holm=p), again | change("unclear")]))
    found.append(Answer("variants", ["x"], [again | change(way, p_holm=0.01) for way in ("better", "worse")]))
    found += [Answer("variants", ["x"], [again | change(way, p_holm=None)]) for way in ("unclear", "unknown")]
    row = {"rival": "alignment with uniformity", "n": 28, "alone": 0.9, "information": -0.5, "both": 1.0, "gain": 0.5}
    found += [
        Answer("rivals", ["x"], [row | {"low": low, "high": 0.9}, row | {"rival": "dial", "low": -0.1, "high": 0.1}])
        for low in (0.1, -0.1)
    ]
    found.append(Answer("rivals", ["x"], [row | {"alone": -0.3, "low": 0.1, "high": 0.9}]))
    contest = {"setting": "tasks", "critic": "dot"}
    found += [Answer("tightness", ["x"], [contest] * 12, {"gap": change(way), "apart": 0.57}) for way in WAYS]
    pair = {"first": "crop", "second": "entailment", "cka": 0.4, "low": 0.3, "high": 0.5}
    near = {"first": "compress", "second": "generalise", "cka": 0.5, "low": 0.3, "high": 0.6}
    near |= {"distance": 1.0, "distance_low": 0.5, "distance_high": 1.5}
    for apart in ((5.0, 4.0, 6.0), (0.5, 0.0, 1.0), (None, None, None)):
        ends = dict(zip(("distance", "distance_low", "distance_high"), apart, strict=True))
        found.append(Answer("entailment", ["x"], [pair | ends, near, near | {"distance": 3.0}], {"same": {"cka": 0.9}}))
    for one, two in itertools.product(WAYS, WAYS):
        gains = [
            {"family": family, "task": AVERAGE} | change(way)
            for family, way in (("entailment", one), ("paraphrase", two))
        ]
        found.append(Answer("asymmetry", ["x"], gains, {"more": less(*gains)}))
    for way, name in itertools.product(WAYS, ("local", "additions")):
        both = [{"what": "mlm", "against": other, "task": AVERAGE} | change(way) for other in ("nothing", "queue")]
        found.append(Answer(name, ["x"], both))
    taus = [{"measure": "input information", "tau": t, "low": t - 0.2, "high": t + 0.2} for t in (0.7, -0.7, 0.0)]
    return [*found, Answer("representation", ["x"], taus)]


def gates() -> list[Gate]:
    """Void, not tested, and passed."""
    furthest = [{"setting": "crop-0.5", **change(way)} for way in ("unclear", "unknown")]
    names = [f"unrelated-{i}" for i in range(9)]
    found = [Gate("infonce", names, 28, 0, 0, True, one) for one in furthest]
    found += [Gate("infonce", names, 28, above, 3, False, furthest[0]) for above in (0, 24)]
    return [*found, *(Gate("infonce", [], 0, lacks=lacks) for lacks in gate.LACKS)]


def table_of_systems(n: int, won: str | None, random: bool = True) -> dict:
    """A table of ``n`` systems of every kind of result."""
    rows = [{"name": "random", "title": "random", "group": "control", "average": 47.0 if random else None}]
    rows.append({"name": "own", "title": "own", "group": "own", "setting": "crop-0.5", "average": 80.0})
    for i, side in zip(range(n), itertools.cycle(("above", "below", "tie")), strict=False):
        row = {
            "name": f"s{i}",
            "title": f"System {chr(97 + i)}",
            "group": "system",
            "average": None if i == 5 else 70.0 + i,
        }
        sides = {f"{prefix}side": side for prefix in ("", "start_", "skipgram_")}
        rows.append({**row, **sides, "ties": "a" if i % 2 else "b"})
    known = [row["name"] for row in rows[2:] if row["average"] is not None]
    pairs = [{"first": a, "second": b, "differ": True} for a, b in itertools.combinations(known, 2)]
    result = change("unclear", result=won, systems=n, above=3, below=2, rival="s0") if won else None
    return {"rows": rows, "pairs": pairs, "won": result, "skipgram": "s1"}


def spoken() -> list[str]:
    """Every kind of sentence, with the numbers and names of a large study."""
    told = [peaks.METHOD, *tables.LINKS.values(), *glossary.TERMS.values()]
    told += [caption.rstrip(".") + "." for _, caption, *_ in FIGURES.values()]
    told += [peaks.answer(c) for c in curves()] + [peaks.footnote(c) for c in curves()]
    for answer in answers():
        words = worded(answer)
        assert words.sentence, answer
        told += [words.question, f"{words.question} Needs {words.needs}.", words.sentence, words.note]
    told += [gate.sentence(g) for g in gates()] + [gate.warning(g) for g in gates()]
    cells = pd.DataFrame({"objective": "infonce", "setting": ["a", "b"], "transfer": 86.7, "low": 85.4, "high": 88.0})
    for level, many, one in itertools.product((72.1, 86.5, 95.0, None), (True, False), curves()):
        bases = pd.DataFrame({"name": ["bag-of-words"], "transfer": level, "low": level, "high": level})
        rows, controls = cells if many else cells.head(1), bases.dropna(subset=["transfer"])
        told.append(summary.best(rows, controls))
        told += summary.findings(one, "The change is large.", rows, controls, gates()[-1], many) + [summary.sure(one)]
    told += summary.findings(curve(), "", cells.head(0), cells.head(0), gates()[0], False)
    told.append(summary.best(cells.head(0), cells.head(0)))
    row = {"variant": "ranks", "p": 0.01}
    told += [summary.changes([row] * n) for n in (1, 2, 9)]
    told += [systems.answer(table_of_systems(n, won)) for n in (1, 25) for won in ("won", "tied", "beaten", None)]
    told += [systems.answer(table_of_systems(n, None, random=False)) for n in (0, 7)]
    told += [systems.comparability([1.2, 4.4], 24.9e6, [200, 400]), systems.comparability([], None, None)]
    told += [tables.transfer(*which) for which in itertools.product((True, False), repeat=3)]
    told.append(tables.TEXTS)
    return told


@pytest.mark.parametrize(
    ("fewest", "told"), [(1, "was trained with 1 to 3 seeds."), (3, "was trained with 3 seeds."), (0, "with 3 seeds.")]
)
def test_seeds_that_differ_between_settings_are_not_said_to_be_the_most(fewest, told):
    assert told in summary.sure(curve(seeds=3, fewest=fewest))


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.rpartition(".")[2])
def test_every_text_of_the_wording_is_easy_to_read(module):
    texts = [value for name, value in vars(module).items() if isinstance(value, str) and not name.startswith("__")]
    assert not [fault for text in texts for fault in faults(text)]


def test_every_kind_of_sentence_is_easy_to_read():
    assert {answer.name for answer in answers()} == set(QUESTIONS)
    told = set(spoken())
    assert not sorted({fault for text in told for fault in faults(text)})
    assert not [text for text in told - {*tables.LINKS.values(), ""} if not text.endswith((".", "?"))]


@pytest.mark.parametrize("study", ["finished", "made"])
def test_rendered_pages_are_easy_to_read(study, request):
    pages = sorted(request.getfixturevalue(study).reports.glob("*.md"))
    found = {page.name: [f for text in prose(page.read_text()) for f in faults(text)] for page in pages}
    assert len(pages) > 5 and not {name: wrong for name, wrong in found.items() if wrong}


def test_no_backticks_reach_the_page(made):
    assert "`" not in (made.reports / "index.html").read_text().partition("<main>")[2].partition("<script")[0]


def test_terms_are_linked_where_they_first_come_and_explained_once(finished):
    text = (finished.reports / "README.md").read_text()
    assert "[peak](#terms)" in text or "[sweet spot](#terms)" in text
    assert text.count("\n## Terms\n") == 1 and text.count("- **censored**: ") == 1
    curve_page = (finished.reports / "sweetspot.md").read_text()
    links = [glossary.TERM_OF[word.lower()] for word in re.findall(r"\[([^]]+)\]\(README\.md#terms\)", curve_page)]
    assert len(set(links)) == len(links) > 3
    assert glossary.linked("a cell, two cells, `cell`", "#t") == "a [cell](#t), two cells, `cell`"
    assert glossary.linked("# cells\n| cell |\n[cell](x)\nThe Cell.", "#t").endswith("[cell](x)\nThe [Cell](#t).")


def test_the_glossary_is_short_and_the_same_in_the_documentation():
    assert len(glossary.TERMS) <= 25 and list(glossary.TERMS) == sorted(glossary.TERMS, key=str.lower)
    assert {term: len(sentences(text)) for term, text in glossary.TERMS.items() if len(sentences(text)) != 2} == {}
    path = Path(__file__).parents[2] / "docs" / "glossary.md"
    assert path.read_text() == glossary.page(), f"write glossary.page() to {path}"


def test_what_is_too_much_for_a_reader_is_noticed():
    assert faults("One 2 three 4.5 and [6, 7].") and not faults("At 4.1 nats [1.9, 4.8]. SST-2 is better.")
    assert faults("word " * 31) and not faults("word " * 30) and faults("It is beside it.")
    assert sentences("As Hjelm et al. (2019) say. It is so: 3 of `a. B`. Why?") == [
        "As Hjelm et al. (2019) say.", "It is so: 3 of `name`.", "Why?",
    ]  # fmt: skip
