from __future__ import annotations

import gzip
import hashlib
import http.client

import pytest

from infoviews.sources import VARIABLE, SourceError, SourceFile, fetch, held, mirror_from_environment

CONTENT = b"one\ntwo\nthree"
DIGEST = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def mirror(tmp_path):
    folder = tmp_path / "mirror"
    (folder / "a").mkdir(parents=True)
    (folder / "a" / "file.txt").write_bytes(CONTENT)
    return folder


def test_fetch_copies_and_held_does_not(tmp_path, mirror):
    source = SourceFile("a/file.txt", DIGEST, rows=3)
    assert fetch(source, tmp_path / "out" / "file.txt", mirror).read_bytes() == CONTENT
    assert held(source, mirror) == mirror / "a" / "file.txt"


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (SourceFile("a/file.txt", "0" * 64), f"expected sha256 {'0' * 64}, found {DIGEST}; the file is not used"),
        (SourceFile("a/file.txt", DIGEST, rows=4), "expected 4 rows, found 3; the file is not used"),
    ],
)
def test_a_wrong_file_is_not_used(tmp_path, mirror, wrong, message):
    for get in (lambda: fetch(wrong, tmp_path / "out" / "file.txt", mirror), lambda: held(wrong, mirror)):
        with pytest.raises(SourceError, match=message) as caught:
            get()
        assert "file.txt" in str(caught.value)
    assert list((tmp_path / "out").iterdir()) == []


def test_a_wrong_file_does_not_replace_a_right_one(tmp_path, mirror):
    target = tmp_path / "file.txt"
    target.write_text("before")
    with pytest.raises(SourceError):
        fetch(SourceFile("a/file.txt", "0" * 64), target, mirror)
    assert target.read_text() == "before"


def test_rows_of_packed_files_are_those_of_the_text(tmp_path):
    packed = gzip.compress(b"row\n" * 7, mtime=0)
    (tmp_path / "x.gz").write_bytes(packed)
    source = SourceFile("x.gz", hashlib.sha256(packed).hexdigest(), rows=7)
    assert held(source, tmp_path).name == "x.gz"
    (tmp_path / "x.gz").write_bytes(packed[:-6])
    cut = SourceFile("x.gz", hashlib.sha256(packed[:-6]).hexdigest(), rows=7)
    with pytest.raises(SourceError, match="not a whole gzip file"):
        held(cut, tmp_path)


@pytest.mark.parametrize("mirror_given", [True, False])
def test_one_message_names_both_places_and_the_variable(tmp_path, mirror, mirror_given):
    source = SourceFile("b/lacking.txt", DIGEST, url="http://localhost:9/lacking.txt")
    with pytest.raises(SourceError) as caught:
        fetch(source, tmp_path / "out" / "lacking.txt", mirror if mirror_given else None)
    message = str(caught.value)
    place = str(mirror / "b" / "lacking.txt") if mirror_given else f"{VARIABLE} is not set"
    assert place in message and source.url in message and f"Set {VARIABLE}" in message and "\n" not in message
    assert list((tmp_path / "out").iterdir()) == []


def test_a_file_with_no_public_address_says_so(tmp_path):
    with pytest.raises(SourceError, match=rf"{VARIABLE} is not set.*no public address.*Set {VARIABLE}"):
        held(SourceFile("b/lacking.txt", DIGEST), None)


def test_public_address_serves_where_the_mirror_lacks_the_file(tmp_path, mirror):
    source = SourceFile("b/file.txt", DIGEST, url=(mirror / "a" / "file.txt").as_uri(), rows=3)
    assert fetch(source, tmp_path / "file.txt", mirror).read_bytes() == CONTENT


def test_a_connection_that_breaks_is_a_clear_error(tmp_path, monkeypatch):
    def broken(*_, **__):
        raise http.client.IncompleteRead(b"half")

    monkeypatch.setattr("urllib.request.urlopen", broken)
    with pytest.raises(SourceError, match="lacking.txt could not be found"):
        fetch(SourceFile("lacking.txt", DIGEST, url="http://localhost/x"), tmp_path / "x", None)
    assert list(tmp_path.iterdir()) == []


def test_the_variable_names_the_mirror(monkeypatch, tmp_path):
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    assert mirror_from_environment() == tmp_path
    monkeypatch.setenv(VARIABLE, "")
    assert mirror_from_environment() is None
