"""Maps, likeness of encoders, roles beside the curve, and the page of questions."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from infoviews.reporting import diagnostics, figures, maps
from infoviews.reporting.information import information_frame
from infoviews.reporting.inputs import Inputs
from infoviews.reporting.interactive import plot
from infoviews.reporting.provenance import provenance
from infoviews.reporting.questions import question_table, write_questions
from infoviews.reporting.style import canvas
from infoviews.sweetspot.run import run as analyse


@pytest.fixture
def inputs(study):
    """A study whose last two settings are an iso and a control setting."""
    study.fill(settings=9, seeds=1, objectives=("infonce",))
    study.spec["settings"][-1]["role"], study.spec["settings"][-2]["role"] = "control", "iso"
    study.spec["sweetspot"] |= {"bootstrap": 50, "power": 5}
    analyse(study.spec, study.data, study.data / "sweetspot")
    return Inputs(study.spec, study.data)


def test_roles_are_no_points_of_the_curve_and_are_drawn_apart(inputs, tmp_path):
    assert [len(inputs.points(role=role)) for role in (None, "iso", "control")] == [7, 1, 1]
    with canvas(tmp_path / "figure") as (_, (axes,)):
        figures.draw_curve(axes, inputs, inputs.curve())
        names = axes.get_legend_handles_labels()[1]
    assert {"spans", "control views", "iso views: same nats, no task"} <= set(names)
    legend = [item.label.value for item in plot(inputs).legend[0].items]
    assert {"InfoNCE, spans", "InfoNCE, spans, iso", "InfoNCE, spans, control"} <= set(legend)


def test_a_wild_estimator_does_not_hide_the_others(inputs, tmp_path, monkeypatch):
    drawn = []
    monkeypatch.setattr("infoviews.reporting.style.save", lambda figure, stem: drawn.append(figure))
    frame = information_frame(inputs)
    frame.loc[frame["estimator"] == "dv", "estimate"] *= 50
    assert diagnostics.estimators(inputs, frame, tmp_path / "wild")
    # Without exact values the study's own estimator is the reference: 0.9 times 5 nats at most.
    assert drawn[0].axes[0].get_ylim()[1] == pytest.approx(1.5 * 4.5)
    assert "DV, base (to 275)" in drawn[0].axes[0].get_legend_handles_labels()[1]


def test_alignment_of_settings_is_the_mean_over_their_encoders(inputs):
    rows = [("a0", "b0", "spans-1", "spans-2", 0.2), ("a1", "b0", "spans-1", "spans-2", 0.4)]
    rows += [("a0", "a1", "spans-1", "spans-1", 0.9), ("a0", "random", "spans-1", "random", 0.1)]
    table = pd.DataFrame(rows, columns=["first", "second", "first_setting", "second_setting", "cka"])
    table.to_csv(inputs.data / "sweetspot/similarity.csv", index=False)
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


def test_every_question_has_a_sentence_and_answered_ones_a_table(inputs, tmp_path):
    write_questions(inputs, tmp_path)
    text = (tmp_path / "questions.md").read_text()
    for answer in inputs.shape["questions"]:
        assert f"## {answer['question']}" in text and f"**{answer['sentence']}**" in text
        assert (tmp_path / f"questions/{answer['name']}.tex").exists() == bool(answer["rows"])
    found = pd.read_csv(tmp_path / "questions/peaks.csv")
    assert len(found) == 7 and found["settings"].eq(7).all()


def test_values_stand_with_their_intervals():
    row = {"what": "mlm", "task": "mr", "difference": 1.234, "low": 0.1, "high": 2.3, "over": "seeds", "n": 3}
    answer = {"columns": ["what", "task", "difference", "low", "high", "over", "n"], "rows": [row]}
    table = question_table(answer)
    assert table.columns == ["part", "task", "difference (points)", "over", "n"]
    assert table.rows == [["base encoder (MLM)", "MR", "1.2 [0.1, 2.3]", "seeds", "3"]] and table.left == 2
    assert question_table({"columns": [], "rows": []}) is None


def test_provenance_tells_the_range_of_every_speed(inputs, study):
    for index, cell in enumerate(inputs.spec["cells"]):
        shares = {"forward": 0.5 + index / 100}
        speed = {"throughput": {"tokens_per_second": 1000.0 + 100 * index, "shares": shares, "same": 2}}
        study.write(f"checkpoints/{cell['name']}/run.json", {"status": "finished", **speed})
    facts = dict(provenance(inputs))
    assert facts["tokens per second"] == "1,400 (1,000 to 1,800)" and facts["same"] == "2"
    assert facts["shares: forward"] == "0.54 (0.5 to 0.58)"
