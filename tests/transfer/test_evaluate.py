"""The evaluate command, arrays given as files, graded tasks and controls."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.stats import spearmanr

from infoviews.commands import evaluate
from infoviews.contracts import Split
from infoviews.encoders.architectures import bert
from infoviews.files import read_json, write_array
from infoviews.transfer import controls, fetch, graded
from infoviews.transfer.arrays import array_names
from infoviews.transfer.embed import Embedded


@pytest.fixture
def tasks(tmp_path: Path) -> Path:
    rng = np.random.default_rng(0)
    folder = tmp_path / "tasks"
    (folder / "CR").mkdir(parents=True)
    for name, word in (("pos", "good"), ("neg", "bad")):
        rows = [" ".join(rng.choice(["phone", "lens", "menu"], rng.integers(1, 5))) + f" {word}" for _ in range(60)]
        (folder / f"CR/custrev.{name}").write_text("\n".join([*rows[:-1], ""]) + "\n")
    (folder / "MRPC").mkdir()
    for part in ("train", "test"):
        rows = [f"{i % 2}\t1\t2\tone {i}\t{'one' if i % 2 else 'two'} {i}" for i in range(60)]
        (folder / f"MRPC/msr_paraphrase_{part}.txt").write_text("\n".join(["q\ta\tb\tc\td", *rows]) + "\n")
    fetch.describe(folder, [fetch.get_task("cr"), fetch.get_task("mrpc")])
    return folder


def test_arrays_give_what_the_encoder_gives(tasks: Path, tmp_path: Path) -> None:
    encode = controls.random_projection(8)
    for name in ("cr", "mrpc"):
        for part, split in fetch.read_task(tasks, name).items():
            for file, side in zip(array_names(part, len(split.texts)), split.texts, strict=True):
                write_array(tmp_path / "given" / name / file, encode(side))
    for configuration, protocol in ((None, "converged"), ("prototyping", "senteval")):
        evaluate.run(tasks, tmp_path / "a.json", tmp_path / "given", None, None, "cr,mrpc", protocol, configuration, 0)
        result = read_json(tmp_path / "a.json")
        assert result["tasks"]["cr"]["n"] == 120 and result["dimension"] == 8
        table = (tmp_path / "a.md").read_text()
        assert f"`{protocol}`" in table and "| dev | test |" in table


def test_controls_by_the_same_command(tasks: Path, tmp_path: Path) -> None:
    evaluate.run(tasks, tmp_path / "b.json", None, None, "bag-of-words", "cr", "converged", None, 0)
    assert read_json(tmp_path / "b.json")["tasks"]["cr"]["test"] > 95
    with pytest.raises(KeyError, match="known: bag-of-words"):
        evaluate.run(tasks, tmp_path / "c.json", None, None, "bow", "cr", "converged", None, 0)
    with pytest.raises(ValueError, match="give one of"):
        evaluate.run(tasks, tmp_path / "c.json", None, None, None, "cr", "converged", None, 0)


def test_missing_and_short_arrays_are_explained(tasks: Path, tmp_path: Path) -> None:
    def scored() -> None:
        evaluate.run(tasks, tmp_path / "d.json", tmp_path / "given", None, None, "cr", "converged", None, 0)

    with pytest.raises(FileNotFoundError, match="all.npy: no such array"):
        scored()
    write_array(tmp_path / "given/cr/all.npy", np.zeros((7, 3), np.float32))
    with pytest.raises(ValueError, match="expected 120 rows, one per sentence, found 7"):
        scored()


@pytest.mark.parametrize("protocol", ["converged", "senteval"])
def test_half_precision_and_constant_columns_are_documented_values(tasks: Path, tmp_path: Path, protocol: str) -> None:
    """float16 is widened before anything is computed; a column that never changes tells nothing and breaks nothing."""
    texts = fetch.read_task(tasks, "cr")["all"].texts[0]
    vectors = controls.random_projection(8)(texts).astype(np.float16)
    constant = np.hstack([vectors, np.full((len(vectors), 1), 3.0, np.float16)])
    configuration = "prototyping" if protocol == "senteval" else None
    found = {}
    for name, given in (("half", vectors), ("single", vectors.astype(np.float32)), ("constant", constant)):
        write_array(tmp_path / name / "cr" / "all.npy", given)
        evaluate.run(tasks, tmp_path / f"{name}.json", tmp_path / name, None, None, "cr", protocol, configuration, 0)
        found[name] = read_json(tmp_path / f"{name}.json")["tasks"]["cr"]
    assert found["half"] == found["single"]
    assert found["constant"]["test"] == pytest.approx(found["half"]["test"], abs=2.5)


def test_arrays_of_two_encoders_are_refused_before_anything_is_scored(tasks: Path, tmp_path: Path) -> None:
    write_array(tmp_path / "given/mrpc/train.1.npy", np.ones((60, 3), np.float32))
    write_array(tmp_path / "given/mrpc/train.2.npy", np.ones((60, 4), np.float32))
    for side in (1, 2):
        write_array(tmp_path / f"given/mrpc/test.{side}.npy", np.ones((60, 3), np.float32))
    with pytest.raises(ValueError, match=r"different dimensions: \[3, 4\]"):
        evaluate.run(tasks, tmp_path / "f.json", tmp_path / "given", None, None, "mrpc", "converged", None, 0)


def test_not_finite_arrays_are_refused_by_name(tasks: Path, tmp_path: Path) -> None:
    vectors = np.ones((120, 3), np.float32)
    vectors[17, 1] = np.inf
    write_array(tmp_path / "given/cr/all.npy", vectors)
    with pytest.raises(ValueError, match=r"all.npy: 1 rows hold NaN or infinity, the first is row 17"):
        evaluate.run(tasks, tmp_path / "e.json", tmp_path / "given", None, None, "cr", "converged", None, 0)


def test_empty_sentence_is_a_zero_vector() -> None:
    assert not controls.bag_of_words([""]).any()
    assert not controls.random_projection(4)([""]).any()


def test_cosine_of_a_zero_vector_is_zero() -> None:
    np.testing.assert_allclose(graded.cosine(np.eye(2), np.array([[0.0, 0.0], [0.0, 2.0]])), [0.0, 1.0])


def test_relatedness_targets() -> None:
    expected = [[1, 0, 0, 0, 0], [0, 0.6, 0.4, 0, 0], [0, 0, 0, 0, 1], [0.5, 0, 0, 0, 0]]
    np.testing.assert_allclose(graded.targets(np.array([1.0, 2.4, 5.0, 0.5])), expected, atol=1e-12)


def test_relatedness_head_learns_the_score_and_repeats_itself() -> None:
    rng = np.random.default_rng(3)
    parts = {}
    for name, n in (("train", 200), ("dev", 60), ("test", 80)):
        grade = rng.uniform(1, 5, n)
        first = rng.choice([-1.0, 1.0], (n, 6))
        second = first * np.where(np.arange(6) < 3, (grade[:, None] - 1) / 2 - 1, 1.0)  # the products tell the grade
        sides = (first.astype(np.float32), second.astype(np.float32))
        parts[name] = Embedded(sides, grade, rng.integers(1, 9, (n, 2)))
    first_time, second_time = (graded.score(fetch.get_task("sick_r"), parts, 0) for _ in range(2))
    assert first_time.test == second_time.test > 95 and first_time.dev is not None and first_time.dev > 95
    assert first_time.facts["mse"] < np.var(parts["test"].labels) and first_time.facts["dev_metric"] == "pearson"


def test_similarity_is_the_mean_over_subsets() -> None:
    rng = np.random.default_rng(2)
    parts = {}
    for name, n in (("FNWN", 30), ("OnWN", 50)):
        vectors = tuple(rng.normal(size=(n, 4)).astype(np.float32) for _ in range(2))
        split = Split((["a"] * n, ["b"] * n), rng.uniform(0, 5, n))
        parts[name] = Embedded(vectors, split.labels, np.ones((n, 2), dtype=np.int64))
    outcome = graded.score(fetch.get_task("sts13"), parts, 0)
    single = [100 * spearmanr(graded.cosine(*part.vectors), part.labels)[0] for part in parts.values()]
    assert outcome.test == pytest.approx(np.mean(single))
    assert outcome.facts["weighted_spearman"] == pytest.approx(np.average(single, weights=[30, 50]))
    low, high = np.percentile(outcome.draws, [2.5, 97.5])
    assert low < outcome.test < high


def test_random_transformer_keeps_shape_and_forgets_weights(tokenizer) -> None:
    encoder = bert.build(bert.Params(layers=1, width=8, heads=2, max_tokens=16), tokenizer, seed=0).eval()
    before = encoder.encode(["a bb ccc", ""])
    first = controls.reinitialised(encoder, seed=1).encode(["a bb ccc", ""])
    assert first.shape == before.shape == (2, 8) and not np.allclose(first, before)
    np.testing.assert_array_equal(first, controls.reinitialised(encoder, seed=1).encode(["a bb ccc", ""]))
