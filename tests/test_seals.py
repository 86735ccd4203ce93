"""Files and records that were changed are noticed, by name, whatever the change."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infoviews import seals
from infoviews.seals import DamagedResult, check, faults, identity, read_record, seal, write_record


@pytest.fixture
def result(tmp_path: Path) -> Path:
    folder = tmp_path / "data/small/views/half"
    (folder / "inner").mkdir(parents=True)
    (folder / "ids.npy").write_bytes(b"some token ids")
    (folder / "inner/weights.bin").write_bytes(b"weights")
    (folder / "facts.json").write_text("{}")
    return folder


def change(path: Path, content: bytes) -> None:
    """Another content at the same time of change."""
    before = path.stat()
    path.write_bytes(content)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_a_seal_is_size_and_sha256_of_every_file_but_records_hidden_files_and_states(result):
    (result / "state").mkdir()
    (result / "state/state-1.safetensors").touch()
    (result / ".ids.npy.17.part").touch()
    assert seal(result) == {
        "ids.npy": {"bytes": 14, "sha256": hashlib.sha256(b"some token ids").hexdigest()},
        "inner/weights.bin": {"bytes": 7, "sha256": hashlib.sha256(b"weights").hexdigest()},
    }
    assert list(seal(result, ["ids.npy"])) == ["ids.npy"]


def test_whole_files_pass_and_later_ones_are_no_business_of_the_seal(result):
    sealed = seal(result)
    (result / "new.txt").touch()
    check(result, sealed)


@pytest.mark.parametrize(
    "content", [b"some token idz", b"some", b"", None], ids=["flip", "truncate", "empty", "remove"]
)
def test_a_damaged_file_is_named_with_what_was_expected_and_found_and_what_to_do(result, content):
    sealed = seal(result)
    seals._seen.clear()
    if content is None:
        (result / "ids.npy").unlink()
    else:
        change(result / "ids.npy", content)
    with pytest.raises(DamagedResult) as caught:
        check(result, sealed)
    message = str(caught.value)
    assert message.startswith(f"{result / 'ids.npy'}: ") and "\n" not in message
    assert ("expected sha256" in message) == (content == b"some token idz")
    assert message.endswith(f"rm -r {result} && snakemake --cores all --use-conda --config study=small")
    assert len(list(faults(result, sealed))) == 1


def test_a_file_is_hashed_once_a_process_and_again_when_it_changed(result, monkeypatch):
    sealed, hashed = seal(result), []
    seals._seen.clear()
    monkeypatch.setattr(
        seals, "sha256", lambda path: hashed.append(path.name) or hashlib.sha256(path.read_bytes()).hexdigest()
    )
    check(result, sealed)
    check(result, sealed)
    assert sorted(hashed) == ["ids.npy", "weights.bin"]
    (result / "ids.npy").write_bytes(b"some token idz")
    with pytest.raises(DamagedResult):
        check(result, sealed)


def test_trust_skips_the_check_and_says_so(result, monkeypatch, caplog):
    sealed = seal(result)
    (result / "ids.npy").unlink()
    monkeypatch.setenv(seals.TRUST, "1")
    monkeypatch.setattr(seals, "_told", False)
    check(result, sealed)
    check(result, sealed)
    assert caplog.text.count("INFOVIEWS_TRUST=1") == 1


def test_identity_is_that_of_contents_and_names(result):
    first = identity(seal(result))
    (result / "ids.npy").touch()
    assert identity(seal(result)) == first
    (result / "ids.npy").rename(result / "anchors.npy")
    assert identity(seal(result)) != first


def test_a_record_comes_back_as_it_was_and_its_bytes_depend_on_its_content_alone(tmp_path):
    record = {"score": 83.25, "files": {"ids.npy": {"bytes": 3, "sha256": "1" * 64}}, "none": None, "word": "é"}
    write_record(tmp_path / "a.json", record)
    write_record(tmp_path / "b.json", dict(reversed(record.items())))
    assert read_record(tmp_path / "a.json") == record
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    assert json.loads((tmp_path / "a.json").read_text())["score"] == 83.25


@given(at=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_no_bit_of_a_record_changes_unnoticed(tmp_path_factory, at, bit):
    path = tmp_path_factory.getbasetemp() / "record.json"
    write_record(path, {"tasks": {"MR": {"test": 1e-05, "n": 100}}, "words": ["a", "b"], "reason": ""})
    content = bytearray(path.read_bytes())
    content[at % len(content)] ^= 1 << bit
    path.write_bytes(content)
    with pytest.raises(DamagedResult, match=r"record\.json: "):
        read_record(path)


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"score": 1', b"\xff\xfe", None])
def test_what_is_no_record_is_refused_by_name(tmp_path, content):
    path = tmp_path / "run.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DamagedResult, match=r"run\.json: (missing|expected)"):
        read_record(path)


@pytest.mark.parametrize(
    ("path", "folder"),
    [
        ("data/quick/corpus/tokenizer/tokenizer.json", "data/quick/corpus"),
        ("data/quick/transfer/random.json", "data/quick/transfer/random.json"),
        ("/data/data/quick/base/mlm/1_Pooling/config.json", "/data/data/quick/base/mlm"),
    ],
)
def test_the_remedy_removes_the_whole_result_and_no_other(path, folder):
    assert f"rm -r {folder} && " in seals.remedy(Path(path)) and "study=quick" in seals.remedy(Path(path))


def test_files_that_belong_to_no_study_come_from_elsewhere():
    assert "snakemake" not in seals.remedy(Path("downloads/encoder/model.safetensors"))
