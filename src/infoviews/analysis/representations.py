"""Encode sentences with the study's encoders: how alike are they, and how does a task look in two dimensions?"""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import HashingVectorizer

from infoviews.analysis.evidence.join import folder_of
from infoviews.analysis.record import AVERAGE
from infoviews.representation.dependence import dependence
from infoviews.representation.retention import retention
from infoviews.representation.similarity import cka, principal_plane

log = logging.getLogger(__name__)

SENTENCES = 2000
"""Sentences on which encoders are compared."""

EXAMPLES = 300
"""Examples of a task in its map."""

FEWEST = 200
"""Sentences below which encoders are not compared."""

WIDTH = 32
"""Directions of the words of a sentence that stand for the input."""

QUALITIES = ["quality_input_information", "quality_neural_dependency"]
COLUMNS = ["first", "second", "first_setting", "second_setting", "cka", "low", "high", "sentences"]


@dataclass(frozen=True)
class Sample:
    """Sentences of the transfer tasks in seeded random order, and what each encoder makes of them.

    They were kept out of the corpus, so no encoder was trained on them.

    Attributes:
        sentences: (n,).
        vectors: encoder → float32 array (n, d).
        settings: encoder → its view setting; a control's own name.
    """

    sentences: list[str]
    vectors: dict[str, np.ndarray]
    settings: dict[str, str]


def sample(results: pd.DataFrame, data: Path, objective: str, seed: int) -> Sample:
    """Encode sentences by the cells of one objective, at most two seeds of each setting, and by the controls.

    Args:
        results: the tidy table of ``collect``.
        data: folder of the study.
        objective: whose cells are compared.
        seed: of the choice of sentences.
    """
    place, chosen = data / "tasks" / "sentences.txt", encoders(results, objective)
    texts = place.read_text(encoding="utf-8").splitlines() if place.exists() else []
    # Neighbours in the file begin with the same letters: in random order, every stretch is a fair sample.
    rows = np.random.default_rng([seed, 0x636B61]).permutation(len(texts))[:SENTENCES]
    sentences = [texts[row] for row in rows.tolist()]
    found = {name: encoded(data, name, sentences) for name in chosen} if len(texts) >= FEWEST else {}
    return Sample(sentences, {name: v for name, v in found.items() if v is not None}, chosen)


def similarity(shown: Sample) -> pd.DataFrame:
    """Linear CKA between every two encoders.

    Two seeds of the same views are the most alike that two settings can be expected to be.

    Returns:
        Columns ``COLUMNS``; empty where fewer than two encoders are there.
    """
    if len(shown.vectors) < 2:
        return pd.DataFrame(columns=COLUMNS)
    table = pd.DataFrame(cka(shown.vectors))
    table["first_setting"] = table["first"].map(shown.settings)
    table["second_setting"] = table["second"].map(shown.settings)
    return table[COLUMNS]


def qualities(shown: Sample, results: pd.DataFrame, seed: int) -> pd.DataFrame:
    """I(input; representation) and neural dependency of one cell of each setting, nats, three significant digits.

    A flagged value, which is no more than a lower limit, is left out.

    Returns:
        Indexed by encoder, columns ``quality_input_information`` and ``quality_neural_dependency``.
    """
    cells = set(results.loc[results["kind"] == "cell", "name"])
    firsts = {setting: name for name, setting in reversed(shown.settings.items()) if name in cells}
    names = [name for name in firsts.values() if name in shown.vectors]
    if not names:
        return pd.DataFrame(columns=QUALITIES)
    inputs, half = input_features(shown.sentences), len(shown.sentences) // 2
    rows = {}
    for name in names:
        first, second = ((inputs[part], shown.vectors[name][part]) for part in (slice(half), slice(half, None)))
        found = retention(first, second, name, seed), dependence(first[1], second[1], name, seed)
        rows[name] = [math.nan if measure.flag else float(f"{measure.estimate:.3g}") for measure in found]
    return pd.DataFrame.from_dict(rows, orient="index", columns=QUALITIES)


def input_features(sentences: list[str]) -> np.ndarray:
    """Principal directions of log counts of words in hashed buckets, (n, at most ``WIDTH``): the input as measured."""
    counts = HashingVectorizer(n_features=4096, alternate_sign=False, norm=None).transform(sentences).log1p()
    return TruncatedSVD(min(WIDTH, len(sentences) - 1), random_state=0).fit_transform(counts)


def encoders(results: pd.DataFrame, objective: str) -> dict[str, str]:
    """Finished encoders to compare: name → its setting (a control's own name); at most two seeds of each setting."""
    done = results[(results["task"] == AVERAGE) & (results["status"] == "finished")]
    cells = done[(done["kind"] == "cell") & (done["objective"] == objective)].sort_values("seed")
    cells = cells.groupby("setting", sort=False).head(2)
    controls = done[done["kind"] == "control"]
    return dict(zip(cells["name"], cells["setting"], strict=True)) | {str(n): str(n) for n in controls["name"]}


def encoded(data: Path, name: str, sentences: list[str]) -> np.ndarray | None:
    """Embeddings (n, d) by a cell or control of the study; nothing where its weights are not there or not finite."""
    from infoviews.encoders.checkpoint import load

    folder = folder_of(data, name)
    if not (folder / "modules.json").is_file():
        log.warning("no weights of %s: it is left out of the comparison of encoders", name)
        return None
    vectors = load(folder).encode(sentences)
    return vectors if np.isfinite(vectors).all() else None


def maps(results: pd.DataFrame, points: pd.DataFrame, spec: dict[str, Any], data: Path, seed: int) -> pd.DataFrame:
    """Principal plane of one task's examples for three cells (least, best and most information) and one control.

    The task is the one of single texts that view settings change most.

    Args:
        points: rows of ``settings`` of the main objective, control settings left out, all tasks.

    Returns:
        Columns ``task``, ``encoder``, ``setting``, ``what``, ``label``, ``x``, ``y``, ``share`` (of variance shown);
        three significant digits. Empty where something is lacking.
    """
    task = changed_most(points, data)
    shown = cells_to_show(results, points, spec) if task else []
    if task is None or not shown:
        return pd.DataFrame()
    texts, labels = examples(data, task, seed)
    frames = []
    for name, setting, what in shown:
        vectors = encoded(data, name, texts)
        if vectors is None or vectors.shape[1] < 2:
            continue
        plane, shares = principal_plane(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12))
        frame = pd.DataFrame({"label": labels, "x": plane[:, 0], "y": plane[:, 1]})
        frames.append(frame.assign(task=task, encoder=name, setting=setting, what=what, share=float(shares.sum())))
    table = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()
    return table.apply(lambda c: c.map(lambda v: float(f"{v:.3g}")) if c.name in ("x", "y", "share") else c)


def changed_most(points: pd.DataFrame, data: Path) -> str | None:
    """The classification task of single texts with the widest range of transfer over settings."""
    from infoviews.transfer.fetch import get_task

    if not (data / "tasks" / "manifest.json").exists():
        return None
    known = points[(points["task"] != AVERAGE) & points["transfer"].notna()]
    spans = known.groupby("task")["transfer"].agg(lambda v: v.max() - v.min()).sort_values(ascending=False)
    return next((str(n) for n in spans.index if get_task(str(n)).classes and not get_task(str(n)).pair), None)


def cells_to_show(results: pd.DataFrame, points: pd.DataFrame, spec: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(encoder, setting, why it is shown): the settings of least, best and most information, then the start."""
    known = points[(points["task"] == AVERAGE)].dropna(subset=["transfer", "information"])
    known = known.sort_values(["information", "setting"])
    if len(known) < 3:
        return []
    best = known.sort_values(["transfer", "setting"]).iloc[-1]
    picked: dict[str, list[str]] = {}
    ends = ((known.iloc[0], "least information"), (best, "best transfer"), (known.iloc[-1], "most information"))
    for row, what in ends:
        picked.setdefault(row["setting"], []).append(what)
    done = results[(results["task"] == AVERAGE) & (results["status"] == "finished")]
    cells = done[(done["kind"] == "cell") & (done["objective"] == known["objective"].iloc[0])].sort_values("seed")
    first = cells.drop_duplicates("setting").set_index("setting")["name"]
    shown = [(str(first[s]), str(s), " and ".join(w)) for s, w in picked.items() if s in first]
    start = [n for n in done.loc[done["kind"] == "control", "name"] if n == spec.get("start")]
    return shown + [(str(name), str(name), "before contrastive training") for name in start]


def examples(data: Path, task: str, seed: int) -> tuple[list[str], list[str]]:
    """At most ``EXAMPLES`` texts of a task's test part with the names of their classes."""
    from infoviews.transfer.fetch import get_task, read_task

    parts = read_task(data / "tasks", task)
    split = parts.get("test") or parts.get("all") or next(iter(parts.values()))
    rows = np.sort(np.random.default_rng([seed, 2]).permutation(len(split.labels))[:EXAMPLES])
    names = get_task(task).classes
    return [split.texts[0][row] for row in rows.tolist()], [names[int(split.labels[row])] for row in rows.tolist()]
