"""Tasks read, checked and scored end to end on generated files."""

from __future__ import annotations

import json
import os
import tarfile
from pathlib import Path

import numpy as np
import pytest

from infoviews import registry, sources
from infoviews.transfer import fetch, score
from infoviews.transfer.embed import checked, encode_tasks
from infoviews.transfer.evaluate import evaluate
from infoviews.transfer.tasks import _task

MIRROR = os.environ.get("INFOVIEWS_MIRROR", "")
needs_mirror = pytest.mark.skipif(not MIRROR, reason="INFOVIEWS_MIRROR is not set")
QUICK = {"folds": 3, "grid": [0.01, 1.0]}


def hashed(texts: list[str]) -> np.ndarray:
    """Bag of hashed words: words carry the label in the generated tasks."""
    table = np.random.default_rng(0).normal(size=(256, 16)).astype(np.float32)
    rows = [[sum(word.encode()) % 256 for word in text.split()] for text in texts]
    return np.stack([table[row].sum(0) if row else np.zeros(16, np.float32) for row in rows])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rng = np.random.default_rng(1)
    words = {0: ["bad", "dull", "grim"], 1: ["good", "fine", "bright"]}

    def sentence(label: int) -> str:
        filler = rng.choice(["film", "plot", "actor", "scene"], rng.integers(1, 6)).tolist()
        return " ".join([*filler, str(rng.choice(words[label]))])

    for name, label in (("MR/rt-polarity.pos", 1), ("MR/rt-polarity.neg", 0)):
        (tmp_path / "MR").mkdir(exist_ok=True)
        (tmp_path / name).write_text("".join(f"{sentence(label)}\n" for _ in range(40)))
    (tmp_path / "SST/binary").mkdir(parents=True)
    for part, n in (("train", 80), ("dev", 20), ("test", 30)):
        rows = [f"{sentence(i % 2)}\t{i % 2}\n" for i in range(n)]
        (tmp_path / f"SST/binary/sentiment-{part}").write_text("".join(rows))
    (tmp_path / "MRPC").mkdir()
    for part, n in (("train", 60), ("test", 30)):
        rows = [f"{i % 2}\t1\t2\t{sentence(1)}\t{sentence(i % 2)}\n" for i in range(n)]
        (tmp_path / f"MRPC/msr_paraphrase_{part}.txt").write_text("\ufeffQuality\ta\tb\tc\td\n" + "".join(rows))
    fetch.describe(tmp_path, [fetch.get_task(name) for name in ("mr", "sst2", "mrpc")])
    return tmp_path


def test_evaluate_scores_every_scheme(folder: Path) -> None:
    result = evaluate(hashed, folder, ["mr", "sst2", "mrpc"], "converged", QUICK, seed=3)
    json.dumps(result, allow_nan=False)
    assert result["dimension"] == 16 and result["protocol"] == "converged"
    assert result["averages"] == {"six": None, "seven": None}
    for entry in result["tasks"].values():
        assert entry["low"] <= entry["test"] <= entry["high"]
        assert score.unpack(entry).mean() * 100 == pytest.approx(entry["test"])
    assert result["tasks"]["mr"]["test"] > 90 > result["tasks"]["mr"]["majority"] == 50
    assert "f1" in result["tasks"]["mrpc"] and "f1" not in result["tasks"]["mr"]
    assert len(result["tasks"]["mr"]["regularisation"]) == 3
    assert result == evaluate(hashed, folder, ["mr", "sst2", "mrpc"], "converged", QUICK, seed=3)


def test_each_distinct_sentence_is_encoded_once(folder: Path) -> None:
    seen: list[str] = []

    def encode(texts: list[str]) -> np.ndarray:
        seen.extend(texts)
        return hashed(texts)

    tasks = {name: fetch.read_task(folder, name) for name in ("mr", "sst2")}
    embedded = encode_tasks(encode, tasks)
    assert len(seen) == len(set(seen)) and sorted(seen, key=lambda t: (len(t.split()), t)) == seen
    np.testing.assert_array_equal(embedded["mr"]["all"].vectors[0], hashed(tasks["mr"]["all"].texts[0]))


def test_order_is_stable_by_tokens_then_label(folder: Path) -> None:
    part = encode_tasks(hashed, {"mrpc": fetch.read_task(folder, "mrpc")})["mrpc"]["train"]
    rows = list(zip(*part.tokens.T.tolist(), part.labels.tolist(), strict=True))
    assert part.order().tolist() == sorted(range(len(rows)), key=lambda i: rows[i])


def test_changed_file_is_refused(folder: Path) -> None:
    with (folder / "MR/rt-polarity.pos").open("a") as file:
        file.write("one more\n")
    with pytest.raises(ValueError, match="rt-polarity.pos: expected 916 bytes, found 925"):
        fetch.read_task(folder, "mr")


def test_unknown_names_are_explained(folder: Path) -> None:
    with pytest.raises(KeyError, match="did you mean 'trec'"):
        evaluate(hashed, folder, ["trek"])
    with pytest.raises(KeyError, match="holds no task 'cr'"):
        evaluate(hashed, folder, ["cr"])
    with pytest.raises(KeyError, match="did you mean 'converged'"):
        evaluate(hashed, folder, ["mr"], "converge")
    with pytest.raises(KeyError, match="did you mean 'folds'"):
        evaluate(hashed, folder, ["mr"], "converged", {"fold": 3})


def test_too_small_class_is_explained(folder: Path) -> None:
    with pytest.raises(
        ValueError, match="task 'mr': class 'negative' has 40 examples to train on, but 50 folds need 52"
    ):
        evaluate(hashed, folder, ["mr"], "converged", {"folds": 50})


def test_bad_embeddings_are_explained() -> None:
    good = np.ones((3, 2), np.float32)
    broken = good.copy()
    broken[1, 0] = np.nan
    with pytest.raises(ValueError, match="1 rows hold NaN or infinity, the first is row 1"):
        checked(broken, 3, "x")
    with pytest.raises(ValueError, match="expected 4 rows"):
        checked(good, 4, "x")
    with pytest.raises(ValueError, match="expected an array"):
        checked(good.astype(int), 3, "x")
    assert checked(good.astype(np.float16), 3, "x").dtype == np.float32


@pytest.mark.parametrize("name", registry.names("transfer.tasks"))
def test_task_contract(name: str) -> None:
    task = fetch.get_task(name)
    assert task.name == name and task.citation and task.files
    assert all(len(file.sha256) == 64 and file.rows > 0 for file in task.files)
    assert bool(task.classes) == (task.scheme in ("nested", "folds", "dev"))


@needs_mirror
@pytest.mark.parametrize("name", registry.names("transfer.tasks"))
def test_published_counts(name: str, tmp_path: Path) -> None:
    manifest = fetch.fetch_tasks([name], tmp_path, Path(MIRROR))
    task, parts = fetch.get_task(name), fetch.read_task(tmp_path, name)
    assert {part: len(split.labels) for part, split in parts.items()} == dict(task.counts)
    assert set(manifest[name]) == {file.path for file in task.files}
    for split in parts.values():
        assert {len(side) for side in split.texts} == {len(split.labels)}
        assert len(split.texts) == 1 + task.pair
        if task.classes:
            assert set(split.labels) == set(range(len(task.classes)))


@needs_mirror
def test_majority_baselines_and_empty_sentences() -> None:
    folder = Path(MIRROR) / _task.MIRROR_FOLDER
    expected = {"mr": 50.00, "cr": 63.76, "subj": 50.00, "mpqa": 68.77, "trec": 18.8, "mrpc": 66.49}
    for name, value in expected.items():
        parts = fetch.get_task(name).read(folder)
        train, test = parts.get("train", parts.get("all")), parts.get("test", parts.get("all"))
        assert train is not None and test is not None
        assert score.majority(train.labels, test.labels) == pytest.approx(value, abs=0.005)
    for name, empty in {"cr": 4, "mpqa": 3}.items():
        assert fetch.get_task(name).read(folder)["all"].texts[0].count("") == empty


def archive_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    (tmp_path / "SentEval/MR").mkdir(parents=True)
    for file in fetch.get_task("mr").files:
        (tmp_path / "SentEval" / file.path).write_bytes(content)
    with tarfile.open(tmp_path / "senteval.tar", "w") as archive:
        archive.add(tmp_path / "SentEval", arcname=".")
    monkeypatch.setattr(_task, "ARCHIVE", (tmp_path / "senteval.tar").as_uri())


def test_damaged_archive_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive_of(tmp_path, monkeypatch, b"not the file\n")
    with pytest.raises(sources.SourceError, match="expected sha256"):
        fetch.fetch_tasks(["mr"], tmp_path / "out", None)
    assert not [path for path in (tmp_path / "out").rglob("*") if path.is_file()]


def test_no_place_has_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_task, "ARCHIVE", (tmp_path / "absent.tar").as_uri())
    with pytest.raises(sources.SourceError, match=r"INFOVIEWS_MIRROR is not set.*absent\.tar.*Set INFOVIEWS_MIRROR"):
        fetch.fetch_tasks(["mr"], tmp_path / "out", None)


@needs_mirror
def test_archive_gives_the_same_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with tarfile.open(tmp_path / "senteval.tar", "w") as archive:
        archive.add(Path(MIRROR) / _task.MIRROR_FOLDER / "MR", arcname="MR")
    monkeypatch.setattr(_task, "ARCHIVE", (tmp_path / "senteval.tar").as_uri())
    fetch.fetch_tasks(["mr"], tmp_path / "out", None)
    assert len(fetch.read_task(tmp_path / "out", "mr")["all"].labels) == 10662
