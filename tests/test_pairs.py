"""Pairs come back from disk as they went in, split by split."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from infoviews.contracts import SPLITS, Pairs, Ragged, slices
from infoviews.pairs import read_facts, read_pairs, write_pairs, writing_pairs


def ragged(rows: list[list[int]]) -> Ragged:
    return Ragged(
        np.array([token for row in rows for token in row], dtype=np.uint16),
        np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int64),
    )


def test_round_trip_keeps_rows_views_and_splits(tmp_path: Path) -> None:
    splits = {
        name: Pairs((ragged([[n, 1], [n, 2, 3]]), ragged([[n, 9], [n]])), np.array([10 * n, 10 * n + 1]))
        for n, name in enumerate(SPLITS, start=1)
    }
    write_pairs(tmp_path, splits, {"dropout": None})
    assert read_facts(tmp_path)["counts"] == {"train": 2, "critic": 2, "heldout": 2}
    for name, written in splits.items():
        read = read_pairs(tmp_path, name)
        assert np.array_equal(read.anchors, written.anchors)
        for before, after in zip(written.views, read.views, strict=True):
            assert [row.tolist() for row in after] == [row.tolist() for row in before]


def test_unknown_split_names_the_known_ones(tmp_path: Path) -> None:
    write_pairs(tmp_path, {name: Pairs((ragged([[1]]), ragged([[2]])), np.array([0])) for name in SPLITS}, {})
    with pytest.raises(KeyError, match="train, critic, heldout"):
        read_pairs(tmp_path, "test")


def test_slices_equal_a_python_loop() -> None:
    ids = np.arange(100)
    starts, lengths = np.array([5, 90, 0]), np.array([3, 0, 7])
    gathered = slices(ids, starts, lengths)
    assert [row.tolist() for row in gathered] == [ids[s : s + n].tolist() for s, n in zip(starts, lengths, strict=True)]


def test_chunks_give_the_same_files_as_one_piece(tmp_path):
    views = tuple(ragged([[v, i] + [7] * i for i in range(5)]) for v in (1, 2, 3))
    whole = Pairs(views, np.arange(5))
    write_pairs(tmp_path / "whole/views", dict.fromkeys(SPLITS, whole), {"dropout": 0.1})
    with writing_pairs(tmp_path / "parts/views") as writer:
        for name in SPLITS:
            for rows in (np.array([0, 1]), np.array([], dtype=int), np.array([2, 3, 4])):
                writer.append(name, Pairs(tuple(view.take(rows) for view in views), rows))
        writer.facts = {"dropout": 0.1}
    for file in ("ids.npy", "offsets.npy", "anchors.npy", "facts.json"):
        assert (tmp_path / "whole/views" / file).read_bytes() == (tmp_path / "parts/views" / file).read_bytes()


@pytest.mark.parametrize(("split", "views", "message"), [("train", 2, "order"), ("heldout", 3, "3 views .* after 2")])
def test_chunks_out_of_place_are_refused_and_leave_no_ids(tmp_path, split, views, message):
    one = ragged([[1]])
    with pytest.raises(ValueError, match=message), writing_pairs(tmp_path) as writer:
        writer.append("critic", Pairs((one, one), np.array([0])))
        writer.append(split, Pairs((one,) * views, np.array([0])))
    assert not (tmp_path / "ids.npy").exists()
