from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from transformers import AutoTokenizer

from infoviews.__main__ import main
from infoviews.contracts import SPLITS
from infoviews.corpus.build import build
from infoviews.corpus.store import open_corpus
from infoviews.seals import read_whole, seal, write_record

EVALUATION = "a gorgeous , witty , seductive movie that knows how to make its audience laugh"


def _prose(rng: np.random.Generator, sentences: int) -> str:
    words = [f"{a}{b}" for a in ("ka", "lo", "mi", "tu", "re", "so") for b in ("ban", "dor", "fel", "gim", "hut")]
    return " ".join(" ".join(rng.choice(words, 9)).capitalize() + "." for _ in range(sentences))


@pytest.fixture(scope="module")
def texts() -> list[str]:
    rng = np.random.default_rng(0)
    return [_prose(rng, 6) + "\n" + _prose(rng, 5) for _ in range(60)]


def _folder(path: Path, texts: list[str]) -> Path:
    path.mkdir()
    for i, text in enumerate(texts):
        (path / f"{i:03}.txt").write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def _spec(folder: Path, **changed) -> dict:
    shares = {"split": {"critic": 0.2, "heldout": 0.2}}
    return {"corpus": {"source": {"text": {"path": str(folder)}}, "vocabulary": 400} | shares | changed, "seed": 3}


def _bytes(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_counts_of_a_text_whose_counts_are_known(tmp_path, texts):
    boilerplate = "All rights in this text are reserved by whoever wrote it down first."
    fresh = [_prose(np.random.default_rng(i), 6) for i in range(1, 6)]
    planted = [
        texts[0],  # 60: exact duplicate
        texts[1].replace(".", " .").upper() + "\n" + boilerplate,  # 61: near duplicate
        "Too short.",  # 62
        fresh[0] + f"\nHe called it {EVALUATION.replace(' ,', ',')}, no less.",  # 63: overlap
        fresh[1] + "\nbad \ufffd byte\n== Heading ==\n2001",  # 64: three paragraphs left out
        fresh[2] + "\n" + boilerplate,  # 65: first time
        fresh[3] + "\n" + boilerplate,  # 66: duplicate paragraph
        fresh[4] + f" {boilerplate} Yes, sir.\nYes, sir.",  # 67: duplicate sentence; short ones may recur
    ]
    tasks = tmp_path / "tasks"
    tasks.mkdir()
    (tasks / "sentences.txt").write_text(EVALUATION + "\nshort one\n", encoding="utf-8")
    write_record(tasks / "manifest.json", {"tasks": {}, "files": seal(tasks)})
    folder = _folder(tmp_path / "text", texts + planted)
    statistics = build(_spec(folder), tmp_path / "corpus", tasks)
    assert statistics["evaluation sentences compared"] == 1
    total = statistics["total"]
    assert total["documents"] == {"read": 68, "kept": 65, "exact duplicate": 1, "near duplicate": 1, "too short": 1}
    assert total["paragraphs"] == {
        "kept": 60 * 2 + 5 + 1 + 1,
        "evaluation overlap": 1,
        "undecodable": 1,
        "markup": 1,
        "no letters": 1,
        "duplicate": 1,
    }
    assert total["sentences"]["duplicate"] == 1
    assert total["words"]["read"] == sum(len(text.split()) for text in texts + planted)


def test_the_embedded_text_gives_the_documents_it_holds(tmp_path):
    """Facts of gensim's files: lee_background.cor holds seven texts twice; a few articles are lists only."""
    statistics = build({"corpus": {"vocabulary": 1000}, "seed": 0}, tmp_path / "corpus")
    lee, wikipedia = (statistics["sources"][name] for name in ("lee", "wikipedia"))
    assert lee["documents"] == {"read": 350, "kept": 342, "exact duplicate": 7, "near duplicate": 1, "too short": 0}
    assert wikipedia["documents"]["read"] == 112 and wikipedia["documents"]["kept"] >= 100
    total = statistics["total"]
    assert total["words"]["kept"] > 0.95 * total["words"]["read"] > 450_000
    assert total["tokens"]["unknown"] < 0.001 * total["tokens"]["kept"]
    assert 15 < total["words"]["kept"] / total["sentences"]["kept"] < 30


def test_the_folder_is_a_corpus_that_agrees_with_its_statistics(tmp_path, texts):
    statistics = build(_spec(_folder(tmp_path / "text", texts)), tmp_path / "corpus")
    record = read_whole(tmp_path / "corpus/statistics.json")
    assert {key: value for key, value in record.items() if key != "files"} == statistics
    corpus = open_corpus(tmp_path / "corpus")
    table = pd.read_parquet(tmp_path / "corpus" / "documents.parquet")
    assert list(table.columns) == ["id", "source", "title"] and len(table) == len(corpus.split) == 60
    for index, name in enumerate(SPLITS):
        documents = np.flatnonzero(corpus.split == index)
        sentences = np.concatenate([np.arange(*corpus.documents[d : d + 2]) for d in documents])
        counted = {unit: numbers["kept"] for unit, numbers in statistics["splits"][name].items()}
        tokens = int(corpus.sentences.lengths[sentences].sum())
        assert counted["documents"] == len(documents) and counted["sentences"] == len(sentences)
        assert counted["tokens"] == tokens
    tokenizer = AutoTokenizer.from_pretrained(tmp_path / "corpus" / "tokenizer")
    assert len(tokenizer) == statistics["vocabulary"] <= 400
    read = " ".join(tokenizer.decode(ids) for ids in corpus.sentences)
    original = " ".join((tmp_path / "text" / name).read_text() for name in table["id"]).lower()
    assert "".join(read.split()) == "".join(original.split())


def test_number_of_processes_changes_no_byte(tmp_path, texts):
    folder = _folder(tmp_path / "text", texts * 3)
    for processes in (1, 2):
        build(_spec(folder), tmp_path / f"corpus-{processes}", processes=processes)
    assert _bytes(tmp_path / "corpus-1") == _bytes(tmp_path / "corpus-2")


def test_more_documents_move_none_between_splits(tmp_path, texts):
    for name, given in (("few", texts[:30]), ("many", texts[::-1])):
        build(_spec(_folder(tmp_path / f"text-{name}", given)), tmp_path / name)
    split = {}
    for name in ("few", "many"):
        corpus, ids = open_corpus(tmp_path / name), pd.read_parquet(tmp_path / name / "documents.parquet")["id"]
        split[name] = {(tmp_path / f"text-{name}" / i).read_text(): s for i, s in zip(ids, corpus.split, strict=True)}
    assert split["few"].items() <= split["many"].items()


def test_a_sentence_of_ten_thousand_words_is_cut_and_counted(tmp_path, texts):
    endless = " ".join(["kaban"] * 10_000)
    total = build(_spec(_folder(tmp_path / "text", [*texts, endless])), tmp_path / "corpus")["total"]
    corpus = open_corpus(tmp_path / "corpus")
    assert total["sentences"]["cut"] == 1 and corpus.sentences.lengths.max() == 256
    last = corpus.sentences.ids[corpus.sentences.offsets[corpus.documents[-2]] :]
    assert len(last) >= 10_000 and total["documents"]["kept"] == 61


def test_latin_1_text_is_counted_not_garbled(tmp_path, texts):
    latin = (texts[0][::-1] + "\nUn caf\xe9 noir, s'il vous pla\xeet.").encode("latin-1")
    total = build(_spec(_folder(tmp_path / "text", [*texts, latin])), tmp_path / "corpus")["total"]
    assert total["paragraphs"]["undecodable"] == 1 and total["documents"]["kept"] == 61


def test_formulaic_text_passes_when_duplicates_are_kept(tmp_path):
    lines = "\n".join(["the red ball is left of the blue cube"] * 4)
    spec = _spec(_folder(tmp_path / "text", [f"{lines}\nnumber {i}" for i in range(40)]), splitter="lines")
    spec["corpus"] |= {"near_duplicates": None, "exact_duplicates": None, "minimum_words": 1}
    total = build(spec, tmp_path / "corpus")["total"]
    assert total["documents"]["kept"] == 40 and total["sentences"]["kept"] == 200


def test_another_models_tokenizer(tmp_path, texts):
    folder = _folder(tmp_path / "text", texts)
    build(_spec(folder), tmp_path / "first")
    build(_spec(folder, tokenizer=str(tmp_path / "first" / "tokenizer")), tmp_path / "second")
    first, second = (_bytes(tmp_path / name) for name in ("first", "second"))
    assert first["tokens.npy"] == second["tokens.npy"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([], "no file at"),
        (["Too short."], "no document is left.*1 read.*1 documents too short"),
        (["== A ==\n1999\n\ufffd"], "1 paragraphs markup, 1 paragraphs no letters, 1 paragraphs undecodable"),
    ],
)
def test_an_empty_corpus_is_an_error_with_its_reasons(tmp_path, given, message):
    with pytest.raises((ValueError, RuntimeError), match=message):
        build(_spec(_folder(tmp_path / "text", given)), tmp_path / "corpus")
    assert not (tmp_path / "corpus").exists() and not list(tmp_path.glob(".corpus*"))


def test_an_empty_split_is_an_error(tmp_path, texts):
    with pytest.raises(ValueError, match="no document is left for the split 'critic'"):
        build(_spec(_folder(tmp_path / "text", texts[:8]), split={"critic": 0.001}), tmp_path / "corpus")


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"vocabulry": 9}, "unknown parameter 'vocabulry', did you mean 'vocabulary'"),
        ({"source": {"jsnl": {}}}, "no corpus.sources module named 'jsnl', did you mean 'jsonl'"),
        ({"source": {"text": {"pth": "x"}}}, "unknown parameter 'pth', did you mean 'path'"),
        ({"split": {"critic": 0.6, "heldout": 0.4}}, "sum below 1"),
        ({"split": {"test": 0.1}}, "critic and heldout only"),
        ({"near_duplicates": 1.5}, "near_duplicates is 1.5; allowed"),
        ({"splitter": "pysbd"}, "splitter is 'pysbd'; allowed: nupunkt or lines"),
    ],
)
def test_a_wrong_spec_names_the_key_and_what_is_allowed(tmp_path, changed, message):
    with pytest.raises((KeyError, ValueError), match=message):
        build({"corpus": changed, "seed": 0}, tmp_path / "corpus")


def test_a_spec_without_its_keys_is_named(tmp_path):
    with pytest.raises(ValueError, match="the spec lacks corpus and seed; it has vocabulary"):
        build({"vocabulary": 8000}, tmp_path / "corpus")


def _arguments(tmp_path: Path, spec: dict, out: Path) -> list[str]:
    (tmp_path / "spec.json").write_text(json.dumps(spec))
    return ["infoviews", "corpus", "--spec", str(tmp_path / "spec.json"), "--out", str(out), "--processes", "1"]


def test_a_full_disk_is_one_line_and_leaves_the_corpus_as_it_was(tmp_path, texts):
    """A limit on the size of files stands in for the disk: the system refuses the write in the same way."""
    folder, out = _folder(tmp_path / "text", texts), tmp_path / "corpus"
    build(_spec(folder), out)
    before = _bytes(out)
    limited = subprocess.run(
        [sys.executable, "-m", *_arguments(tmp_path, _spec(folder), out)],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192)),
        capture_output=True,
        text=True,
    )
    assert limited.returncode == 1 and limited.stderr.splitlines()[-1].startswith(f"error: no room to write {out}")
    assert "Traceback" not in limited.stderr
    assert _bytes(out) == before and not list(tmp_path.glob(".corpus*"))


def _refused(monkeypatch, tmp_path: Path, spec: dict, out: Path) -> str:
    """The message with which the command line ends."""
    monkeypatch.setattr(sys, "argv", _arguments(tmp_path, spec, out))
    with pytest.raises(SystemExit) as caught:
        main()
    return str(caught.value.code)


def test_a_place_that_cannot_be_written_is_one_line(monkeypatch, tmp_path, texts):
    (tmp_path / "file").write_text("in the way")
    found = _refused(monkeypatch, tmp_path, _spec(_folder(tmp_path / "text", texts)), tmp_path / "file" / "corpus")
    assert found == f"error: cannot write to {tmp_path}/file: Not a directory; choose another folder"


def test_a_missing_mirror_is_one_line_naming_both_places(monkeypatch, tmp_path):
    monkeypatch.delenv("INFOVIEWS_MIRROR", raising=False)
    spec = {"corpus": {"source": {"jsonl": {"corpora": ["gum"]}}}, "seed": 0}
    found = _refused(monkeypatch, tmp_path, spec, tmp_path / "corpus")
    assert "INFOVIEWS_MIRROR is not set" in found and "no public address" in found and "\n" not in found
    assert [path.name for path in tmp_path.iterdir()] == ["spec.json"]
