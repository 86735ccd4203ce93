"""A grid as a real study lays it out: objectives that differ in one part, on a few settings, two or three seeds."""

from __future__ import annotations

import numpy as np
import pytest

from infoviews.analysis.analyse import run
from infoviews.analysis.record import Answer
from infoviews.files import read_json
from infoviews.reporting.wording.questions import worded
from synthetic_study import Study

COSINE = {"cosine": {"temperature": 0.05}}
OBJECTIVES = {
    "infonce": ({"bound": "infonce", "critic": COSINE}, 0.0, 3.0),
    "infonce-local": ({"bound": "infonce", "critic": COSINE, "contrast": {"sentences": {}, "tokens": {}}}, 2.0, 3.1),
    "infonce-mlm": ({"bound": "infonce", "critic": COSINE, "additions": {"mlm": {"weight": 0.1}}}, -1.5, 2.9),
    "infonce-queue": ({"bound": "infonce", "critic": COSINE, "additions": {"queue": {"size": 512}}}, 0.0, 2.8),
    "infonce-4d": ({"bound": "infonce", "critic": COSINE}, -9.0, 1.0),
    "queue-hot": (
        {"bound": "infonce", "critic": {"cosine": {"temperature": 1.0}}, "additions": {"queue": {"size": 512}}},
        -9.0,
        1.0,
    ),
    "infonce-bilinear": ({"bound": "infonce", "critic": {"bilinear": {}}}, {"entailment": 3.0, "paraphrase": 0.0}, 3.2),
    "infonce-dot": ({"bound": "infonce", "critic": {"dot": {}}}, 0.0, 2.5),
    "nwj": ({"bound": "nwj", "critic": {"dot": {}}}, -2.0, 4.0),
    "dv": ({"bound": "dv", "critic": {"dot": {}}}, -2.0, 4.5),
    "smile": ({"bound": "smile", "critic": {"dot": {}}, "params": {"clip": 5.0}}, 0.0, 9.0),
}
"""Objective, planted gain over InfoNCE in points (by setting, where it differs), and its training bound in nats."""


@pytest.fixture(params=[2, 3], ids=["two seeds", "three seeds"], scope="module")
def asked(tmp_path_factory, request):
    """Questions of a study of two settings, each with every objective; not to be changed."""
    study = Study(tmp_path_factory.mktemp("mixed"))
    rng = np.random.default_rng(6)
    study.spec["controls"], study.spec["start"] = [], "mlm"
    for setting, information in (("entailment", 2.0), ("paraphrase", 3.0)):
        study.spec["settings"].append({"name": setting, "family": setting, "dial": 1})
        study.measure(setting, information)
        for seed in range(request.param):
            luck = rng.standard_normal()
            for name, (objective, gain, bound) in OBJECTIVES.items():
                shift = gain[setting] if isinstance(gain, dict) else gain
                cell = f"{name}__{setting}__s{seed}"
                of = {"name": cell, "objective": name, "setting": setting, "family": setting, "dial": 1, "seed": seed}
                study.spec["cells"].append(of)
                scores = study.scores(70 + luck + shift, rng, 0.05)
                scores["averages"]["six"] |= {"low": 69.9 + luck + shift, "high": 70.1 + luck + shift}
                study.write(f"transfer/{cell}.json", scores)
                spec = {"objective": {"contrast": {"sentences": {}}, "additions": {}} | objective}
                spec["start"] = "random-4" if name == "infonce-4d" else "mlm"
                study.write(f"checkpoints/{cell}/run.json", {"spec": spec, "status": "finished"})
                history = f"step,loss,bound,lr\n0,4.0,0.0,0.1\n90,{4 - bound},{bound},0.1\n"
                (study.data / f"checkpoints/{cell}/history.csv").write_text(history)
    run(study.spec, study.data, study.data / "sweetspot")
    shape = read_json(study.data / "sweetspot/shape.json")
    return {question["name"]: question for question in shape["questions"]} | {"objectives": shape["objectives"]}


def said(asked: dict, name: str) -> str:
    """The sentence that a report has for an answer."""
    return worded(Answer(**asked[name])).sentence


def average(question: dict) -> dict[str, dict]:
    return {row["what"]: row for row in question["rows"] if row["task"] == "average"}


def test_parts_are_compared_with_the_plain_objective_alone(asked):
    """Cells with another start or another temperature are nobody's partners."""
    local, added = average(asked["local"]), average(asked["additions"])
    assert set(local) == {"sentences+tokens"} and set(added) == {"mlm", "queue"}
    assert local["sentences+tokens"]["difference"] == pytest.approx(2, abs=0.15)
    assert added["queue"]["difference"] == pytest.approx(0, abs=0.15)
    assert added["mlm"]["difference"] == pytest.approx(-1.5, abs=0.15) and added["mlm"]["n"] == 2
    assert said(asked, "local").startswith("The `sentences+tokens` contrast raises average transfer: +2.0 points")
    told = said(asked, "additions")
    assert "Adding `mlm` does not clearly change" in told and "Adding `queue` does not clearly change" in told


def test_the_tightest_lower_bound_is_held_against_the_loosest(asked):
    rows = asked["tightness"]["rows"]
    assert {row["tighter"] for row in rows} == {"nwj"} and {row["looser"] for row in rows} == {"infonce-dot"}
    assert {row["setting"] for row in rows} == {"entailment", "paraphrase"}
    told = said(asked, "tightness")
    assert told.startswith("The tighter bound transfers worse.") and "by -2.0 points" in told
    assert f"{len(rows)} pairs of cells from 2 settings, with the critic `dot`." in told


def test_the_asymmetric_critic_gains_on_entailment_alone(asked):
    rows = {row["family"]: row for row in asked["asymmetry"]["rows"] if row["task"] == "average"}
    assert rows["entailment"]["difference"] == pytest.approx(3, abs=0.3)
    assert rows["paraphrase"]["difference"] == pytest.approx(0, abs=0.3) and rows["paraphrase"]["over"] == "seeds"
    assert "gains on one-way views; no gain on two-way ones is shown" in said(asked, "asymmetry")


def test_every_objective_of_the_same_start_is_held_against_the_main_bound(asked):
    rows = {row["objective"]: row for row in asked["objectives"] if row["task"] == "average"}
    assert set(rows) == set(OBJECTIVES) - {"infonce", "infonce-4d"} and rows["nwj"]["settings"] == 2
    assert {name for name, row in rows.items() if row["against"] == "infonce-dot"} == {"nwj", "dv", "smile"}
    assert rows["nwj"]["differs"] == "bound" and rows["nwj"]["difference"] == pytest.approx(-2, abs=0.15)
    assert rows["queue-hot"]["differs"] == "critic, additions" and rows["infonce-dot"]["differs"] == "critic"
