"""A reader's own pairs: every format gives the same views, no text is in two splits, faults name their place."""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from infoviews.contracts import SPLITS
from infoviews.files import sha256
from infoviews.pairs import read_pairs
from infoviews.sources import SourceError
from infoviews.views import pairs
from infoviews.views.drawing.build import build, setting
from infoviews.views.materials import own_pairs

PAIRS = [(f"the cat {n}, it sleeps", f'a "dog" {n} runs\nslowly') for n in range(200)]
"""With commas, quotes and line breaks, which CSV has to quote."""
TOLD = ("a", "b")


def csv_of(path: Path, rows: list, delimiter: str = ",") -> Path:
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        csv.writer(file, delimiter=delimiter).writerows([("note", *TOLD), *(("-", *row) for row in rows)])
    return path


def jsonl_of(path: Path, rows: list) -> Path:
    path.write_text("\n".join(json.dumps({"b": b, "a": a, "n": 1}) for a, b in rows) + "\n\n", encoding="utf-8")
    return path


def packed(path: Path) -> Path:
    target = path.with_name(path.name + ".gz")
    target.write_bytes(gzip.compress(path.read_bytes()))
    return target


def test_every_format_holds_the_same_pairs(tmp_path: Path) -> None:
    table, lines = csv_of(tmp_path / "p.csv", PAIRS), jsonl_of(tmp_path / "p.jsonl", PAIRS)
    files = [table, csv_of(tmp_path / "p.tsv", PAIRS, "\t"), lines, packed(table), packed(lines)]
    assert all(own_pairs.of_file(path, TOLD, None) == PAIRS for path in files)


def test_a_data_set_of_the_hub_holds_them_too(monkeypatch: pytest.MonkeyPatch) -> None:
    datasets = pytest.importorskip("datasets")
    table = datasets.Dataset.from_list([{"a": a, "b": b} for a, b in PAIRS])
    asked: list[object] = []
    monkeypatch.setattr(datasets, "load_dataset", lambda *given, **more: (asked.append((given, more)), table)[1])
    params = pairs.Params(dataset="me/mine", revision="abc", columns=TOLD)
    assert pairs._pairs(params).texts == PAIRS
    assert asked == [(("me/mine", None), {"split": "train", "revision": "abc"})]
    with pytest.raises(ValueError, match="me/mine, row 0: no column 'c'; has: a, b"):
        pairs._pairs(pairs.Params(dataset="me/mine", revision="abc", columns=("a", "c")))


def test_a_data_set_that_cannot_be_had_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    datasets = pytest.importorskip("datasets")

    def unreachable(*given, **more):
        raise ConnectionError("no route")

    monkeypatch.setattr(datasets, "load_dataset", unreachable)
    with pytest.raises(SourceError, match="me/mine at def cannot be read: no route"):
        pairs._pairs(pairs.Params(dataset="me/mine", revision="def", columns=TOLD))


linked = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=40)


@given(linked)
def test_no_text_is_in_two_splits_and_groups_are_what_hangs_together(links: list[tuple[int, int]]) -> None:
    """Beside pairs that fill every split stand ones that share texts at random; compared with a plain union of sets."""
    made = [(f"Text  {a}", f"text {b}") for a, b in links]
    own = own_pairs.parted(PAIRS + made, "here")
    assert own.texts == list(dict.fromkeys(PAIRS + made))
    seen: list[set[str]] = []
    for pair in own.texts:
        plain = {" ".join(text.lower().split()) for text in pair}
        apart = [group for group in seen if not group & plain]
        seen = [*apart, plain.union(*(group for group in seen if group & plain))]
    of = [next(i for i, group in enumerate(seen) if " ".join(a.lower().split()) in group) for a, _ in own.texts]
    assert len(set(zip(of, own.groups.tolist(), strict=True))) == len(seen) == len(set(own.groups.tolist()))
    splits: dict[str, set[int]] = {}
    for pair, split in zip(own.texts, own.split.tolist(), strict=True):
        for text in pair:
            splits.setdefault(" ".join(text.lower().split()), set()).add(split)
    assert all(len(found) == 1 for found in splits.values())


@given(st.permutations(range(200)))
def test_the_order_of_the_file_does_not_move_a_pair(order: list[int]) -> None:
    splits = dict(zip(PAIRS, own_pairs.parted(PAIRS, "here").split.tolist(), strict=True))
    mixed = own_pairs.parted([PAIRS[n] for n in order], "here")
    assert [splits[pair] for pair in mixed.texts] == mixed.split.tolist()


def test_views_are_written_with_their_groups_as_documents(corpus, tmp_path: Path) -> None:
    rows = [*PAIRS, *((f"one more {n // 4}", f"good music {n}") for n in range(200))]
    chosen = setting("pairs", {"file": str(csv_of(tmp_path / "p.csv", rows)), "columns": list(TOLD)})
    build(corpus, chosen, dict.fromkeys(SPLITS, 1000), tmp_path / "views")
    found = [read_pairs(tmp_path / "views", split) for split in SPLITS]
    assert sum(len(split.anchors) for split in found) == 400
    assert sum(len(np.unique(split.documents)) for split in found) == 250
    assert all((split.documents < 0).all() for split in found)


def test_a_file_that_changed_is_not_what_was_planned(tmp_path: Path) -> None:
    path = csv_of(tmp_path / "p.csv", PAIRS)
    params = pairs.Params(str(path), TOLD, sha256(path))
    assert pairs._pairs(params).texts == PAIRS
    csv_of(path, PAIRS[1:])
    with pytest.raises(SourceError, match=f"has sha256 {sha256(path)}, not {params.sha256}: it has changed"):
        pairs._pairs(params)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("p.csv", "a,b\nx,y\nx\n", "p.csv, line 3: 1 columns, but the header has 2"),
        ("p.csv", "a,b\nx,y,z\n", "p.csv, line 2: 3 columns, but the header has 2; quote"),
        ("p.csv", 'a,b\n"x\n', "p.csv, line 2: unexpected end of data"),
        ("p.csv", "a,b\nx, \n", "p.csv, line 2, column 'b': a text is needed, not ' '"),
        ("p.csv", "a,bb\nx,y\n", "p.csv, line 2: no column 'b', did you mean 'bb'?; has: a, bb"),
        ("p.csv", "a,a\nx,y\n", "p.csv, line 1: a column's name stands twice: a, a"),
        ("p.csv", b"a,b\nx,y\n\xff,z\n", "p.csv, line 3: no UTF-8; convert the file"),
        ("p.csv.gz", b"a,b\nx,y\n", "p.csv.gz: no whole gzip file"),
        ("p.tsv", "a\tb\nx,y\n", "p.tsv, line 2: 1 columns, but the header has 2"),
        ("p.jsonl", '{"a": "x", "b": "y"}\n{"a": \n', "p.jsonl, line 2, column 7: Expecting value"),
        ("p.jsonl", '["x", "y"]\n', "p.jsonl, line 1: an object of columns is needed"),
        ("p.jsonl", '{"a": "x", "b": 3}\n', "p.jsonl, line 1, column 'b': a text is needed, not 3"),
        ("p.jsonl", "\n" * 2 + '{"a": "x"}\n', "p.jsonl, line 3: no column 'b'"),
        ("p.txt", "a,b\n", "its name must end in .csv, .tsv, .jsonl"),
        ("p.csv", "a,b\nx,y\n", "no pair is left for the "),
    ],
)
def test_a_fault_names_its_place(tmp_path: Path, name: str, content: str | bytes, message: str) -> None:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(ValueError) as told:
        pairs._pairs(pairs.Params(str(path), TOLD))
    assert message in str(told.value)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "file is None and dataset is None; give one of the two"),
        ({"file": "a.csv", "dataset": "me/mine"}, "give one of the two"),
        ({"file": "a.csv", "columns": ["a", "a"]}, "give two, each with a name of its own"),
        ({"dataset": "me/mine", "columns": ["a", "b"]}, "give the revision"),
    ],
)
def test_parameters_that_name_no_pairs_are_refused(given: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        setting("pairs", given)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no file at"):
        pairs._pairs(pairs.Params(str(tmp_path / "p.csv"), TOLD))
