from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pandas as pd
import pytest

from infoviews import registry
from infoviews.corpus.documents import Document
from infoviews.corpus.sources import embedded, hub, jsonl, text
from infoviews.sources import VARIABLE, SourceError

MIRROR = Path(os.environ[VARIABLE]) if os.environ.get(VARIABLE) else None


@pytest.mark.parametrize("name", registry.names("corpus.sources"))
def test_every_source_keeps_the_contract(name):
    module = registry.get("corpus.sources", name)
    assert module.__doc__ and module.CITATION and module.LICENCE and callable(module.documents)
    assert module.Params.__dataclass_params__.frozen


@pytest.fixture(scope="module")
def embedded_documents() -> list[Document]:
    return list(embedded.documents(embedded.Params(), None))


def test_embedded_text_is_what_it_is_said_to_be(embedded_documents):
    """Counted in the files by hand: 107 + 5 articles that are no redirects, 300 + 50 news texts."""
    sources = [document.source for document in embedded_documents]
    assert (sources.count("wikipedia"), sources.count("lee")) == (112, 350)
    assert len({document.id for document in embedded_documents}) == len(embedded_documents)
    assert sum(len(document.text.split()) for document in embedded_documents) == pytest.approx(500_000, rel=0.02)
    by_title = {document.title: document.text for document in embedded_documents}
    assert by_title["Anarchism"].startswith("'''Anarchism''' is a political philosophy that advocates self-governed")
    assert embedded_documents[112].text.startswith("Hundreds of people have been forced to vacate their homes")


def test_embedded_articles_are_prose(embedded_documents):
    text = "\n".join(document.text for document in embedded_documents if document.source == "wikipedia")
    assert not any(mark in text for mark in ("[[", "]]", "{{", "}}", "<ref", "==", "File:"))


def test_embedded_never_yields_evaluation_data(embedded_documents):
    assert not any("pang" in document.id or "__label__" in document.text for document in embedded_documents)


def test_text_folder_in_order_of_names(tmp_path):
    for name, content in [("b.txt", b"Second\r\nfile."), ("a.txt", b"\xef\xbb\xbfFirst."), ("sub/c.txt", b"Caf\xe9.")]:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    (tmp_path / "other.csv").write_text("no")
    found = list(text.documents(text.Params(str(tmp_path)), None))
    assert [(d.id, d.title, d.text) for d in found] == [
        ("a.txt", "a", "First."),
        ("b.txt", "b", "Second\r\nfile."),
        ("sub/c.txt", "c", "Caf\ufffd."),
    ]


def test_text_line_by_line_and_unwrapped(tmp_path):
    path = tmp_path / "x.txt"
    path.write_text("One line\nbroken in two.\n\nNext\nparagraph.\n", encoding="utf-8")
    lines = list(text.documents(text.Params(str(path), document="line"), None))
    assert [d.id for d in lines] == [f"x.txt:{i}" for i in range(1, 6)] and lines[1].text == "broken in two.\n"
    (whole,) = text.documents(text.Params(str(path), wrapped=True), None)
    assert whole.text == "One line broken in two.\nNext paragraph."


def test_text_that_is_not_there(tmp_path):
    for path in (tmp_path, tmp_path / "lacking.txt"):
        with pytest.raises(SourceError, match="give a file or a folder"):
            list(text.documents(text.Params(str(path)), None))
    with pytest.raises(ValueError, match="document is 'page'; allowed: file or line"):
        text.Params("x", document="page")


@pytest.fixture
def parquet(tmp_path):
    folder = tmp_path / "dataset"
    folder.mkdir()
    frame = pd.DataFrame({"body": [f"Text {i}." for i in range(5)], "name": list("abcde"), "n": range(5)})
    frame[:3].to_parquet(folder / "train-0.parquet")
    frame[3:].to_parquet(folder / "train-1.parquet")
    return folder


def test_hub_streams_a_local_folder(parquet):
    found = list(hub.documents(hub.Params(str(parquet), text="body", title="name"), None))
    assert found == [Document(f"train-{i}", "dataset", "abcde"[i], f"Text {i}.") for i in range(5)]
    assert list(hub.documents(hub.Params(str(parquet), text="body", title="name", limit=2), None)) == found[:2]


@pytest.mark.parametrize(("column", "has"), [("text", "body, name"), ("n", "body, name")])
def test_hub_names_the_columns(parquet, column, has):
    with pytest.raises(SourceError, match=f"no text column '{column}'.*has: {has}"):
        list(hub.documents(hub.Params(str(parquet), text=column), None))


def test_hub_takes_an_empty_cell_for_an_empty_text(tmp_path):
    pd.DataFrame({"text": ["One.", None, "Three."]}).to_parquet(tmp_path / "train.parquet")
    assert [d.text for d in hub.documents(hub.Params(str(tmp_path)), None)] == ["One.", "", "Three."]


def test_hub_wants_a_revision():
    with pytest.raises(ValueError, match="give the revision"):
        list(hub.documents(hub.Params("someone/something"), None))


def test_hub_that_cannot_be_read_is_one_line(parquet):
    with pytest.raises(SourceError, match="split valid.*could not be read") as caught:
        list(hub.documents(hub.Params(str(parquet), split="valid"), None))
    assert "\n" not in str(caught.value)


def test_jsonl_without_a_mirror_names_places_and_variable(tmp_path):
    for mirror, place in ((None, f"{VARIABLE} is not set"), (tmp_path, str(tmp_path / "corpus" / "gum"))):
        with pytest.raises(SourceError) as caught:
            list(jsonl.documents(jsonl.Params(["gum"]), mirror))
        message = str(caught.value)
        assert place in message and "no public address" in message and f"Set {VARIABLE}" in message


def test_jsonl_refuses_a_wrong_shard(tmp_path):
    path = tmp_path / "corpus" / "gum" / "shard-00.jsonl.gz"
    path.parent.mkdir(parents=True)
    path.write_bytes(gzip.compress(b"{}\n"))
    with pytest.raises(SourceError, match="expected sha256 c22821af.*found .*the file is not used"):
        list(jsonl.documents(jsonl.Params(["gum"]), tmp_path))


def test_jsonl_reads_documents_and_names_a_bad_line(tmp_path):
    path = tmp_path / "x.jsonl.gz"
    good = {"id": "1", "source": "s", "title": "t", "text": "one\ntwo"}
    rows = [json.dumps(good).encode(), json.dumps({"id": "2", "source": "s", "text": "~"}).encode()]
    path.write_bytes(gzip.compress(b"\n".join([*rows, rows[1].replace(b"~", b"\xe9"), b'{"id": 3}'])))
    documents = jsonl.read(path)
    assert [next(documents) for _ in range(3)] == [
        Document("1", "s", "t", "one\ntwo"),
        Document("2", "s", "", "~"),
        Document("2", "s", "", "\ufffd"),
    ]
    with pytest.raises(SourceError, match="line 4: not a document"):
        next(documents)


def test_jsonl_suggests_the_nearest_corpus():
    with pytest.raises(ValueError, match="no corpus named 'wikipeda', did you mean 'wikipedia'"):
        jsonl.Params(["wikipeda"])


@pytest.mark.mirror
@pytest.mark.skipif(MIRROR is None, reason=f"{VARIABLE} is not set")
def test_the_mirror_holds_what_the_table_says():
    found = list(jsonl.documents(jsonl.Params(["gum", "bbc_news"]), MIRROR))
    assert len(found) == 252 + 2074 and {document.source for document in found} == {"gum", "bbc-news-2004-05"}
    assert sum(shard.rows or 0 for shards in jsonl.SHARDS.values() for shard in shards) == 74_582


@pytest.mark.parametrize("document", ["file", "line"])
def test_a_byte_order_mark_is_no_text_and_utf_16_is_named(tmp_path: Path, document: str) -> None:
    module = registry.get("corpus.sources", "text")
    (tmp_path / "a.txt").write_bytes(b"\xef\xbb\xbfFirst words.\n")
    (found,) = module.documents(module.Params(str(tmp_path), document=document), None)
    assert found.text == "First words.\n"
    (tmp_path / "b.txt").write_bytes("First words.\n".encode("utf-16"))
    with pytest.raises(SourceError, match="b.txt is UTF-16; convert it: iconv -f UTF-16 -t UTF-8"):
        list(module.documents(module.Params(str(tmp_path), document=document), None))
