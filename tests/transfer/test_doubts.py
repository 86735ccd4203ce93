"""Embeddings that are quantised, all zeros or all the same are scored, and the result says so."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from infoviews.commands import evaluate
from infoviews.files import read_json, write_array
from infoviews.transfer import fetch
from infoviews.transfer.embed import checked, encode_tasks

ROWS = 60


@pytest.fixture
def tasks(tmp_path: Path) -> Path:
    folder = tmp_path / "tasks"
    (folder / "CR").mkdir(parents=True)
    for name, word in (("pos", "good"), ("neg", "bad")):
        text = "".join(f"{'phone ' * (i % 5 + 1)}{word}\n" for i in range(ROWS // 2))
        (folder / f"CR/custrev.{name}").write_bytes(b"\xef\xbb\xbf" + text.encode())  # as Windows' editors write it
    fetch.describe(folder, [fetch.get_task("cr")])
    return folder


def scored(tasks: Path, vectors: np.ndarray) -> dict:
    """The result file on these arrays, the notes of its table beside it."""
    out = tasks.parent / "result.json"
    write_array(tasks.parent / "given/cr/all.npy", vectors)
    evaluate.run(tasks, out, tasks.parent / "given", None, None, "cr", "converged", None, 0)
    result = read_json(out)
    assert all(note in out.with_suffix(".md").read_text() for note in result.get("notes", []))
    return result


@pytest.mark.parametrize("kind", [np.int8, np.uint8])
def test_quantised_embeddings_score_as_their_numbers_do(tasks: Path, kind: type) -> None:
    rng = np.random.default_rng(0)
    vectors = rng.integers(np.iinfo(kind).min, np.iinfo(kind).max + 1, (ROWS, 6)).astype(kind)
    vectors[: ROWS // 2, 0] = np.iinfo(kind).min  # no number of its type is its absolute value
    bytes_, plain = scored(tasks, vectors), scored(tasks, vectors.astype(np.float32))
    assert bytes_["tasks"] == plain["tasks"] and "notes" not in plain
    assert bytes_["notes"] == [
        f"{np.dtype(kind)} embeddings, taken as the numbers that they are; bits packed into bytes would need "
        "numpy.unpackbits first"
    ]


@pytest.mark.parametrize("kind", [np.int16, np.int64, np.bool_, np.complex64, "U3"])
def test_other_arrays_are_no_embeddings(kind: type) -> None:
    with pytest.raises(ValueError, match="expected an array .n, d. of real numbers, int8 or uint8"):
        checked(np.ones((4, 2)).astype(kind), 4, "x")


@pytest.mark.parametrize(
    ("value", "said"), [(0.0, "all zeros"), (0.3, "the same row for every text"), (-7e3, "the same row for every text")]
)
def test_constant_embeddings_are_scored_with_a_warning(tasks: Path, value: float, said: str, caplog) -> None:
    rounding = 1 + 1e-7 * np.random.default_rng(1).normal(size=(ROWS, 5))
    result = scored(tasks, (value * rounding).astype(np.float32))
    note = f"cr, all: the embeddings are {said}, so its scores say nothing of the texts"
    assert result["notes"] == [note] and note in caplog.text
    assert result["tasks"]["cr"]["test"] == pytest.approx(50, abs=16)


def test_embeddings_that_differ_in_one_row_are_not_doubted(tasks: Path) -> None:
    vectors = np.ones((ROWS, 4), np.float32)
    vectors[7, 2] = 1.1
    assert "notes" not in scored(tasks, vectors)


def test_graded_tasks_survive_zeros() -> None:
    from infoviews.contracts import Split
    from infoviews.transfer.evaluate import report

    texts = [f"text {number}" for number in range(40)]
    splits = {"sts12": {"MSRpar": Split((texts, texts[::-1]), np.linspace(0, 5, 40))}}
    parts = encode_tasks(lambda given: np.zeros((len(given), 3), np.float32), splits)
    found = report(parts, "converged", {}, 0)
    assert found["tasks"]["sts12"]["test"] == 0 and "sts12, MSRpar: the embeddings are all zeros" in found["notes"][0]


def test_a_byte_order_mark_is_no_part_of_a_sentence(tasks: Path) -> None:
    texts = fetch.read_task(tasks, "cr")["all"].texts[0]
    assert texts[0] == "phone good" and texts[ROWS // 2] == "phone bad"


def test_pooling_is_said_of_a_checkpoint_only(tasks: Path) -> None:
    with pytest.raises(ValueError, match="--pooling says how a --checkpoint is pooled; give one"):
        evaluate.run(tasks, tasks / "x.json", tasks, None, None, "cr", "converged", None, 0, "cls")
