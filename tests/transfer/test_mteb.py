"""Results in mteb's layout: the shared tasks with the correlation that mteb reports, and no others."""

from __future__ import annotations

import pytest

from infoviews.transfer import mteb
from infoviews.transfer.fetch import get_task

PAIRS = {"STS12": 3108, "STS13": 1500, "STS14": 3750, "STS15": 3000, "STS16": 1186}
"""How many pairs mteb says that its test splits have."""


def test_shared_tasks_have_the_same_pairs() -> None:
    assert {name: sum(get_task(name.lower()).counts.values()) for name in mteb.REVISIONS} == PAIRS


def test_only_shared_tasks_are_written_with_their_pooled_correlation() -> None:
    scored = {"sts13": {"test": 60.0, "pooled_spearman": 62.5}, "stsb": {"test": 70.0}, "mr": {"test": 80.0}}
    found = mteb.results({"tasks": scored})
    assert list(found) == ["STS13"] and found["STS13"]["task_name"] == "STS13"
    assert found["STS13"]["scores"] == {
        "test": [{"cosine_spearman": 0.625, "main_score": 0.625, "hf_subset": "default", "languages": ["eng-Latn"]}]
    }


def test_without_a_shared_task_it_says_which_there_are() -> None:
    with pytest.raises(ValueError, match="none of stsb, mr .*STS12, STS13"):
        mteb.results({"tasks": {"stsb": {}, "mr": {}}})
