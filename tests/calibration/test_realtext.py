"""The calibration on real texts: resumed from what is on file, chosen without the truth, and held to its targets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from infoviews.calibration import labelled, realtext, realtext_reach, realtext_report
from infoviews.information.axis import CHOSEN
from infoviews.sources import SourceError, mirror_from_environment

MIRROR = mirror_from_environment()


def written(mirror: Path) -> labelled.Labelled:
    """Two classes with words of their own, one text that both have, and one that is there twice."""
    rng = np.random.default_rng(0)
    for index in range(120):
        label = index % 2
        words = rng.choice(["red", "green", "blue", "white"] if label else ["one", "two", "three", "four"], size=12)
        yield f"d{index}", label, " ".join(words)
    yield from (("both-0", 0, "the same"), ("both-1", 1, "the same"), ("d0-again", 0, "one one"), ("d0", 0, "one one"))


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    kind = labelled.Kind("written", ("numbers", "colours"), written)
    monkeypatch.setattr(labelled, "kinds", lambda: {"sources": kind})
    for name, value in {
        "PAIRS": 1200,
        "K": 300,
        "BOOTSTRAP": 50,
        "STAGE_PAIRS": 1200,
        "STAGE_K": 300,
        "STAGE_STEPS": 60,
    }.items():
        monkeypatch.setattr(realtext, name, value)


def test_texts_of_two_classes_and_repetitions_are_left_out(tmp_path: Path, small: None) -> None:
    texts = labelled.load(labelled.kinds()["sources"], tmp_path, tmp_path / "texts.npz")
    rows = [tuple(row) for row in texts.rows]
    assert len(rows) == len(set(rows)) == len(texts.labels) == len(texts.features) < 121
    again = labelled.load(labelled.kinds()["sources"], Path("nowhere"), tmp_path / "texts.npz")
    assert np.array_equal(texts.features, again.features) and np.array_equal(texts.rows.ids, again.rows.ids)


@pytest.mark.parametrize(
    "critic", ["chosen", "features", "features-plain", "tokens", "features-plain-more-pairs", "bound-nwj"]
)
def test_a_clear_class_is_measured_and_never_above_its_interval(tmp_path: Path, small: None, critic: str) -> None:
    made = realtext.study(tmp_path, tmp_path, [realtext.Run("sources", 0.5, critic, 0)])
    value = next(r for r in made if r["estimator"] in ("infonce", "nwj"))
    assert 0.3 < value["estimate"] < 0.6
    if not critic.startswith("bound"):
        assert value["low"] <= 0.5 and value["low"] < value["estimate"] < value["high"]


def test_a_verdict_is_on_record_where_it_is_asked_for(tmp_path: Path, small: None) -> None:
    (made,) = realtext.study(tmp_path, tmp_path, [realtext.Run("sources", 0.5, "chosen", 0)])
    assert made["estimator"] == "infonce" and made["verdict"] in ("trusted", "lower limit only")
    frame = realtext_report.table([made])
    assert frame["trusted"].tolist() == [float(made["verdict"] == "trusted")]
    assert realtext_report.table([{**made, "verdict": "trusted", "estimate": 0.1}])["misled"].tolist() == [1.0]


def test_what_is_on_file_is_not_run_again(tmp_path: Path, small: None, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = [realtext.Run("sources", level, "bound-nwj", 0) for level in (0.0, 0.5)]
    first = realtext.study(tmp_path / "one", tmp_path, runs)
    monkeypatch.setattr(realtext, "one", lambda *given: pytest.fail("ran again"))
    assert realtext.study(tmp_path / "one", tmp_path, runs) == first
    assert realtext.study(tmp_path / "two", tmp_path, runs, earlier=first) == first
    monkeypatch.setattr(realtext, "PAIRS", 1300)
    with pytest.raises(BaseException, match="ran again"):
        realtext.study(tmp_path / "one", tmp_path, runs, earlier=first)


def test_unknown_names_are_told_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="did you mean 'features'"):
        realtext.study(tmp_path, tmp_path, [realtext.Run("sources", 1.0, "feature", 0)])
    with pytest.raises(KeyError, match="did you mean 'sources'"):
        realtext.study(tmp_path, tmp_path, [realtext.Run("source", 1.0, "features", 0)])


def record(critic: str, level: float, seed: int, estimate: float, half: float, validation: float) -> dict[str, Any]:
    shared = {"kind": "sources", "level": level, "critic": critic, "seed": seed, "key": "k", "seconds": 1.0}
    ends = {
        "low": estimate - half,
        "high": estimate + half,
        "flag": "near ceiling" if level > 4 else "",
        "verdict": None,
    }
    return {**shared, "estimator": "infonce", "estimate": estimate, **ends, "validation": validation}


def records(bias: float = -0.05, half: float = 0.06) -> list[dict[str, Any]]:
    """The stage's choice and one critic; one of forty intervals of the choice misses the truth."""
    made = []
    for level in realtext.LEVELS:
        for seed in range(40):
            slip = 0.2 if seed == 0 else 0.0
            made.append(record("features", level, seed, level - 1, half, level - 1))
            made.append(record("chosen", level, seed, level + bias - slip, half, level + bias))
    return made


def test_the_table_counts_what_is_covered() -> None:
    frame = realtext_report.table(records())
    own = frame[frame["critic"] == CHOSEN]
    assert own["truth"].tolist() == list(realtext.LEVELS) and (own["runs"] == 40).all()
    assert own["bias"].to_numpy() == pytest.approx(-0.05 - 0.2 / 40)
    assert own["covers"].to_numpy() == pytest.approx(39 / 40)
    assert (own["above"] == 0).all() and own["flagged"].tolist() == [0, 0, 0, 0, 0, 1]
    assert set(realtext_reach.must_reach(frame)["met"]) == {"yes"}


def test_targets_that_are_missed_are_told_so() -> None:
    met = dict(realtext_reach.must_reach(realtext_report.table(records(bias=0.5)))[["requirement", "met"]].to_numpy())
    assert met["never above the truth by more than its interval"] == "no"
    assert met["within 10 % up to 4"] == met["within 0.15 nats up to 2"] == "no"
    few = [r for r in records() if r["seed"] < 9]
    met = realtext_reach.must_reach(realtext_report.table(few)).set_index("requirement")["met"]
    assert met.filter(like="cover").tolist() == ["unknown"]


def test_an_estimator_is_right_up_to_its_first_miss() -> None:
    made = [record("features", level, 0, level - (0.5 if level == 1 else 0), 0.1, 0) for level in realtext.LEVELS]
    (row,) = realtext_reach.reach(realtext_report.table(made)).to_dict("records")
    assert row["right_up_to"] == "0.5" and row["at_the_next"] == "-0.50 at 1"


def test_runs_are_read_back_and_the_report_is_the_same_twice(tmp_path: Path, small: None) -> None:
    made = records() + [{**record("bound-nwj", 2.0, 0, 1.9, 0, 0), "low": None, "high": None, "validation": None}]
    made = realtext_report.together(made, [])
    for folder in ("one", "two"):
        realtext_report.write_report(made, tmp_path, tmp_path, tmp_path / folder)
    for name in ("texts.md", "texts.csv", "texts.svg", "texts_runs.csv", "texts_readability.csv"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    assert realtext_report.together([], realtext_report.read_runs(tmp_path / "one")) == made
    assert len(pd.read_csv(tmp_path / "one" / "texts.csv")) == 2 * len(realtext.LEVELS) + 1


@pytest.mark.skipif(MIRROR is None, reason="needs the mirror")
def test_collections_of_the_mirror_are_read_with_their_classes() -> None:
    assert MIRROR is not None
    for name in ("topics", "subj", "trec"):
        kind = labelled.kinds()[name]
        found = list(kind.read(MIRROR))
        assert {label for _, label, _ in found} == set(range(len(kind.classes))) and len(found) > 2000


def test_a_mirror_without_the_texts_is_an_error_that_names_them(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="english_novels"):
        labelled.load(labelled.kinds()["sources"], tmp_path, tmp_path / "texts.npz")
