"""Encoders of a study on disk: compared, measured and mapped, with whatever is missing left out."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from infoviews.analysis.evidence.encoders import cells_to_show, chosen_maps
from infoviews.analysis.evidence.join import collect
from infoviews.analysis.evidence.settings import settings
from infoviews.analysis.record import AVERAGE
from infoviews.commands.representation import run as command
from infoviews.corpus.tokenizer import train
from infoviews.encoders import static
from infoviews.representation.encoders import finished, firsts, two_of_each
from infoviews.representation.maps import changed_most
from infoviews.representation.measure import run, sample, similarity
from infoviews.transfer.fetch import describe, get_task
from synthetic_study import MEASURED, Study


@pytest.fixture(scope="module")
def encoded(tmp_path_factory):
    """A study with sentences, one task on disk and weights for all cells but one; two settings are the same."""
    study = Study(tmp_path_factory.mktemp("encoded")).fill(settings=6, seeds=2, objectives=("infonce",))
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


@pytest.fixture(scope="module")
def measured(encoded):
    """A function that writes what the command measures into a folder of the study, and the folder of the first call.

    The tasks of its spec are those on disk: of the others, nothing could be drawn.
    """
    spec = encoded.write("spec.json", encoded.spec | {"tasks": ["subj"]})

    def measure(name):
        command(spec, encoded.data, encoded.data / name)
        return encoded.data / name

    return measure, measure("representation")


def test_encoders_with_the_same_weights_are_alike_and_others_are_not(encoded):
    chosen = two_of_each(finished(encoded.spec, encoded.data))
    shown = sample(chosen, encoded.data, 0)
    last = encoded.spec["cells"][-1]["name"]
    assert last in chosen and last not in shown.vectors and len(shown.vectors) == 11
    found = similarity(shown, chosen).set_index(["first_setting", "second_setting"])["cka"]
    assert found["spans-1", "spans-2"].min() == pytest.approx(1) and found["spans-1", "spans-4"].max() < 0.9
    assert shown.sentences == sample(chosen, encoded.data, 0).sentences


def test_at_most_two_seeds_of_a_setting_and_all_controls(study):
    study.fill(settings=6, seeds=3)
    found = finished(study.spec, study.data)
    assert {encoder.name.split("__")[0] for encoder in found if encoder.cell} == {"infonce"}
    chosen = two_of_each(found)
    assert len(chosen) == 12 + len(study.spec["controls"]) and chosen["mlm"].setting == "mlm"
    assert [name for name in chosen if "spans-4__" in name] == ["infonce__spans-4__s0", "infonce__spans-4__s1"]


def test_an_encoder_without_every_score_is_not_finished(study):
    study.fill(settings=3, seeds=2, objectives=("infonce",))
    study.write("transfer/infonce__spans-1__s0.json", {"status": "failed", "reason": "loss is not finite"})
    (study.data / "transfer/infonce__spans-2__s0.json").unlink()
    study.write("transfer/mlm.json", {"tasks": {"mr": {"test": 70.0}}})
    found = finished(study.spec, study.data)
    names = {encoder.name for encoder in found}
    assert len(found) == 4 + 3 and not names & {"infonce__spans-1__s0", "infonce__spans-2__s0", "mlm"}
    assert [encoder.name for encoder in firsts(found)][:2] == ["infonce__spans-4__s0", "infonce__spans-1__s1"]


def test_one_encoder_of_each_setting_is_measured(measured):
    found = pd.read_csv(measured[1] / "quality.csv", index_col="name")
    assert len(found) == 6 and found.index[0] == "infonce__spans-1__s0" and np.isfinite(found.to_numpy()).all()
    # Word vectors averaged are linear in the counts of words: much of the input is kept.
    assert (found["quality_input_information"] > 0.5).all()
    assert all(value == float(f"{value:.3g}") for value in found.to_numpy().ravel())


def test_the_task_that_settings_change_most_is_one_of_single_texts(study):
    study.fill(settings=4, seeds=2, objectives=("infonce",))
    changes = {"mr": (60, 61), "trec": (50, 80), "mrpc": (40, 90), "subj": (60, 70)}
    for cell in study.spec["cells"]:
        end = int(cell["setting"] == "spans-8")
        tasks = {task: {"test": changes.get(task, (50, 50))[end] + cell["seed"]} for task in study.spec["tasks"]}
        study.write(f"transfer/{cell['name']}.json", {"tasks": tasks})
    assert changed_most([e for e in finished(study.spec, study.data) if e.cell]) == "trec"


def test_maps_are_made_of_every_setting_and_shown_of_least_best_and_most_information(encoded, measured):
    drawn = pd.read_csv(measured[1] / "maps.csv")
    assert drawn.groupby("encoder").size().eq(300).all() and drawn["setting"].nunique() == 6
    assert set(drawn["label"]) == set(get_task("subj").classes) and drawn["share"].between(0, 1).all()
    table = collect(encoded.spec, encoded.data)
    means = settings(table)
    means = means[means["task"] == AVERAGE]
    shown = cells_to_show(table, means, None)
    assert [(setting, what) for _, setting, what in shown] == [
        ("spans-1", "least information"),
        (means.set_index("setting")["transfer"].idxmax(), "best transfer"),
        ("spans-32", "most information"),
    ]
    kept = chosen_maps(drawn, shown)
    assert kept.drop_duplicates("what")[["encoder", "setting", "what"]].to_records(index=False).tolist() == shown


def test_the_command_writes_the_same_bytes_twice(measured):
    measure, folder = measured
    first, second = ({path.name: path.read_bytes() for path in made.iterdir()} for made in (folder, measure("again")))
    assert first == second
    assert set(json.loads(first.pop("manifest.json"))["files"]) == set(first)
    headers = {name.removesuffix(".csv"): text.split(b"\n")[0].decode() for name, text in first.items()}
    assert headers == MEASURED and all(text.count(b"\n") > 6 for text in first.values())


def test_nothing_on_disk_gives_tables_without_rows(study):
    study.fill(settings=4, seeds=1)
    run(study.spec, study.data, study.data / "out")
    for name, header in MEASURED.items():
        assert (study.data / f"out/{name}.csv").read_text() == header + "\n"
    assert chosen_maps(pd.read_csv(study.data / "out/maps.csv"), [("a", "b", "c")]).empty
