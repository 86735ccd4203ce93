"""Prose of eight kinds in gzip shards of JSON lines, as the mirror keeps it (MANIFEST.tsv there says where from)."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from infoviews.corpus.documents import Document
from infoviews.registry import nearest
from infoviews.sources import SourceError, SourceFile, held

LICENCE = (
    "Wikipedia CC BY-SA; Wikinews CC BY 2.5; novels in the public domain; GUM differs by genre; Reuters-21578, Brown "
    "and BBC News for research only; IMDb reviews and ABC state none"
)
CITATION = (
    "Wikipedia and Wikinews contributors; Maas et al., ACL 2011 (IMDb train); 100 English Novels; "
    "Lewis 1997 (Reuters); Francis & Kučera 1964, ABC 2006 (NLTK); Greene & Cunningham, ICML 2006 (BBC); "
    "Zeldes, LRE 2017 (GUM)"
)


def _shard(path: str, sha256: str, rows: int) -> SourceFile:
    return SourceFile(f"corpus/{path}.jsonl.gz", sha256, rows=rows)


SHARDS = {
    "wikipedia": (
        _shard("wikipedia/shard-00", "8c9232d3fb87a91bd467d063a955c83a60c2257ffa38ff538b28cf013847196e", 7335),
        _shard("wikipedia/shard-01", "f821330dcfecadaeac1cf63e71bf645c97c2f30053148ea89ac0f63465d35a11", 425),
    ),
    "wikinews": (
        _shard("wikinews/shard-00", "2af6142e692de790fce8f8fc4d0ed19bdcf29f7ab1d84f47a206b67d2d99a466", 19261),
    ),
    "imdb": (_shard("imdb/shard-00", "130ef46aa57adb1c500a5522b846be55a3e9e656366b2d5e921deda5637f08fb", 24785),),
    "english_novels": (
        _shard("english_novels/shard-00", "daeacd61e5cada04c67f669c4def9e4f381b1dac88beba61efdb746e0e17f2fc", 2547),
    ),
    "reuters21578": (
        _shard("reuters21578/shard-00", "bfb4ac0c12e97b4a5fd1fd92bf8a9ce6e0a33921ddc38eb68b22b841f26e3534", 14082),
    ),
    "nltk_prose": (
        _shard("nltk_prose/shard-00", "07765f17594e5f1ff93e0f1462b107b7ad025155d718f8705ceed3d3819758a7", 3821),
    ),
    "bbc_news": (
        _shard("bbc_news/shard-00", "dac1a32cdedbc344e034387b7d527a375b1ab52c0e62adf92b1bf6ad9b31b66a", 2074),
    ),
    "gum": (_shard("gum/shard-00", "c22821afd59258dd1a40f48018a8014ef218668af7e61eb0cdec082799b77abe", 252),),
}


@dataclass(frozen=True)
class Params:
    """Which corpora to read.

    Attributes:
        corpora: names, read in this order.
    """

    corpora: tuple[str, ...] | list[str] = tuple(SHARDS)

    def __post_init__(self) -> None:
        for name in self.corpora:
            if name not in SHARDS:
                raise ValueError(
                    f"jsonl: no corpus named {name!r}{nearest(name, list(SHARDS))}; known: {', '.join(SHARDS)}"
                )


def documents(params: Params, mirror: Path | None) -> Iterator[Document]:
    """All shards are checked before the first document comes, so that a wrong one stops the run at its start."""
    paths = [held(shard, mirror) for name in params.corpora for shard in SHARDS[name]]
    for path in paths:
        yield from read(path)


def read(path: Path) -> Iterator[Document]:
    """Documents of one shard: a JSON object a line with ``id``, ``source``, ``text`` and perhaps ``title``."""
    with gzip.open(path, "rt", encoding="utf-8", errors="replace", newline="\n") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                row = json.loads(line)
                document = Document(row["id"], row["source"], row.get("title", ""), row["text"])
            except (ValueError, KeyError, TypeError) as error:
                raise SourceError(f"{path}, line {number}: not a document ({type(error).__name__}: {error})") from error
            yield document
