"""Real English text that comes with gensim: Wikipedia articles of 2014-17 and news of 2001, no download needed.

Of gensim's test data these files hold readable text with case: two pieces of English Wikipedia dumps (112 articles)
and the Lee corpora (350 news texts). ``head500`` holds the same encyclopaedia articles, but stemmed and without
punctuation; ``pang_lee_polarity`` is part of the MR task, so it must not be trained on.
"""

from __future__ import annotations

import bz2
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from infoviews.corpus.documents import Document
from infoviews.sources import SourceFile, check

LICENCE = "Wikipedia's text CC BY-SA 3.0; the news texts are gensim's test data, for which no licence is stated"
CITATION = (
    "Řehůřek & Sojka, LREC 2010 (gensim); Wikipedia contributors, CC BY-SA 3.0; Lee, Pincombe & Welsh, CogSci 2005"
)

WIKIPEDIA = (
    SourceFile(
        "enwiki-latest-pages-articles1.xml-p000000010p000030302-shortened.bz2",
        "a53f4648dec40467ebdcbc7a1307eddb51fe6e28e9309f6ebde81ba0d04bea2d",
    ),
    SourceFile("enwiki-table-markup.xml.bz2", "81415636d4dc79c99147ee52098d9a1b1d977d5727543a81227d85ce5cca9383"),
)
NEWS = (
    SourceFile("lee_background.cor", "5d78d6dafd953bbf65797bef09a9ffb9ec430583381be705f8fd460000f370fb", rows=300),
    SourceFile("lee.cor", "a878f9a58f6743c32985c56c2f2f75988386216b38a4023a01fd3bcf7884d93e", rows=50),
)

_SENTENCE = re.compile(r"[.!?][\"'”’)]*$")
_FILE = re.compile(r"(?:File|Image|Category):", re.I)
_END = re.compile(
    r"==+\s*(?:See also|References|External links|Notes|Further reading|Bibliography|Sources)\s*==+$", re.I
)


@dataclass(frozen=True)
class Params:
    """Nothing to choose: the text is what it is."""


def documents(params: Params, mirror: Path | None) -> Iterator[Document]:
    """All articles, then all news texts; the mirror is not asked."""
    import gensim

    folder = Path(gensim.__file__).parent / "test" / "test_data"
    for number, source in enumerate(WIKIPEDIA, start=1):
        path = folder / source.path
        check(source, path)
        yield from _articles(path, f"enwiki{number}")
    for source in NEWS:
        path = folder / source.path
        check(source, path)
        lines = path.read_text(encoding="cp1252").splitlines()
        yield from (Document(f"{path.stem}-{i}", "lee", "", line) for i, line in enumerate(lines))


def _articles(path: Path, dump_name: str) -> Iterator[Document]:
    from gensim.corpora.wikicorpus import extract_pages, filter_wiki

    with bz2.open(path) as dump:
        for title, text, page in extract_pages(dump, filter_namespaces=("0",)):
            if not text.lstrip().lower().startswith("#redirect"):
                plain = filter_wiki(text, promote_remaining=True, simplify_links=True)
                yield Document(f"{dump_name}-{page}", "wikipedia", title, _prose(plain))


def _prose(text: str) -> str:
    """Lines that end as a sentence does, up to the notes: cells of tables, captions and lists end otherwise."""
    kept = []
    for line in map(str.strip, text.splitlines()):
        if _END.match(line):
            break
        if _SENTENCE.search(line) and not _FILE.match(line):
            kept.append(line)
    return "\n".join(kept)
