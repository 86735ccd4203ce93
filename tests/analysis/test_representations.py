"""Encoders of a study on disk: compared, measured and mapped, with whatever is missing left out."""

from __future__ import annotations

import numpy as np
import pytest

from infoviews.analysis.evidence.join import collect
from infoviews.analysis.evidence.settings import settings
from infoviews.analysis.record import AVERAGE
from infoviews.analysis.representations import cells_to_show, encoders, maps, qualities, sample, similarity
from infoviews.corpus.tokenizer import train
from infoviews.encoders import static
from infoviews.transfer.fetch import describe, get_task


@pytest.fixture
def encoded(study):
    """A study with sentences, one task on disk and weights for all cells but one; two settings are the same."""
    study.fill(settings=6, seeds=2, objectives=("infonce",))
    rng = np.random.default_rng(0)
    words = [f"w{i}" for i in range(40)]
    lines = [" ".join(rng.choice(words, 6)) for _ in range(400)]
    tokenizer = train(lambda: lines, 200)
    tasks = study.data / "tasks"
    task = get_task("subj")
    for file, part in zip(task.files, (lines[:200], lines[200:]), strict=True):
        (tasks / file.path).parent.mkdir(parents=True, exist_ok=True)
        (tasks / file.path).write_text("\n".join(part) + "\n", encoding="latin-1")
    describe(tasks, [task])
    for index, cell in enumerate(study.spec["cells"][:-1]):
        vectors = np.random.default_rng(index // 4).standard_normal((len(tokenizer), 8)).astype(np.float32)
        static.save(study.data / "checkpoints" / cell["name"], static.StaticEncoder(vectors, tokenizer))
    return study


def test_encoders_with_the_same_weights_are_alike_and_others_are_not(encoded):
    table = collect(encoded.spec, encoded.data)
    shown = sample(table, encoded.data, "infonce", 0)
    last = encoded.spec["cells"][-1]["name"]
    assert last in shown.settings and last not in shown.vectors and len(shown.vectors) == 11
    found = similarity(shown).set_index(["first_setting", "second_setting"])["cka"]
    assert found["spans-1", "spans-2"].min() == pytest.approx(1) and found["spans-1", "spans-4"].max() < 0.9
    assert shown.sentences == sample(table, encoded.data, "infonce", 0).sentences


def test_at_most_two_seeds_of_a_setting_and_all_controls(encoded):
    table = collect(encoded.spec, encoded.data)
    chosen = encoders(table, "infonce")
    assert len(chosen) == 12 + len(encoded.spec["controls"]) and chosen["mlm"] == "mlm"


def test_one_encoder_of_each_setting_is_measured(encoded):
    table = collect(encoded.spec, encoded.data)
    shown = sample(table, encoded.data, "infonce", 0)
    found = qualities(shown, table, 0)
    assert len(found) == 6 and found.index[0].startswith("infonce__spans-") and np.isfinite(found.to_numpy()).all()
    # Word vectors averaged are linear in the counts of words: much of the input is kept.
    assert (found["quality_input_information"] > 0.5).all()


def test_maps_show_least_best_and_most_information(encoded):
    table = collect(encoded.spec, encoded.data)
    means = settings(table, "information_infonce_base")
    shown = cells_to_show(table, means, encoded.spec)
    assert [(setting, what) for _, setting, what in shown] == [
        ("spans-1", "least information"),
        (means[means["task"] == AVERAGE].set_index("setting")["transfer"].idxmax(), "best transfer"),
        ("spans-32", "most information"),
    ]
    only = means[means["task"].isin([AVERAGE, "subj"])]
    drawn = maps(table, only, encoded.spec, encoded.data, 0)
    assert drawn.groupby("encoder").size().eq(300).all() and set(drawn["label"]) == set(get_task("subj").classes)
    assert drawn["share"].between(0, 1).all()


def test_nothing_on_disk_gives_nothing(study):
    study.fill(settings=4, seeds=1)
    table = collect(study.spec, study.data)
    shown = sample(table, study.data, "infonce", 0)
    assert shown.vectors == {} and similarity(shown).empty and qualities(shown, table, 0).empty
    assert maps(table, settings(table, "information_infonce_base"), study.spec, study.data, 0).empty
