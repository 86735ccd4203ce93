"""Sentence splitting: nupunkt, a Punkt splitter (Kiss & Strunk, Computational Linguistics 2006) with its own model."""

from __future__ import annotations

from collections.abc import Callable

# Why nupunkt: on 134,000 words from all eight corpora of the mirror, one core, and on 170 paragraphs of ten MRPC
# sentences each, whose boundaries are known (precision / recall of boundaries):
#   nupunkt           642,000 words/s  .999 / .984        syntok   125,000 words/s  .989 / .977
#   sentence-splitter 119,000 words/s  .996 / .996        pysbd     25,000 words/s  .960 / .949
#   blingfire       2,195,000 words/s  .990 / .992        sentencex 9.0 M words/s   .962 / .960
# pysbd alone would take 20 minutes of processor time for 31 million words, nupunkt takes under one. blingfire
# and sentence-splitter are no longer kept up, and nupunkt has no dependency and the fewest false boundaries.


def splitter(name: str) -> Callable[[str], list[str]]:
    """The function that parts a paragraph into its sentences; together they hold all of its letters.

    Args:
        name: ``nupunkt``, or ``lines`` where every paragraph already is one sentence.
    """
    if name == "lines":
        return lambda paragraph: [paragraph]
    import nupunkt

    tokenizer = nupunkt.load("default")
    return lambda paragraph: [sentence for piece in tokenizer.tokenize(paragraph) if (sentence := piece.strip())]
