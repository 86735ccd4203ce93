"""Maps, likeness of encoders, estimators, roles beside the curve, values in bold, and the page of questions."""

from __future__ import annotations

import copy
import re
import shutil

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from infoviews.analysis.analyse import run as analyse
from infoviews.analysis.record import Answer
from infoviews.reporting.figures import diagnostics, dots, every, main, maps
from infoviews.reporting.figures.style import GREY, MARKERS, PALETTE, arms, bare, canvas, look
from infoviews.reporting.inputs import Inputs
from infoviews.reporting.pages.curve import points_table
from infoviews.reporting.pages.provenance import provenance
from infoviews.reporting.pages.questions import question_table, write_questions
from infoviews.seals import seal, write_record
from infoviews.tables import clearly_best
from synthetic_study import Study


@pytest.fixture(scope="module")
def analysed(tmp_path_factory):
    """A study whose last two settings are an iso and a control setting."""
    study = Study(tmp_path_factory.mktemp("analysed")).fill(settings=9, seeds=1, objectives=("infonce",))
    study.spec["settings"][-1]["role"], study.spec["settings"][-2]["role"] = "control", "iso"
    study.spec["sweetspot"] |= {"bootstrap": 50, "power": 5}
    analyse(study.spec, study.data, study.data / "sweetspot")
    return study


@pytest.fixture
def inputs(analysed, study):
    """A copy of the analysed study in ``study``."""
    shutil.copytree(analysed.data, study.data, dirs_exist_ok=True)
    return Inputs(copy.deepcopy(analysed.spec), study.data)


def test_roles_are_no_points_of_the_curve_and_are_drawn_apart(inputs, tmp_path):
    assert [len(inputs.points(role=role)) for role in (None, "iso", "control")] == [7, 1, 1]
    with canvas(tmp_path / "figure") as (_, (axes,)):
        main.draw_curve(axes, inputs, inputs.record.curve())
        names = list(main.curve_marks(inputs, axes, [inputs.record.curve()]).values())
    assert names[:3] == ["a way to make two views", main.OFF_CURVE["control"][2], main.OFF_CURVE["iso"][2]]
    told = re.findall("<title>(.*?)\n", (tmp_path / "figure.svg").read_text())
    assert sorted(told) == sorted(setting["name"] for setting in inputs.spec["settings"])


def test_variants_of_dropout_are_drawn_and_listed_off_the_curve(study, tmp_path):
    study.fill(settings=8, seeds=1, objectives=("infonce",)).variant(rate=0.3, mean=60.0, seeds=1)
    study.spec["sweetspot"] |= {"bootstrap": 50, "power": 5}
    analyse(study.spec, study.data, study.data / "sweetspot")
    inputs = Inputs(study.spec, study.data)
    assert [len(inputs.points(role=role)) for role in (None, "variant")] == [8, 1]
    with canvas(tmp_path / "figure") as (_, (axes,)):
        main.draw_curve(axes, inputs, inputs.record.curve())
        assert main.OFF_CURVE["variant"][2] in main.curve_marks(inputs, axes, [inputs.record.curve()]).values()
    assert [row[-1] for row in points_table(inputs).rows][-1] == "other dropout"


def test_a_wild_estimator_does_not_hide_the_others(inputs, tmp_path, monkeypatch):
    drawn = []
    monkeypatch.setattr("infoviews.reporting.figures.style.save", lambda figure, stem, picture: drawn.append(figure))
    frame = inputs.estimates
    frame.loc[frame["estimator"] == "dv", "estimate"] *= 50
    assert diagnostics.estimators(inputs, tmp_path / "wild")
    # Without exact values the study's own estimator is the reference: 0.9 times 5 nats at most.
    assert drawn[0].axes[0].get_ylim()[1] == pytest.approx(1.5 * 4.5)
    assert "DV (to 275)" in [text.get_text() for text in drawn[0].legends[0].get_texts()]


def test_exact_values_of_a_few_settings_do_not_hide_the_others(inputs, tmp_path, monkeypatch):
    drawn = []
    monkeypatch.setattr("infoviews.reporting.figures.style.save", lambda figure, stem, picture: drawn.append(figure))
    frame = inputs.estimates
    frame.loc[frame["setting"] == frame["setting"].iloc[0], "exact"] = 1.0
    assert diagnostics.estimators(inputs, tmp_path / "few")
    axes = drawn[0].axes[0]
    shown = {x for line in axes.lines for x in line.get_xdata() if line.get_color() != GREY}
    assert axes.get_xlabel() == "the study's own estimate (nats)" and len(shown) == frame["setting"].nunique()


def test_estimators_are_drawn_by_the_features_of_the_axis(inputs):
    frame, axis = inputs.estimates, inputs.record.information["features"]
    alone = frame[frame["estimator"] == "dv"].assign(estimator="cca", features="other")
    vars(inputs)["estimates"] = pd.concat([frame, frame.assign(features="other"), alone])
    shown = diagnostics.as_on_axis(inputs)
    expected = {(estimator, axis) for estimator in frame["estimator"]} | {("cca", "other")}
    assert set(zip(shown["estimator"], shown["features"], strict=True)) == expected


def test_lines_join_the_settings_of_the_curve_alone(inputs, tmp_path, monkeypatch):
    drawn = []
    monkeypatch.setattr("infoviews.reporting.figures.style.save", lambda figure, stem, picture: drawn.append(figure))
    # Many kinds of features with long names, as studies with several encoders have.
    frame = pd.concat([inputs.estimates.assign(features=f"skipgram-average-{i}") for i in range(4)])
    vars(inputs)["estimates"] = frame
    assert diagnostics.estimators(inputs, tmp_path / "many")
    (figure,) = drawn
    lines = [line for line in figure.axes[0].lines if len(line.get_xdata()) > 0 and line.get_color() != GREY]
    of = inputs.settings.drop_duplicates("setting").set_index("setting")
    curve, beside = (np.sort(of.loc[of["role"].isna() == on, "information"]) for on in (True, False))
    for line in lines:
        assert line.get_xdata() == pytest.approx(beside if line.get_linestyle() == "None" else curve)
    assert len(lines) == 2 * frame["estimator"].nunique() * 4
    low, high = figure.axes[0].get_ylim()
    values = frame["estimate"].astype(float)
    assert 0 < values.min() - low < 0.1 * (high - low) and 0 < high - values.max() < 0.1 * (high - low)
    figure.draw_without_rendering()
    legend, page = figure.legends[0].get_window_extent(), figure.bbox
    assert legend.x0 >= page.x0 and legend.x1 <= page.x1 and legend.y0 >= page.y0


def test_a_family_looks_the_same_wherever_it_is_drawn(inputs, tmp_path):
    inputs.spec["settings"] = [{"name": n, "family": n} for n in ("spans", "crop", "delete")]
    assert inputs.looks["spans"] == (PALETTE[0], MARKERS[0]) and len(set(inputs.looks.values())) == 3
    many = look(str(i) for i in range(72))
    assert len(set(many.values())) == 72 and len({colour for colour, _ in list(many.values())[:8]}) == 8


def test_figures_take_the_colours_and_ids_of_the_page(inputs, tmp_path):
    every.draw(inputs, tmp_path)
    svg = (tmp_path / "sweetspot.svg").read_text()
    assert "<text" in svg and PALETTE[0].lower() in svg
    page = every.inlined(inputs, tmp_path, "sweetspot") + every.inlined(inputs, tmp_path, "tasks")
    assert "var(--c0)" in page and not re.search("#[0-9a-f]{6}\\b", page) and "DejaVu" not in page
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids)) and set(re.findall(r'(?:"|\()#([^")]+)', page)) <= set(ids)
    assert every.inlined(inputs, tmp_path, "embeddings") == "" and not (tmp_path / "embeddings.svg").exists()


def test_tasks_are_drawn_on_one_scale_above_the_encoder_they_start_from(inputs, tmp_path, monkeypatch):
    drawn = []
    monkeypatch.setattr("infoviews.reporting.figures.style.save", lambda figure, stem, picture: drawn.append(figure))
    assert main.tasks(inputs, tmp_path / "tasks")
    panels = [axes for axes in drawn[0].axes if axes.get_visible()]
    assert len(panels) == 6 and len({axes.get_ylim() for axes in panels}) == 1 and inputs.base == "random"
    rows = inputs.points(task="cr")
    base = inputs.results.query("name == 'random' and task == 'cr'")["transfer"].item()
    marks = [line for line in panels[1].lines if line.get_label() == "spans"]
    assert marks[0].get_ydata() == pytest.approx(rows["transfer"].to_numpy() - base)


def test_ties_are_groups_of_rows_that_tie_with_the_best_among_them():
    ranked = [{"ties": letters} for letters in ("e", "d", "cd", "bc", "b", "", "a", "a")]
    assert dots.ties(ranked) == [[7, 6], [5], [4, 3], [2, 1], [0]]


def test_groups_that_only_group_are_left_out():
    inner = '<g clip-path="url(#p)">\n<path d=""/>\n</g>\n'
    svg = f'<svg>\n<g class="a">\n<g>\n{inner}</g>\n</g><g><use x="1"/></g>\n</svg>'
    assert bare(svg) == f'<svg>\n<g class="a">\n{inner}</g><use x="1"/></svg>'


def test_an_interval_that_does_not_hold_its_value_is_an_error():
    centre, low, high = np.array([1.0, 2.0, 3.0]), pd.Series([0.5, 2.0, np.nan]), pd.Series([1.5, 2.25, np.nan])
    assert arms(centre, low, high).tolist() == [[0.5, 0, 0], [0.5, 0.25, 0]]
    with pytest.raises(ValueError, match=r"1 intervals do not hold their value: 2 \[2.1, 2.25\]"):
        arms(centre, low.replace(2.0, 2.1), high)


def test_bold_needs_a_lead_over_every_other_value():
    # The second best is known well enough to be beaten by the best; the third is not known at all.
    assert clearly_best([75, 73, 70], [74.5, 72.5, 60], [75.5, 73.5, 80]) is None
    assert clearly_best([75, 73, 70], [74.5, 72.5, 69], [75.5, 73.5, 71]) == 0


def test_alignment_of_settings_is_the_mean_over_their_encoders(inputs):
    rows = [("a0", "b0", "spans-1", "spans-2", 0.2), ("a1", "b0", "spans-1", "spans-2", 0.4)]
    rows += [("a0", "a1", "spans-1", "spans-1", 0.9), ("a0", "random", "spans-1", "random", 0.1)]
    table = pd.DataFrame(rows, columns=["first", "second", "first_setting", "second_setting", "cka"])
    folder = inputs.data / "representation"
    table.to_csv(folder / "similarity.csv", index=False)
    write_record(folder / "manifest.json", {"files": seal(folder)})
    square = maps.alignment(inputs)
    assert square.index.tolist() == ["spans-1", "spans-2", "random"]
    assert square.loc["spans-1", "spans-2"] == square.loc["spans-2", "spans-1"] == pytest.approx(0.3)
    assert square.loc["spans-1", "spans-1"] == 0.9 and np.isnan(square.loc["spans-2", "random"])
    assert maps.similarity(inputs, inputs.data / "likeness")


def test_a_map_has_a_panel_for_each_encoder(inputs, tmp_path):
    assert not maps.embeddings(inputs, tmp_path / "none") and not maps.similarity(inputs, tmp_path / "none")
    rng = np.random.default_rng(0)
    frames = [
        pd.DataFrame({"label": ["pos", "neg"] * 20, "x": rng.normal(size=40), "y": rng.normal(size=40)}).assign(
            task="mr", encoder=name, setting=name, what="best transfer", share=0.4
        )
        for name in ("one", "two", "three")
    ]
    pd.concat(frames).to_csv(inputs.data / "sweetspot/maps.csv", index=False)
    fresh = Inputs(inputs.spec, inputs.data)
    assert maps.embeddings(fresh, tmp_path / "map") and maps.embeddings(fresh, tmp_path / "again")
    assert (tmp_path / "map.png").read_bytes() == (tmp_path / "again.png").read_bytes()
    with Image.open(tmp_path / "map.png") as picture:
        assert picture.mode == "P" and picture.size == (960, 855)


def test_long_titles_of_maps_stay_on_the_page(inputs, tmp_path, monkeypatch):
    drawn = []
    monkeypatch.setattr("infoviews.reporting.figures.style.save", lambda figure, stem, picture: drawn.append(figure))
    shared = {"task": "mr", "label": "pos", "x": [0.0, 1.0], "y": [0.0, 1.0], "share": 0.4}
    named = [("a", "spans-1", "best transfer"), ("b", "skipgram", "before contrastive training")]
    frames = [pd.DataFrame({**shared, "encoder": name, "setting": s, "what": what}) for name, s, what in named]
    pd.concat(frames).to_csv(inputs.data / "sweetspot/maps.csv", index=False)
    assert maps.embeddings(Inputs(inputs.spec, inputs.data), tmp_path / "map")
    (figure,) = drawn
    figure.draw_without_rendering()
    for axes in figure.axes:
        title = axes.get_title(loc="left").replace("\n", " ")
        assert title.endswith("% of variance") and axes._left_title.get_window_extent().x1 <= figure.bbox.x1
    assert "skip-gram initialised encoder: before contrastive training" in title


def test_questions_of_the_study_have_sentence_and_table_and_the_others_are_listed_once(inputs, tmp_path):
    write_questions(inputs, tmp_path)
    text = (tmp_path / "questions.md").read_text()
    for words in inputs.questions:
        assert f"## {words.question}" in text and f"**{words.sentence}**" in text
        assert (tmp_path / f"questions/{words.found.name}.tex").exists()
    for words in inputs.unasked:
        assert text.count(f"- {words.question} Needs {words.needs}.") == text.count(words.question) == 1
        assert not (tmp_path / f"questions/{words.found.name}.tex").exists()
    assert inputs.questions and inputs.unasked
    found = pd.read_csv(tmp_path / "questions/peaks.csv")
    assert len(found) == 7 and found["settings"].eq(7).all()


def test_values_stand_with_their_intervals():
    row = {"what": "mlm", "task": "mr", "difference": 1.234, "low": 0.1, "high": 2.3, "over": "seeds", "n": 3}
    columns = ["what", "task", "difference", "low", "high", "over", "n"]
    table = question_table(Answer("parts", columns, [row]))
    assert table.columns == ["part", "task", "difference (points)", "over", "n"]
    # The addition of masked tokens, not the control that is called so.
    assert table.rows == [["mlm", "MR", "1.2 [0.1, 2.3]", "seeds", "3"]] and table.left == 2


def test_provenance_tells_the_range_of_every_speed(inputs, study):
    for index, cell in enumerate(inputs.spec["cells"]):
        shares = {"forward": 0.5 + index / 100}
        speed = {"throughput": {"tokens_per_second": 1000.0 + 100 * index, "shares": shares, "same": 2}}
        study.write(f"checkpoints/{cell['name']}/run.json", {"status": "finished", **speed})
    facts = dict(provenance(inputs))
    assert facts["tokens per second"] == "1,400 (1,000 to 1,800)" and facts["same"] == "2"
    assert facts["shares: forward"] == "0.54 (0.5 to 0.58)"
