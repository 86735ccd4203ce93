"""How many pairs a second each view family draws on one core, and what a longer corpus costs in memory.

Run: ``python benchmarks/views.py [family ...]``. The corpus is random: 200,000 sentences of 20 tokens in 5,000
documents; families that need raw files or models are left out.
"""

from __future__ import annotations

import sys
import tempfile
import time
import tracemalloc
from pathlib import Path

import numpy as np
from transformers import BertTokenizerFast

from infoviews import registry
from infoviews.contracts import Corpus
from infoviews.corpus.store import Tokenised, open_corpus, write_corpus
from infoviews.views.drawing import build

FAMILIES = ("dropout", "random", "spans", "crop", "delete", "mask", "shuffle", "ngram", "neighbours")
SENTENCES, TOKENS, PER_DOCUMENT = 200_000, 20, 40


def corpus(folder: Path) -> Corpus:
    """A random corpus on disk; one piece in five continues a word."""
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    pieces = [f"{'##' if number % 5 == 0 else ''}w{number}" for number in range(8000)]
    vocabulary = {piece: number for number, piece in enumerate([*special, *pieces])}
    ids = np.random.default_rng(0).integers(len(special), len(vocabulary), size=(SENTENCES, TOKENS))
    documents = (
        Tokenised(str(n), "random", "", "train", ids[n * PER_DOCUMENT : (n + 1) * PER_DOCUMENT].tolist())
        for n in range(SENTENCES // PER_DOCUMENT)
    )
    write_corpus(folder, documents, BertTokenizerFast(vocab=vocabulary))
    return open_corpus(folder)


def measure(drawn_from: Corpus, family: str, count: int) -> tuple[float, float]:
    """Pairs per processor second, and peak MiB held while they go by."""
    module = registry.get("views", family)
    value = module.SWEEP[len(module.SWEEP) // 2] if module.SWEEP else None
    chosen = build.setting(family, {} if value is None else {module.DIAL: value})
    build.draw_split(drawn_from, chosen, 0, 100)  # tokenizer and tables are loaded once
    start = time.process_time()
    drawn = sum(len(part.pairs.anchors) for part in build.draw_chunks(drawn_from, chosen, 0, count))
    seconds = time.process_time() - start
    tracemalloc.start()
    for _ in build.draw_chunks(drawn_from, chosen, 0, count):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return drawn / seconds, peak / 2**20


def main() -> None:
    """Print one line per family."""
    with tempfile.TemporaryDirectory() as folder:
        drawn_from = corpus(Path(folder) / "corpus")
        print(f"{'family':12} {'pairs/s':>10} {'ratio to dropout':>17} {'MiB for 50k':>12} {'for 150k':>9}")
        rates: dict[str, float] = {}
        for family in sys.argv[1:] or FAMILIES:
            rates[family], small = measure(drawn_from, family, 50_000)
            large = measure(drawn_from, family, 150_000)[1]
            ratio = rates[family] / rates.get("dropout", rates[family])
            print(f"{family:12} {rates[family]:10,.0f} {ratio:17.2f} {small:12.1f} {large:9.1f}")


if __name__ == "__main__":
    main()
