"""The report as a whole: says what the data say, the same bytes twice, and stands when parts are missing."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest
from PIL import Image

from infoviews.analysis.analyse import run as analyse
from infoviews.files import read_json
from infoviews.names import label
from infoviews.reporting.compare import compare
from infoviews.reporting.inputs import Inputs
from infoviews.reporting.pages.information import information_table, settings_table
from infoviews.reporting.pages.readme import refresh
from infoviews.reporting.pages.sources import write_failures
from infoviews.reporting.pages.summary import first_words, metrics, write_index
from infoviews.reporting.pages.transfer import published, transfer_frame
from infoviews.reporting.write import run as report
from infoviews.tables import Table, clearly_best, interval, number, p_value


def analysed(study) -> Inputs:
    analyse(study.spec, study.data, study.data / "sweetspot")
    return Inputs(study.spec, study.data)


def made(study) -> Path:
    analyse(study.spec, study.data, study.data / "sweetspot")
    report(study.spec, study.data, study.reports)
    return study.reports


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_every_file_is_there_and_the_second_run_gives_the_same_bytes(finished, study):
    first = contents(finished.reports)
    pages = ("transfer", "information", "sweetspot", "views", "corpus")
    wanted = {f"{name}.{end}" for name in pages for end in ("md", "csv")}
    figures = ("sweetspot", "tasks", "estimators", "dials", "objectives", "learning", "plane")
    wanted |= {f"{name}.{end}" for name in figures for end in ("svg", "png")}
    wanted |= {"README.md", "metrics.json", "curve.csv", "transfer.tex", "robustness.md", "index.html"}
    assert wanted <= set(first) and "failures.md" not in first and "views/spans-1.md" in first
    report(finished.spec, finished.data, study.reports)
    assert contents(study.reports) == first
    for name, content in first.items():
        assert str(finished.data).encode() not in content, name


def test_links_and_pictures_lead_somewhere(finished):
    out = finished.reports
    for page in [*out.rglob("*.md"), out.parent / "README.md"]:
        for target in re.findall(r"\]\(([^)]+)\)", page.read_text()):
            name, _, part = target.partition("#")
            there = page.parent / name if name else page
            assert there.exists() and (not part or f"\n## {part.title()}\n" in there.read_text()), (page, target)
    with Image.open(out / "sweetspot.png") as picture:
        assert picture.size[0] == 960


def test_transfer_shows_controls_majority_and_every_cell(finished):
    out = finished.reports
    frame = pd.read_csv(out / "transfer.csv")
    assert frame["name"].tolist()[:5] == ["majority", *finished.spec["controls"]]
    assert frame["group"].value_counts()["cell"] == 2 * 7 and frame.loc[0, "trec"] == pytest.approx(27.6)
    settings = frame.loc[frame["name"] == "jsd", "setting"].tolist()
    assert settings == [s["name"] for s in finished.spec["settings"]]
    text = (out / "transfer.md").read_text()
    assert "senteval-linear" in text and "| majority class |" in text and "base encoder (MLM)" in text
    assert r"\begin{tabular}{llrrrrrrrr}" in (out / "transfer.tex").read_text()


def test_published_rows_only_for_the_same_tasks():
    rows = published(["mr", "cr", "subj", "sst2", "trec", "mrpc"])
    simcse = next(row for row in rows if row["name"].startswith("SimCSE unsup, BERT-base"))
    assert simcse["average"] == pytest.approx((81.18 + 86.46 + 94.45 + 85.50 + 89.80 + 74.43) / 6)
    assert all("checked)" in row["name"] for row in rows) and published(["mr", "topic"]) == []


def test_control_views_stand_among_the_controls(study):
    study.fill(settings=6, seeds=1, objectives=("infonce",))
    study.spec["settings"][-1]["role"] = "control"
    frame = transfer_frame(analysed(study))
    assert frame["setting"].tolist()[5:7] == ["spans-32", "spans-1"]
    assert frame["group"].tolist()[5:7] == ["control", "cell"]


def test_a_study_whose_cells_do_not_separate_from_unrelated_views_is_void_on_the_first_line(study):
    study.fill(truth=lambda information: 70.0, settings=3, seeds=2, objectives=("infonce",))
    study.spec["settings"][0]["role"] = "control"
    analyse(study.spec, study.data, study.data / "sweetspot")
    report(study.spec, study.data, study.reports)
    first = (study.reports / "README.md").read_text().split("\n\n")[1]
    assert first.startswith("This study is void: none of its 2 [view settings](#terms) differs clearly from `spans-1`,")
    assert read_json(study.reports / "metrics.json")["void"] is True
    assert read_json(study.reports / "summary.json")["answer"] == re.sub(r"\[([^\]]*)\]\(#terms\)", r"\1", first)
    assert "| void |" in (study.reports.parent / "README.md").read_text()
    assert compare(study.reports, study.reports).lines()[0].startswith("reproduced: same verdict, 'void: trained cells")


def test_exact_information_and_errors_are_shown_only_where_known(study):
    study.fill(settings=6, seeds=1, exact=True)
    frame = analysed(study).estimates
    infonce = frame[frame["estimator"] == "infonce"]
    assert infonce["error"].to_numpy(float) == pytest.approx(-0.1 * infonce["exact"].to_numpy(float), abs=1e-4)
    assert information_table(frame).columns[-2:] == ["exact", "error"]
    assert information_table(frame.assign(exact=None)).columns[-1] == "for the axis"
    assert "repeated" not in settings_table(frame.assign(equal=0.002, repeated=None)).columns
    shares = settings_table(frame.assign(equal=0.002, repeated=0.5))
    assert shares.columns[-2:] == ["equal texts", "repeated"] and shares.rows[0][-2:] == ["–", "50 %"]


def test_failed_and_missing_cells_are_listed_and_the_list_goes_away(study):
    study.fill(settings=7, seeds=2)
    path = study.data / "transfer/infonce__spans-2__s0.json"
    kept = path.read_text()
    study.write("transfer/infonce__spans-2__s0.json", {"status": "failed", "reason": "loss is | not finite"})
    inputs = analysed(study)
    assert write_failures(inputs, study.reports) == 1 and metrics(inputs)["cells_finished"] == 27
    assert r"loss is \| not finite" in (study.reports / "failures.md").read_text()
    path.write_text(kept)
    assert write_failures(analysed(study), study.reports) == 0 and not (study.reports / "failures.md").exists()


@pytest.mark.parametrize("spoil", ["no information", "no transfer", "censored", "one setting"])
def test_a_report_stands_on_what_is_there(study, spoil):
    study.fill(settings=1 if spoil == "one setting" else 6, seeds=1, ceiling=0.5 if spoil == "censored" else 9.0)
    folder = {"no information": "information", "no transfer": "transfer"}.get(spoil)
    for path in [p for p in (study.data / folder).rglob("*") if p.is_file()] if folder else []:
        path.unlink()
    out = made(study)
    assert "has a [peak](#terms) cannot be told" in (out / "README.md").read_text()
    assert json.loads((out / "metrics.json").read_text())["verdict"] == "cannot tell at this power"


@pytest.mark.parametrize(
    ("level", "words"), [(60.0, "It is above"), (73.0, "It cannot be told from"), (90.0, "It is below")]
)
def test_the_best_is_told_as_the_highest_of_many_and_beside_the_best_control(study, level, words):
    study.fill(settings=4, seeds=1)
    record = json.loads((study.data / "transfer/mlm.json").read_text())
    record["averages"]["six"] = {"test": level, "low": level - 1.5, "high": level + 0.5}
    for name in study.spec["controls"]:
        study.write(f"transfer/{name}.json", record)
    inputs = analysed(study)
    text, rows = first_words(inputs)["best"], inputs.settings[inputs.settings["task"] == "average"]
    best = rows.loc[rows["transfer"].idxmax()]
    gap, half = best["transfer"] - level, ((best["high"] - best["transfer"]) ** 2 + 1.5**2) ** 0.5
    assert text.startswith(f"The best trained encoder is {label(best['objective'])} on views `{best['setting']}`.")
    assert "highest of 8 combinations of objective and views" in text
    assert f"{words} the best encoder without contrastive training (base encoder (MLM)): {gap:+.1f} points [" in text
    assert f" points [{gap - half:.1f}, {gap + half:.1f}]." in text


def test_views_and_corpus_may_be_absent(study):
    study.fill(settings=2, seeds=1)
    for part in ("views", "corpus"):
        shutil.rmtree(study.data / part)
    assert not [name for name in contents(made(study)) if name.startswith(("views", "corpus"))]


def test_index_names_every_study_but_the_demonstration(finished, tmp_path):
    for name in ("made", "other", "demo"):
        shutil.copytree(finished.reports, tmp_path / name)
    (tmp_path / "measured").mkdir()
    for name, title in (("speed", "How fast"), ("memory", "How much")):
        (tmp_path / "measured" / f"{name}.md").write_text(f"# {title}\n\n## More\n")
    write_index(tmp_path)
    text = (tmp_path / "README.md").read_text()
    assert "- [How much](measured/memory.md)\n- [How fast](measured/speed.md)\n" in text and "](made/sweet" not in text
    assert "](made/README.md)" in text and "](other/README.md)" in text
    assert "demo/" not in text, "git does not keep the report that the index would link"


def test_readme_shows_the_studies_that_it_names(finished, tmp_path):
    readme, reports = tmp_path / "README.md", tmp_path / "reports"
    for name in ("made", "other", "third"):
        shutil.copytree(finished.reports, reports / name)
    readme.write_text("# Title\n\nno marks\n")
    with pytest.raises(ValueError, match="once, found 0 times"):
        refresh(readme, reports / "made")
    begin, end = "<!-- studies made, other: written by infoviews report -->", "<!-- end of studies -->"
    readme.write_text(f"# Title\n\n{begin}\nold\n{end}\n\nrest\n")
    refresh(readme, reports / "third")
    assert "old" in readme.read_text(), "the marks do not name it"
    refresh(readme, reports / "other")
    text = readme.read_text()
    assert text.startswith(f"# Title\n\n{begin}\n") and text.endswith(f"{end}\n\nrest\n") and "old" not in text
    pictures = re.findall(r"!\[.*?\]\((.*?)\)", text)
    assert pictures == ["reports/made/sweetspot.svg", "reports/other/sweetspot.svg"]
    assert all((tmp_path / picture).exists() for picture in pictures)
    words = json.loads((finished.reports / "summary.json").read_text())
    assert len(words["findings"]) in (1, 2, 3)
    assert {"title", "about"} <= set(words)
    assert all(f"| {finding} | {finding} |\n" in text for finding in words["findings"]) and words["sure"] in text
    before = readme.read_bytes()
    refresh(readme, reports / "made")
    assert readme.read_bytes() == before
    shutil.rmtree(reports / "other")
    refresh(readme, reports / "made")
    assert "reports/other" not in readme.read_text() and "reports/made/sweetspot.svg" in readme.read_text()


def test_report_before_analysis_says_what_to_run(study):
    with pytest.raises(ValueError, match="infoviews sweetspot"):
        report(study.spec, study.data, study.reports)


def test_numbers_and_intervals():
    assert [number(1234), number(1.0), number(-0.001), number(None), number(float("nan"))] == [
        "1,234",
        "1.00",
        "0.00",
        "–",
        "–",
    ]
    assert [p_value(p) for p in (0.0, 0.0009, 0.001, 0.25, None)] == ["< 0.001", "< 0.001", "0.001", "0.250", "–"]
    assert interval(72.94, 72.4, 73.41) == "72.9 [72.4, 73.4]" and interval(5.0, None, None) == "5.0"


def test_bold_only_where_the_interval_allows():
    assert clearly_best([70, 75], [69, 74], [71, 76]) == 1
    assert clearly_best([74, 75], [73, 74], [75, 76]) is None
    assert clearly_best([70, float("nan")], [69, 0], [71, 0]) is None


def test_tables_survive_hostile_cells():
    table = Table(["a|b", "n"], [["x\ny | z", "1"], ["100 % & _more_ #1", "**2**"]])
    assert table.markdown().splitlines()[2] == r"| x y \| z | 1 |"
    tex = table.latex("50 % of $", "tab:x")
    assert r"100 \% \& \_more\_ \#1 & \textbf{2} \\" in tex and r"\caption{50 \% of \$}" in tex
