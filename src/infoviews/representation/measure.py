"""Encode sentences with the study's encoders: how alike are they, what do they hold, how does a task look in a plane?

The one phase after training that loads weights. Encoders are the cells of the main objective and the controls.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import HashingVectorizer

from infoviews.files import write_text
from infoviews.representation.dependence import dependence
from infoviews.representation.encoders import Encoder, encoded, finished, firsts, rounded, two_of_each
from infoviews.representation.maps import maps
from infoviews.representation.retention import retention
from infoviews.representation.similarity import cka
from infoviews.seals import read_whole, seal, write_record

SENTENCES = 2000
"""Sentences on which encoders are compared."""

FEWEST = 200
"""Sentences below which encoders are not compared."""

WIDTH = 32
"""Directions of the words of a sentence that stand for the input."""

TABLES = ("similarity.csv", "quality.csv", "maps.csv")

QUALITIES = ["quality_input_information", "quality_neural_dependency"]
ALIKE = ["first", "second", "first_setting", "second_setting", "cka", "low", "high", "sentences"]


@dataclass(frozen=True)
class Sample:
    """Sentences of the transfer tasks in seeded random order, and what each encoder makes of them.

    They were kept out of the corpus, so no encoder was trained on them.

    Attributes:
        sentences: (n,).
        vectors: encoder → float32 array (n, d); without encoders that have no weights.
    """

    sentences: list[str]
    vectors: dict[str, np.ndarray]


def run(spec: dict[str, Any], data: Path, out: Path) -> None:
    """Write ``similarity.csv``, ``quality.csv`` and ``maps.csv``, which have no rows where something is lacking.

    Args:
        spec: ``main`` (the objective), ``settings``, ``cells``, ``controls``, ``start``, ``tasks`` and ``seed``.
        data: folder of the study.
        out: folder to write to.
    """
    seed, known = int(spec.get("seed", 0)), finished(spec, data)
    chosen = two_of_each(known)
    shown = sample(chosen, data, seed)
    write_text(out / "similarity.csv", as_csv(similarity(shown, chosen)))
    write_text(out / "quality.csv", as_csv(qualities(shown, chosen, seed)))
    write_text(out / "maps.csv", as_csv(maps(known, spec, data, seed)))
    write_record(out / "manifest.json", {"files": seal(out, TABLES)})


def as_csv(table: pd.DataFrame) -> str:
    """Six significant digits."""
    return table.to_csv(index=False, float_format="%.6g", lineterminator="\n")


def sample(chosen: dict[str, Encoder], data: Path, seed: int) -> Sample:
    """Encode sentences of the tasks; ``seed`` is that of their choice."""
    place = data / "tasks" / "sentences.txt"
    if (data / "tasks" / "manifest.json").exists():
        read_whole(data / "tasks" / "manifest.json")
    texts = place.read_text(encoding="utf-8").splitlines() if place.exists() else []
    # Neighbours in the file begin with the same letters: in random order, every stretch is a fair sample.
    rows = np.random.default_rng([seed, 0x636B61]).permutation(len(texts))[:SENTENCES]
    sentences = [texts[row] for row in rows.tolist()]
    found = {e.name: encoded(data, e, sentences) for e in chosen.values()} if len(texts) >= FEWEST else {}
    return Sample(sentences, {name: vectors for name, vectors in found.items() if vectors is not None})


def similarity(shown: Sample, chosen: dict[str, Encoder]) -> pd.DataFrame:
    """Linear CKA between every two encoders, columns ``ALIKE``; empty where fewer than two encoders are there.

    Two seeds of the same views are the most alike that two settings can be expected to be.
    """
    table = pd.DataFrame(cka(shown.vectors) if len(shown.vectors) > 1 else [], columns=[*ALIKE[:2], *ALIKE[4:]])
    for side in ("first", "second"):
        table[f"{side}_setting"] = [chosen[name].setting for name in table[side]]
    return table[ALIKE]


def qualities(shown: Sample, chosen: dict[str, Encoder], seed: int) -> pd.DataFrame:
    """I(input; representation) and neural dependency of one cell of each setting, nats, three significant digits.

    A flagged value, which is no more than a lower limit, is left out.

    Returns:
        Columns ``name`` and ``QUALITIES``.
    """
    names = [encoder.name for encoder in firsts(list(chosen.values())) if encoder.name in shown.vectors]
    inputs, half = input_features(shown.sentences) if names else np.zeros((0, 0)), len(shown.sentences) // 2
    rows = []
    for name in names:
        first, second = ((inputs[part], shown.vectors[name][part]) for part in (slice(half), slice(half, None)))
        found = retention(first, second, name, seed), dependence(first[1], second[1], name, seed)
        rows.append([name, *(math.nan if measure.flag else rounded(measure.estimate) for measure in found)])
    return pd.DataFrame(rows, columns=["name", *QUALITIES])


def input_features(sentences: list[str]) -> np.ndarray:
    """Principal directions of log counts of words in hashed buckets, (n, at most ``WIDTH``): the input as measured."""
    counts = HashingVectorizer(n_features=4096, alternate_sign=False, norm=None).transform(sentences).log1p()
    return TruncatedSVD(min(WIDTH, len(sentences) - 1), random_state=0).fit_transform(counts)
