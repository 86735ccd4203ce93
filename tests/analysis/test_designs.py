"""What cells were trained with, as their records say, and verdicts and lists in words."""

from __future__ import annotations

from infoviews.analysis.answers import peaks
from infoviews.analysis.evidence.designs import PARTS, designs, parts_of
from infoviews.analysis.evidence.join import collect
from infoviews.analysis.record import AVERAGE, Answer, Curve, Peak, Verdict
from infoviews.reporting.wording import peaks as wording
from infoviews.reporting.wording.say import counted, listed, some


def test_parts_of_an_objective_are_read_from_any_form():
    given = {
        "bound": "jsd",
        "critic": {"dot": {}},
        "contrast": {"tokens": {}, "sentences": None},
        "additions": ["queue", "mlm"],
    }
    assert parts_of(given) == ["jsd", "dot", "sentences+tokens", "mlm+queue"]
    assert parts_of({"bound": "jsd", "critic": "dot", "contrast": {"tokens": {"weight": 0}}})[2] == "sentences"
    assert parts_of({"bound": "jsd", "critic": {"dot": {}}}) == ["jsd", "dot", "sentences", ""]


def test_designs_come_from_the_cells_records(study):
    study.fill(settings=2, seeds=1)
    objective = {"bound": "infonce", "critic": {"cosine": {"temperature": 0.05}}, "additions": {"mlm": {}}}
    study.write("checkpoints/jsd__spans-1__s0/run.json", {"spec": {"objective": objective}, "status": "finished"})
    study.write("checkpoints/jsd__spans-2__s0/run.json", {"status": "failed", "reason": "killed"})
    table = designs(collect(study.spec, study.data), study.data)
    assert table.loc["jsd__spans-1__s0", list(PARTS)].tolist() == ["infonce", "cosine", "sentences", "mlm"]
    assert "jsd__spans-2__s0" not in table.index


def test_peaks_are_told_apart_by_verdict():
    of = {"objective": "infonce", "limits": 0, "censored": 0, "unmeasured": 0, "absent": 0, "seeds": 1, "reason": ""}
    of |= {"n": 9, "p": 0.01, "p_holm": 0.01, "peak": Peak(2.0, 1.0, 3.0, 70.0, 69.0, 71.0, 1.0)}
    curves = [
        Curve(**of, family="all", task=AVERAGE, verdict=Verdict.PEAK, power={"at_one_point": 0.9}),
        Curve(**of, family="all", task="mr", verdict=Verdict.NONE),
        Curve(**of, family="spans", task="cr", verdict=Verdict.OPEN),
    ]
    rows = [peaks.row_of(c) for c in curves]
    assert wording.question(Answer("peaks", rows=rows)) == (
        "There is a sweet spot for the average over tasks. There is none for MR. "
        "It cannot be told for CR with spans views."
    )
    assert rows[0]["location"] == 2.0 and rows[1]["location"] is None
    assert "more fully measured view settings" in wording.question(Answer("peaks", rows=rows[2:]))


def test_lists_read_like_english():
    assert [listed(n) for n in (["a"], ["a", "b"], ["a", "b", "c"])] == ["a", "a and b", "a, b and c"]
    assert some(list("abcdefg")) == "a, b, c and 4 more" and some(list("abcdef")).endswith("e and f")
    assert [counted(n, "seed") for n in (1, 2)] == ["one seed", "2 seeds"]
