"""Model cards: which checkpoints get one, and that their numbers are the study's."""

from __future__ import annotations

import pytest
import yaml

from infoviews.analysis.record import AVERAGE
from infoviews.reporting.inputs import Inputs
from infoviews.reporting.pages.card import card, worth_having
from infoviews.tables import interval

CELL = "infonce__spans-1__s0"


@pytest.fixture
def inputs(made) -> Inputs:
    return Inputs({**made.spec, "start": "mlm", "title": "A made-up study"}, made.data)


def test_development_scores_choose_whatever_the_test_scores_are(inputs: Inputs) -> None:
    own, simcse, start = worth_having(inputs)
    results = inputs.results
    results.loc[results["name"] == own, "transfer"] = 0.0
    assert worth_having(inputs) == [own, simcse, start] and start == "mlm" and simcse.startswith("simcse__")
    results.loc[(results["name"] == CELL) & (results["task"] == AVERAGE), "dev"] = 99.0
    assert worth_having(inputs)[0] == CELL


def test_card_has_the_hubs_header_and_the_studys_numbers(inputs: Inputs) -> None:
    text = card(inputs, CELL, ["jsonl"])
    _, head, body = text.split("---\n", 2)
    assert (
        yaml.safe_load(head)["library_name"] == "sentence-transformers" and yaml.safe_load(head)["license"] == "other"
    )
    row = inputs.results.query(f"name == {CELL!r} and task == {AVERAGE!r}").iloc[0]
    assert f"| average | mean | {interval(row['transfer'], row['low'], row['high'])} |" in body
    assert "24,938,977 words" in body and "1,000 pairs" in body and "Reuters-21578" in body
    assert yaml.safe_load(card(inputs, CELL, ["language"]).split("---\n")[1])["license"] == "apache-2.0"


def test_card_of_a_system_says_where_it_departs_from_its_paper(inputs: Inputs) -> None:
    text = card(inputs, worth_having(inputs)[1], ["jsonl"])
    assert "Simcse (simcse et al.)" in text and "- it is smaller" in text


def test_unknown_name_is_answered_with_the_nearest(inputs: Inputs) -> None:
    with pytest.raises(KeyError, match=f"no finished encoder named 'infonce__spans-1__s9', did you mean '{CELL[:-1]}"):
        card(inputs, "infonce__spans-1__s9", ["jsonl"])
