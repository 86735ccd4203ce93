"""A skip-gram average without a study: the control ``skip-gram average`` of ``benchmarks/evaluator.py``.

``python benchmarks/skipgram.py --text SHARD.jsonl.gz --checkpoint FOLDER --out FOLDER`` trains skip-gram vectors on the
first ``--words`` words of the shards, in the word pieces of a checkpoint's tokenizer, and writes a checkpoint that
``python -m infoviews evaluate --checkpoint`` takes. One thread, one seed: the same bytes every time.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

from transformers import AutoTokenizer

from harness import options
from infoviews.bases.skipgram import Params, train_vectors
from infoviews.encoders import static
from infoviews.encoders.embed import tokenize


def paragraphs(shards: list[Path], words: int) -> Iterator[str]:
    """Paragraphs of the shards in order, until so many words have been read."""
    for shard in shards:
        with gzip.open(shard, "rt", encoding="utf-8") as file:
            for line in file:
                for paragraph in json.loads(line)["text"].split("\n"):
                    words -= len(paragraph.split())
                    if words < 0:
                        return
                    yield paragraph


def main() -> None:
    parser = options(__doc__, checkpoint=str, out=Path, words=2_000_000, width=384)
    parser.add_argument("--text", type=Path, nargs="+", required=True)
    given = parser.parse_args()
    tokenizer = AutoTokenizer.from_pretrained(given.checkpoint)
    rows = tokenize(tokenizer, list(paragraphs(given.text, given.words)))
    vectors = train_vectors(rows, len(tokenizer), given.width, Params(epochs=1), seed=0)
    given.out.mkdir(parents=True, exist_ok=True)
    static.save(given.out, static.StaticEncoder(vectors, tokenizer))
    print(f"{len(rows)} paragraphs, {len(rows.ids)} word pieces")


if __name__ == "__main__":
    main()
