"""English resources: part-of-speech tags (HanTa), WordNet (nltk), and operators under which entailment turns round."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from infoviews.sources import VARIABLE, SourceError

NOT_UPWARD = frozenset(
    "not no nobody none nothing nowhere never neither nor without few fewer fewest little less least hardly scarcely "
    "rarely seldom barely every everyone everybody everything each all any anyone anybody anything both if unless "
    "whether only exactly just most many than too until before almost nearly cannot deny denies denied doubt doubts "
    "doubted refuse refuses refused fail fails failed prevent prevents prevented avoid avoids avoided forbid forbids "
    "lack lacks lacked don doesn didn won isn wasn aren weren couldn wouldn shouldn hasn haven hadn ain might could "
    "would may should ?".split()
)
"""A sentence with one of these is left out: parts of it may be places where a wider word is no longer entailed."""


def upward(words: list[str]) -> bool:
    """Whether a sentence holds no word under which monotonicity is turned round or unknown (van Benthem, 1986)."""
    return NOT_UPWARD.isdisjoint(words)


@lru_cache(maxsize=1)
def _tagger() -> Any:
    from HanTa.HanoverTagger import HanoverTagger

    return HanoverTagger("morphmodel_en.pgz")


def tagged(words: list[str]) -> list[tuple[str, str]]:
    """Lemma and tag of every word, in the tags of the British National Corpus (NN1, AJ0, VVD …)."""
    return [(lemma, tag) for _, lemma, tag in _tagger().tag_sent(words)]


@lru_cache(maxsize=2)
def wordnet(mirror: Path | None) -> Any:
    """nltk's reader of WordNet 3.0, from the mirror's ``nltk_data`` or where nltk keeps its data.

    Raises:
        SourceError: neither has it.
    """
    import nltk
    from nltk.corpus import wordnet as reader

    folder = str(mirror / "nltk_data") if mirror is not None else None
    if folder is not None and folder not in nltk.data.path:
        nltk.data.path.insert(0, folder)  # nltk opens no file outside its path
    try:
        reader.ensure_loaded()
    except LookupError as error:
        raise SourceError(
            f"WordNet is needed: put nltk_data/corpora/wordnet.zip into the folder named by {VARIABLE}, or run "
            f"nltk.download('wordnet') where the network can be reached"
        ) from error
    return reader
