"""What a user can get wrong is refused by name, before time is spent on it."""

from __future__ import annotations

import logging
import re
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from infoviews import __main__, sources
from infoviews.commands import evaluate
from infoviews.files import read_json, sha256
from infoviews.transfer import controls, fetch, folds
from infoviews.transfer.arrays import load_embedded
from infoviews.transfer.embed import MOST, Embedded, checked
from infoviews.transfer.evaluate import evaluate as score_tasks
from infoviews.transfer.protocols import converged, senteval
from infoviews.transfer.tasks import _task
from infoviews.transfer.tasks._task import Task

ROWS = 40


def write_cr(folder: Path) -> None:
    (folder / "CR").mkdir(parents=True)
    for name, word in (("pos", "good"), ("neg", "bad")):
        rows = "".join(f"{'phone ' * (i % 5 + 1)}{word}\n" for i in range(ROWS // 2))
        (folder / f"CR/custrev.{name}").write_text(rows)


@pytest.fixture
def tasks(tmp_path: Path) -> Path:
    write_cr(tmp_path / "tasks")
    fetch.describe(tmp_path / "tasks", [fetch.get_task("cr")])
    return tmp_path / "tasks"


@pytest.fixture
def array(tmp_path: Path) -> Path:
    path = tmp_path / "given/cr/all.npy"
    path.parent.mkdir(parents=True)
    return path


def whole(vectors: np.ndarray, path: Path) -> bytes:
    np.save(path, vectors, allow_pickle=True)
    return path.read_bytes()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("empty", "is empty, not a .npy file"),
        ("text", r"begins with b'0\.1 0\.', not a \.npy file"),
        ("short", "cannot be read as an array"),
        ("header", "cannot be read as an array"),
        ("objects", "cannot be read as an array .*Python objects"),
        ("archive", r"begins with b'PK.*, not a \.npy file"),
        ("no column", r"with at least one column, found float32 \(40, 0\)"),
    ],
)
def test_broken_array_is_named(tasks: Path, array: Path, content: str, message: str) -> None:
    vectors = np.ones((ROWS, 3), np.float32)
    made = {
        "empty": lambda: b"",
        "text": lambda: b"0.1 0.2\n",
        "short": lambda: whole(vectors, array)[:-50],
        "header": lambda: whole(vectors, array)[:20],
        "objects": lambda: whole(vectors.astype(object), array),
        "archive": lambda: b"PK\x03\x04 an .npz file is a zip archive",
        "no column": lambda: whole(vectors[:, :0], array),
    }[content]()
    array.write_bytes(made)
    with pytest.raises(ValueError, match=f"^{re.escape(str(array))}.*{message}"):
        load_embedded(array.parents[1], tasks, ["cr"])


@pytest.mark.parametrize("scale", [1e39, 1e10, 1e-30])
@pytest.mark.parametrize("kind", [np.float64, np.longdouble])
def test_values_that_float32_cannot_work_with_are_refused(kind: type, scale: float) -> None:
    vectors = np.full((3, 2), 0.5, kind) * kind(scale)
    with pytest.raises(ValueError, match=f"x: the largest absolute value is {re.escape(f'{scale / 2:.3g}')}.*rescale"):
        checked(vectors, 3, "x")


def test_bounds_leave_room_for_squares_of_products() -> None:
    largest = np.float32(MOST)
    assert np.isfinite((largest * largest) ** 2)
    assert not checked(np.zeros((3, 2)), 3, "x").any(), "zeros are a constant column, which tells nothing"


@pytest.mark.parametrize("count", [11, 12, 13])
@pytest.mark.parametrize("k", [2, 5, 10])
def test_need_of_nested_folds_is_exact(k: int, count: int) -> None:
    """What passes the check can be split, and one example fewer could not."""
    labels = np.array([0] * (k + 2 + count) + [1] * (k + 2))
    assert folds.absent(fetch.get_task("mr"), labels, k) == []
    folds.nested(labels, k)
    with pytest.raises(ValueError, match=f"^class 1 has {k - 1} examples, fewer than the {k} folds"):
        folds.nested(labels[:-1], k)


@pytest.mark.parametrize(("name", "needed"), [("mr", 12), ("trec", 10)])
def test_class_with_too_few_examples_is_named(name: str, needed: int) -> None:
    task = fetch.get_task(name)
    labels = np.repeat(np.arange(len(task.classes)), [needed - 1, *[50] * (len(task.classes) - 1)])
    expected = f"task '{name}': class '{task.classes[0]}' has {needed - 1} examples to train on.* need {needed}"
    with pytest.raises(ValueError, match=expected):
        folds.absent(task, labels, 10)


def test_one_class_alone_is_refused() -> None:
    with pytest.raises(ValueError, match="task 'sst2': all 30 examples to train on are of class 'positive'"):
        folds.absent(fetch.get_task("sst2"), np.ones(30, dtype=np.int64), 10)


@pytest.mark.parametrize("protocol", [converged, senteval])
def test_class_absent_from_train_is_on_record(protocol, caplog: pytest.LogCaptureFixture) -> None:
    rng = np.random.default_rng(0)
    task = replace(fetch.get_task("sst2"), classes=("negative", "positive", "neither"))
    parts = {}
    for name, n in (("train", 40), ("dev", 20), ("test", 30)):
        labels = rng.integers(0, 3 if name == "test" else 2, n)
        vectors = (labels[:, None] + rng.normal(size=(n, 4))).astype(np.float32)
        parts[name] = Embedded((vectors,), labels, np.ones((n, 1), dtype=np.int64))
    found = protocol.score(task, parts, protocol.Params(), 0)
    assert found.to_json()["absent"] == ["neither"]
    assert "sst2: no example to train on of class neither" in caplog.text


def test_choices_at_an_end_of_the_grid_are_counted(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert converged.at_edge("mr", [0.1, 1.0], (0.01, 0.1, 1.0, 10.0)) == {"lowest": 0, "highest": 0}
        assert not caplog.text
        assert converged.at_edge("mr", [0.01, 10.0, 10.0], (0.01, 10.0)) == {"lowest": 1, "highest": 2}
        assert converged.at_edge("trec", 10.0, (0.01, 10.0)) == {"lowest": 0, "highest": 1}
    assert "mr: of 3 choices of C, 1 are the lowest of the grid (0.01) and 2 the highest (10)" in caplog.text


@pytest.mark.parametrize(
    ("protocol", "configuration", "error", "message"),
    [
        ("convergd", None, KeyError, "did you mean 'converged'"),
        ("converged", "default", KeyError, "unknown parameter 'configuration'"),
        ("senteval", "fast", ValueError, "default, prototyping"),
    ],
)
def test_nothing_is_encoded_for_a_protocol_that_is_refused(
    tasks: Path, tmp_path: Path, monkeypatch, protocol: str, configuration: str | None, error: type, message: str
) -> None:
    def encode(texts: list[str]) -> np.ndarray:
        raise AssertionError("encoded")

    monkeypatch.setattr(controls, "bag_of_words", encode)
    with pytest.raises(error, match=message):
        evaluate.run(tasks, tmp_path / "o.json", None, None, "bag-of-words", "cr", protocol, configuration, 0)
    with pytest.raises(error, match=message):
        score_tasks(encode, tasks, ["cr"], protocol, {"configuration": configuration} if configuration else None)


def published(tmp_path: Path, task: Task) -> tuple[Task, Path]:
    """The task as if it had been published with sixty sentences, and a mirror that holds them."""
    files = []
    for file, word in zip(task.files, ("fine", "dull"), strict=True):
        path = tmp_path / "mirror" / _task.MIRROR_FOLDER / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{word} film\n" * 30)
        files.append(replace(file, sha256=sha256(path), rows=30))
    return replace(task, files=tuple(files)), tmp_path / "mirror"


def test_tasks_that_a_folder_lacks_are_added_to_it(tasks: Path, tmp_path: Path, monkeypatch) -> None:
    mr, mirror = published(tmp_path, fetch.get_task("mr"))
    monkeypatch.setattr(fetch, "get_task", {"mr": mr, "cr": fetch.get_task("cr")}.__getitem__)
    monkeypatch.setenv(sources.VARIABLE, str(mirror))
    before = fetch.read_task(tasks, "cr")["all"]
    evaluate.run(tasks, tmp_path / "o.json", None, None, "random-projection", "mr,cr", "converged", None, 0)
    assert set(read_json(tmp_path / "o.json")["tasks"]) == {"mr", "cr"}
    assert set(fetch.held(tasks)) == {"mr", "cr"}
    assert fetch.read_task(tasks, "cr")["all"].texts == before.texts, "generated files are left as they are"
    assert set((tasks / fetch.SENTENCES).read_text().splitlines()) >= {"fine film", "phone good"}


def test_published_files_never_replace_those_of_a_held_task(tasks: Path, tmp_path: Path, monkeypatch) -> None:
    cr = fetch.get_task("cr")
    other, mirror = published(tmp_path, replace(cr, name="other"))
    monkeypatch.setattr(fetch, "get_task", {"other": other, "cr": cr}.__getitem__)
    content = (tasks / cr.files[0].path).read_bytes()
    with pytest.raises(ValueError, match=r"custrev.*is not the published file that task 'other' needs"):
        fetch.fetch_missing(["other", "cr"], tasks, mirror)
    assert (tasks / cr.files[0].path).read_bytes() == content


def test_numerical_failure_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise FloatingPointError("the Hessian is not finite")

    monkeypatch.setattr(__main__, "app", fail)
    monkeypatch.setattr(sys, "argv", ["infoviews"])
    with pytest.raises(SystemExit, match="^error: the Hessian is not finite$"):
        __main__.main()
